"""Each command has the rights that it needs where README says to run it: as staff, as the worker, as who watches."""

from collections.abc import Callable
from pathlib import Path

import pytest
from checked_client import CheckedClient
from command import Command, Ended
from form_journeys import LEAST, reference_of
from mail_servers import Postbox
from movable_clock import MovableClock
from rehearsed_journeys import Rehearsed

from forms_app.clock import utc_now
from forms_app.language import Language
from forms_app.storage.roles import DatabaseRole

RunAs = Callable[..., Ended]


@pytest.fixture
def database_kind() -> str:
    """SQLite knows no rights."""
    return "postgresql"


@pytest.fixture
def clock() -> MovableClock:
    """The commands go by the machine's."""
    return MovableClock(utc_now())


@pytest.fixture
def reference(client: CheckedClient) -> str:
    return reference_of(Rehearsed(client, Language.DA, "complaint", {**LEAST, "municipality": "rudersdal"}).send())


@pytest.fixture
def run_as(portal: Command, environ: dict[str, str], as_role: Callable[[str, DatabaseRole], str]) -> RunAs:
    """Runs `portal …` with the rights of a role and no others."""

    def run(role: DatabaseRole, *words: str, exit_code: int = 0) -> Ended:
        changed = {"DATABASE_URL": as_role(environ["DATABASE_URL"], role), "PORTAL_BOUNCES_TO": "bounces+*@example.org"}
        return portal(*words, exit_code=exit_code, **Postbox(port=25).environ, **changed)

    return run


@pytest.mark.parametrize(
    ("role", "command"),
    [
        (DatabaseRole.STAFF, "inbox --json"),
        (DatabaseRole.STAFF, "open {reference}"),
        (DatabaseRole.STAFF, "status show {reference}"),
        (DatabaseRole.STAFF, "deliveries show {reference}"),
        (DatabaseRole.STAFF, "audit read {reference}"),
        (DatabaseRole.STAFF, "audit verify"),
        (DatabaseRole.STAFF, "keys status"),
        (DatabaseRole.WORKER, "work --once"),
        (DatabaseRole.WORKER, "books --contents"),
        (DatabaseRole.WORKER, "audit verify"),
        (DatabaseRole.WORKER, "deliveries show {reference}"),
        (DatabaseRole.WORKER, "bounces {empty}"),
        (DatabaseRole.WATCH, "books"),
    ],
)
def test_it_may_do_what_it_is_for(
    run_as: RunAs, reference: str, tmp_path: Path, role: DatabaseRole, command: str
) -> None:
    empty = tmp_path / "mbox"
    empty.touch()
    run_as(role, *command.format(reference=reference, empty=empty).split())


def test_whoever_may_not_is_told_as_whom_to_run_it(run_as: RunAs, reference: str) -> None:
    for role in (DatabaseRole.WORKER, DatabaseRole.CITIZEN):
        complained = run_as(role, "inbox", exit_code=1).stderr
        assert "does not let this process do that" in complained
        assert "portal-as staff" in complained
