"""`portal books` as an operator uses it: it closes after real forms, and names what is lost."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from case_pages import add, take_back
from checked_client import CheckedClient, File
from command import Command
from form_journeys import reference_of
from rehearsed_journeys import Rehearsed

from forms_app.language import Language
from forms_app.settings import Settings
from forms_app.storage.tables import submissions

FILES = [File(name="notat.txt", content=b"hei")]


@pytest.fixture
def references(client: CheckedClient) -> list[str]:
    """An application with documents that came later, and a complaint that was withdrawn."""
    application = Rehearsed(client, Language.NB, "application", {"municipality": "arendal"}, FILES)
    first = reference_of(application.send())
    add(client, application, File(name="mer.txt", content=b"mer"))
    complaint = Rehearsed(client, Language.DA, "complaint", {"municipality": "rudersdal"})
    second = reference_of(complaint.send())
    take_back(client, complaint)
    return [first, f"{first}-1", second, f"{second}-1"]


def test_the_books_close_before_and_after_the_worker_has_handed_over(
    portal: Command, portal_process: Command, references: list[str]
) -> None:
    before = portal("books").stdout.splitlines()
    assert before[-1] == "CLOSED. 4 receipts, and each is accounted for."
    found = json.loads(portal("books", "--json").stdout)
    assert found["closed"] is True
    numbers = {"receipts": 2, "stored": 2, "waiting": 2, "handed_over": 0, "erased": 0, "taken_back": 0}
    assert [one["municipality"] for one in found["pages"]] == ["arendal", "rudersdal"]
    assert {name: found["pages"][0][name] for name in numbers} == numbers
    assert found["pages"][1]["taken_back"] == 1
    portal_process("work", "--once")
    after = json.loads(portal("books", "--json").stdout)
    assert [one["handed_over"] for one in after["pages"]] == [2, 2]
    assert {one["day"] for one in after["pages"]} == {"2026-11-22"}


def test_a_deleted_row_is_named(portal: Command, references: list[str], settings: Settings) -> None:
    with sqlite3.connect(settings.data / "portal.sqlite") as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("DELETE FROM submissions WHERE reference = ?", [references[2]])
    printed = portal("books", exit_code=1).stdout
    assert f"GAP  {references[2]} (" in printed
    assert "rudersdal): a receipt was issued, and no such submission is stored" in printed
    assert printed.splitlines()[-1] == "GAPS: 1."
    (gap,) = json.loads(portal("books", "--json", exit_code=1).stdout)["gaps"]
    assert (gap["gap"], gap["reference"], gap["municipality"]) == ("missing", references[2], "rudersdal")
    assert "CLOSED" in portal("books", "--municipality", "arendal").stdout
    assert "CLOSED" in portal("books", "--since", "2100-01-01").stdout


def test_an_older_backup_is_found_out(portal: Command, client: CheckedClient, settings: Settings) -> None:
    kept = settings.data / "backup.sqlite"
    first = reference_of(Rehearsed(client, Language.NB, "complaint").send())
    with sqlite3.connect(settings.data / "portal.sqlite") as connection:
        connection.execute(f"VACUUM INTO '{kept}'")
    second = reference_of(Rehearsed(client, Language.NB, "application").send())
    assert "CLOSED. 2 receipts" in portal("books").stdout
    printed = portal("books", exit_code=1, DATABASE_URL=f"sqlite:///{kept}").stdout
    assert f"GAP  {second} (" in printed
    assert first not in printed


def test_what_is_sealed_is_compared_when_asked(portal: Command, references: list[str], database: sa.Engine) -> None:
    assert "CLOSED" in portal("books", "--contents").stdout
    with database.begin() as connection:
        connection.execute(
            sa.update(submissions).where(submissions.c.reference == references[0]).values(answers=b"other")
        )
    assert "CLOSED" in portal("books").stdout
    printed = portal("books", "--contents", exit_code=1).stdout
    assert f"GAP  {references[0]}: what is sealed there has another hash than when it was stored" in printed


def test_journals_of_several_hosts_are_read_together(
    portal: Command, references: list[str], settings: Settings, tmp_path: Path
) -> None:
    lines = settings.journal.read_bytes().splitlines(keepends=True)
    collected = tmp_path / "collected"
    collected.mkdir()
    (collected / "issued-web1.jsonl").write_bytes(b"".join(lines[:3]))
    (collected / "issued-web2.jsonl").write_bytes(b"".join(lines[2:]))
    shutil.rmtree(settings.journal.parent)
    assert "CLOSED. 4 receipts" in portal("books", PORTAL_JOURNALS=str(collected)).stdout
    assert "CLOSED. 4 receipts" in portal("books", str(collected)).stdout
    one = str(collected / "issued-web1.jsonl")
    missing = json.loads(portal("books", one, "--json", exit_code=1).stdout)
    assert [gap["gap"] for gap in missing["gaps"]] == ["no_line"]
    nowhere = portal("books", exit_code=1, PORTAL_JOURNALS=str(tmp_path / "not mounted")).stderr
    assert "A journal that was named is not there or cannot be read" in nowhere


def test_a_damaged_line_is_told_with_its_place(portal: Command, references: list[str], settings: Settings) -> None:
    with settings.journal.open("ab") as file:
        file.write(b"not a line of ours\n")
    printed = portal("books", exit_code=1).stdout
    assert f"GAP  a line of a journal cannot be read any more: {settings.journal}, line 5" in printed


def test_an_unused_portal_closes(portal: Command) -> None:
    assert portal("books").stdout.splitlines() == ["CLOSED. 0 receipts, and each is accounted for."]
