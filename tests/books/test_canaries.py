"""A canary is opened by whoever holds the key, and by nobody else."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
from movable_clock import MovableClock
from pyrage.x25519 import Identity

from forms_app.books.canaries import Confirmer
from forms_app.sealing.canary import NoCanary, open_canary, proves, seal_canary, secret_of
from forms_app.sealing.envelope import CannotOpen, Recipients, seal
from forms_app.storage import canaries
from forms_app.storage.engine import make_engine, reading
from forms_app.storage.migrate import migrate

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEYS = [Identity.generate() for unused_key in range(2)]
RECIPIENTS = Recipients(tuple(str(one.to_public()) for one in KEYS))
SECRET = "the citizen side's own secret key"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'portal.db'}")
    migrate(engine)
    yield engine
    engine.dispose()


def waiting(engine: sa.Engine) -> int:
    with reading(engine) as connection:
        return len(canaries.waiting(connection))


@pytest.mark.parametrize("key", KEYS)
def test_each_recipient_can_give_the_secret_back(key: Identity) -> None:
    proof = open_canary(seal_canary(SECRET, RECIPIENTS), [key], fingerprint=RECIPIENTS.fingerprint)
    assert proves(SECRET, RECIPIENTS.fingerprint, proof)
    assert not proves("another secret key", RECIPIENTS.fingerprint, proof)
    assert not proves(SECRET, "0" * 64, proof)
    assert not proves(SECRET, RECIPIENTS.fingerprint, "æ")


def test_nobody_else_opens_it() -> None:
    with pytest.raises(CannotOpen):
        open_canary(seal_canary(SECRET, RECIPIENTS), [Identity.generate()], fingerprint=RECIPIENTS.fingerprint)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"what": "canary", "fingerprint": "0", "secret": "1"}'])
def test_anything_else_is_no_canary(content: bytes) -> None:
    with pytest.raises(NoCanary):
        open_canary(seal(content, RECIPIENTS), KEYS, fingerprint=RECIPIENTS.fingerprint)


def test_the_worker_confirms_what_it_can_open_and_says_what_it_cannot(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        canaries.put(connection, RECIPIENTS.fingerprint, seal_canary(SECRET, RECIPIENTS), now=NOON)
        canaries.put(connection, "0" * 64, seal_canary(SECRET, RECIPIENTS), now=NOON)
    with structlog.testing.capture_logs() as lines:
        Confirmer(engine=engine, clock=MovableClock(NOON), identities=[]).run_once()
        Confirmer(engine=engine, clock=MovableClock(NOON), identities=[Identity.generate()]).run_once()
        Confirmer(engine=engine, clock=MovableClock(NOON), identities=KEYS).run_once()
    assert [line["error"] for line in lines] == ["CannotOpen", "CannotOpen", "NoCanary"]
    assert waiting(engine) == 1
    with reading(engine) as connection:
        found = canaries.get(connection, RECIPIENTS.fingerprint)
    assert found
    assert (found.proof, found.confirmed_at) == (secret_of(SECRET, RECIPIENTS.fingerprint), NOON)


def test_a_canary_that_was_made_anew_is_not_confirmed_by_what_was_in_the_old_one(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        canaries.put(connection, RECIPIENTS.fingerprint, seal_canary(SECRET, RECIPIENTS), now=NOON)
        (old,) = canaries.waiting(connection)
        canaries.put(connection, RECIPIENTS.fingerprint, seal_canary(SECRET, RECIPIENTS), now=NOON)
        assert not canaries.confirm(connection, old, "0" * 64, now=NOON)
    assert waiting(engine) == 1
