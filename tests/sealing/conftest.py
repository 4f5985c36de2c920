"""Keys and a submission that every sealing test shares; all of it made up."""

from datetime import UTC, datetime

import pytest
from pyrage.x25519 import Identity

from forms_app.language import Language
from forms_app.sealing.envelope import Recipients
from forms_app.sealing.submission import Binding


@pytest.fixture(scope="session")
def working_key() -> Identity:
    return Identity.generate()


@pytest.fixture(scope="session")
def recovery_key() -> Identity:
    return Identity.generate()


@pytest.fixture(scope="session")
def stranger_key() -> Identity:
    return Identity.generate()


@pytest.fixture(scope="session")
def recipients(working_key: Identity, recovery_key: Identity) -> Recipients:
    return Recipients((str(working_key.to_public()), str(recovery_key.to_public())))


@pytest.fixture(scope="session")
def binding() -> Binding:
    return Binding(
        submission_id="6f1c0c1e-4c1e-4d7a-9f5e-2f6f5d8f3c11",
        reference="K7M2-9QXA",
        municipality="fjordvik",
        form="application",
        form_version=1,
        language=Language.NN,
        accepted_at=datetime(2026, 11, 22, 10, 15, 30, 123456, UTC),
    )
