"""`portal audit`: whether the trail is whole, and who has read a case."""

import os
import pwd
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient
from command import Command
from form_journeys import LEAST, reference_of
from movable_clock import MovableClock
from rehearsed_journeys import Rehearsed

from forms_app.casework.access import Role
from forms_app.clock import utc_now
from forms_app.language import Language
from forms_app.sealing.signature import load_signing_key
from forms_app.settings import Settings
from forms_app.storage import audit
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema, migrate
from forms_app.storage.sqlite import driver
from forms_app.storage.staff import members


@pytest.fixture
def clock() -> MovableClock:
    """The commands and the worker go by the machine's."""
    return MovableClock(utc_now())


@pytest.fixture
def reference(client: CheckedClient) -> str:
    return reference_of(Rehearsed(client, Language.DA, "complaint", {**LEAST, "municipality": "rudersdal"}).send())


@pytest.fixture
def ingrid(settings: Settings) -> uuid.UUID:
    """A member of staff."""
    staff = make_engine(settings.staff_database_url)
    migrate(staff, Schema.STAFF)
    with staff.begin() as connection:
        member = members.put(connection, issuer="i", subject="ingrid", name="Ingrid\x1b[2J Solberg", now=utc_now())
        members.grant(connection, member, "rudersdal", Role.CASE_WORKER)
    staff.dispose()
    return member


def test_a_worked_trail_is_whole(portal: Command, portal_process: Command, reference: str, settings: Settings) -> None:
    before = portal("audit", "verify").stdout
    assert "No head in" in before
    assert "Not signed yet: 1 entries" in before
    portal_process("work", "--once")
    after = portal("audit", "verify").stdout
    assert after.startswith("WHOLE. ")
    assert "Signed: the first " in after
    assert settings.audit_heads.stat().st_size > 100


def test_a_change_is_told_and_ends_with_1(
    portal: Command, portal_process: Command, reference: str, settings: Settings, tmp_path: Path
) -> None:
    portal_process("work", "--once")
    kept = tmp_path / "elsewhere.jsonl"
    kept.write_bytes(settings.audit_heads.read_bytes())
    settings.audit_heads.unlink()
    portal("audit", "verify", "--heads", str(kept))
    tampering = driver.connect(str(settings.data / "portal.sqlite"))
    tampering.execute("UPDATE audit SET actor = 'nobody' WHERE id = 1")
    tampering.commit()
    tampering.close()
    assert "FAULT. Entry 1 was changed" in portal("audit", "verify", exit_code=1).stdout


def test_heads_of_an_earlier_key_are_checked_with_it(
    portal: Command, portal_process: Command, reference: str, settings: Settings, tmp_path: Path
) -> None:
    portal_process("work", "--once")
    new = str(tmp_path / "heads.pem")
    portal("keys", "new", "--signing", new)
    old = load_signing_key(settings.signing_key)
    told = portal("audit", "verify", exit_code=1, PORTAL_AUDIT_KEY_FILE=new).stdout
    assert f"nobody with a known key has signed (key {old.key_id})" in told
    portal("audit", "verify", "--key", old.public_key, PORTAL_AUDIT_KEY_FILE=new)


def test_a_head_file_that_is_damaged_is_named(portal: Command, settings: Settings) -> None:
    settings.audit_heads.parent.mkdir(exist_ok=True)
    settings.audit_heads.write_bytes(b"tull\n")
    assert "line 1" in portal("audit", "verify", exit_code=1).stderr


def test_a_citizen_is_told_who_has_read_their_case(
    portal: Command, portal_process: Command, reference: str, settings: Settings, ingrid: uuid.UUID, database: sa.Engine
) -> None:
    portal("open", reference)
    portal("inbox")
    portal("inbox", "--municipality", "rudersdal")
    portal("inbox", "--municipality", "arendal")
    portal_process("work", "--once")
    with database.begin() as connection:
        (case,) = {one.subject for one in audit.entries(connection) if one.action == "submitted"}
        for actor in (f"staff:{ingrid}", f"staff:{uuid.UUID(int=1)}"):
            audit.record(connection, at=utc_now(), actor=actor, action="opened", subject=case)
        audit.record(connection, at=utc_now(), actor=f"staff:{ingrid}", action="listed", subject="rudersdal")
    told = portal("audit", "read", reference).stdout
    user = pwd.getpwuid(os.getuid()).pw_name
    assert told.startswith(f"Hvem der har læst sag {reference}\nRudersdal")
    assert f"{user}, på serveren. Åbnede sagen." in told
    assert "Portalen selv. Åbnede sagen for at overføre den." in told
    assert "Ingrid\\x1b[2J Solberg (Sagsbehandler). Åbnede sagen." in told
    assert "en ansat, 00000000. Åbnede sagen." in told
    assert f"- {user}, på serveren: 2 gange, mellem " in told
    assert "Solberg (Sagsbehandler): 1 gang, " in told
    assert "Hentede en liste over" in told
    assert "Afsenderen" not in told


def test_without_the_staff_database_people_are_told_by_their_ids(
    portal: Command, reference: str, database: sa.Engine
) -> None:
    ended = portal("audit", "read", reference)
    assert "cannot be reached" in ended.stderr
    assert "Hentede en liste" in ended.stdout
    assert "listen over sager" not in ended.stdout


@pytest.mark.parametrize(("typed", "said"), [("tull", "mistyped"), ("0000-0000", "No submission has this reference")])
def test_a_wrong_reference_is_explained(portal: Command, typed: str, said: str) -> None:
    assert said in portal("audit", "read", typed, exit_code=1).stderr
