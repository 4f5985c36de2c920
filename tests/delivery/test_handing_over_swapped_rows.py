"""The worker hands over nothing of another case, whatever rows were changed between the two: it says why and waits."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from mail_servers import mail_server
from movable_clock import MovableClock
from pyrage.x25519 import Identity

from forms_app.clock import utc_now
from forms_app.delivery.channels.folder import FolderChannel
from forms_app.delivery.dispatch import handlers
from forms_app.delivery.mail import Confirmer
from forms_app.delivery.packing import Packer
from forms_app.delivery.worker import Worker
from forms_app.forms.definition import FormKey
from forms_app.municipality import Deployment
from forms_app.settings import Settings
from forms_app.storage import deliveries, submissions
from forms_app.storage.deliveries import CONFIRMATION_MAIL, NewDelivery
from forms_app.storage.engine import reading
from forms_app.storage.leases import Lane
from forms_app.storage.tables import DeliveryStatus
from tests.two_cases import Town, WholeCase, swap

OURS, THEIRS = "Alfaberg", "Betaberg"
COLUMNS = [
    ("submissions.answers", False),
    ("submissions.answers", True),
    ("attachments.sealed", False),
    ("attachments.sealed", True),
    ("attachments.cleaned", False),
    ("attachments.cleaned", True),
]
HASHES = {
    "submissions.answers": "submissions.sealed_hash",
    "attachments.sealed": "attachments.sealed_hash",
    "attachments.cleaned": "attachments.cleaned_hash",
}
"""What stands unsealed beside each, and may have been changed with it."""
Work = Callable[[Sequence[Identity], bool], Path]


@pytest.fixture
def two(settings: Settings, database: sa.Engine, clock: MovableClock) -> tuple[WholeCase, WholeCase]:
    town = Town(settings=settings, engine=database, clock=clock)
    return town.send(FormKey.APPLICATION, OURS), town.send(FormKey.APPLICATION, THEIRS)


@pytest.fixture
def work(settings: Settings, database: sa.Engine, tmp_path: Path) -> Work:
    """Delivers what is due, in clear or sealed, with these keys; the folder it is delivered into."""

    def run(identities: Sequence[Identity], is_opened: bool) -> Path:
        root = tmp_path / "outbox"
        root.mkdir()
        deployment = _delivering(settings.deployment, is_opened)
        packer = Packer(engine=database, deployment=deployment, identities=identities)
        Worker(database, handlers([FolderChannel(root)], packer)).run_once()
        return root / "arendal"

    return run


def _delivering(deployment: Deployment, is_opened: bool) -> Deployment:
    places = tuple(
        replace(one, channels=tuple(replace(channel, opened=is_opened) for channel in one.channels))
        for one in deployment.municipalities
    )
    return replace(deployment, municipalities=places)


def outcome(database: sa.Engine, reference: str, kind: str = "folder") -> tuple[DeliveryStatus, str | None]:
    with reading(database) as connection:
        row = submissions.by_reference(connection, reference)
        assert row
        (found,) = [one for one in deliveries.of(connection, row.id) if one.kind == kind]
    return found.state, found.last_error


def delivered(folder: Path, reference: str) -> str:
    """All that lies under a reference, "" where nothing was delivered."""
    files = [path for path in (folder / reference).rglob("*") if path.is_file()]
    return "\n".join(f"{path} {path.read_text('utf-8', 'replace')}" for path in files)


def test_before_anything_is_changed_each_case_is_handed_over_under_its_own_reference(
    two: tuple[WholeCase, WholeCase], work: Work, identities: tuple[Identity, ...]
) -> None:
    folder = work(identities, True)
    for one, other in (two, reversed(two)):
        for reference in (one.reference, one.later):
            assert one.word in delivered(folder, reference)
            assert other.word not in delivered(folder, reference)


@pytest.mark.parametrize("is_opened", [True, False])
@pytest.mark.parametrize(("column", "later"), COLUMNS)
def test_what_was_changed_between_two_cases_is_handed_over_under_neither_reference(
    two: tuple[WholeCase, WholeCase],
    work: Work,
    database: sa.Engine,
    identities: tuple[Identity, ...],
    column: str,
    later: bool,
    is_opened: bool,
) -> None:
    swap(database, column, *two, later=later)
    swap(database, HASHES[column], *two, later=later)
    folder = work(identities, is_opened)
    for one in two:
        reference = one.later if later else one.reference
        assert delivered(folder, reference) == ""
        assert outcome(database, reference) == (DeliveryStatus.TODO, "BindingMismatch")


@pytest.mark.parametrize(("column", "later"), COLUMNS)
def test_a_worker_without_the_key_knows_by_the_hash_that_an_envelope_is_not_the_one_that_was_stored(
    two: tuple[WholeCase, WholeCase], work: Work, database: sa.Engine, column: str, later: bool
) -> None:
    swap(database, column, *two, later=later)
    folder = work((), False)
    for one in two:
        changed, other = (one.later, one.reference) if later else (one.reference, one.later)
        assert delivered(folder, changed) == ""
        assert outcome(database, changed) == (DeliveryStatus.TODO, "BindingMismatch")
        assert outcome(database, other) == (DeliveryStatus.SUCCEEDED, None)


def test_a_confirmation_is_never_sent_to_the_address_in_another_s_answers(
    two: tuple[WholeCase, WholeCase], settings: Settings, database: sa.Engine, identities: tuple[Identity, ...]
) -> None:
    swap(database, "submissions.answers", *two)
    with database.begin() as connection:
        for one in two:
            row = submissions.by_reference(connection, one.reference)
            assert row
            owed = NewDelivery(key=f"mail:{row.id}", kind=CONFIRMATION_MAIL, submission_id=row.id)
            deliveries.enqueue(connection, [owed])
    with mail_server() as postbox:
        confirm = Confirmer(
            engine=database,
            deployment=settings.deployment,
            identities=identities,
            server=postbox.server,
            site="",
            clock=utc_now,
        )
        Worker(database, {CONFIRMATION_MAIL: confirm}, lane=Lane.MAIL).run_once()
    assert postbox.mails == []
    assert {outcome(database, one.reference, CONFIRMATION_MAIL) for one in two} == {
        (DeliveryStatus.TODO, "BindingMismatch")
    }
