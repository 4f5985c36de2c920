"""`portal work --once`: what the municipality finds in its folder."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, File
from command import Command
from form_journeys import reference_of
from pyrage.x25519 import Identity
from rehearsed_journeys import Rehearsed
from sample_files import pdf_with, photo

from forms_app.language import Language
from forms_app.sealing.envelope import open_envelope
from forms_app.settings import Settings
from forms_app.storage.tables import attempts, deliveries

FILES = [
    File(name="brev æ.pdf", content=pdf_with(b"\r\n\x00\xff")),
    File(name="notat.txt", content=b"hei"),
    File(name="bilde.jpg", content=photo()),
]


@pytest.fixture
def folder(client: CheckedClient, settings: Settings) -> Path:
    """Where an application that was sent will be delivered."""
    answers = {"situation": "Linje en\nLinje to <b>", "municipality": "bjornafjorden"}
    reference = reference_of(Rehearsed(client, Language.DA, "application", answers, FILES).send())
    return settings.outbox / "bjornafjorden" / reference


def manifest_of(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return manifest


def assert_whole(folder: Path) -> None:
    """Every file of the manifest is there as it says, and no other."""
    described = {one["name"]: one for one in manifest_of(folder)["files"]}
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert set(found) == {*described, "manifest.json"}
    for name, one in described.items():
        assert (len(found[name]), sha256(found[name]).hexdigest()) == (one["size"], one["sha256"])


def forget_the_delivery(database: sa.Engine) -> None:
    """As after a crash between handing over and writing it down."""
    with database.begin() as connection:
        connection.execute(sa.delete(attempts))
        connection.execute(sa.update(deliveries).values(state="doing", leased_until=0.0, lease="x", finished_at=None))


def test_work_hands_over_what_was_sent_byte_for_byte(portal_process: Command, folder: Path) -> None:
    assert not folder.exists()
    portal_process("work", "--once")
    assert_whole(folder)
    assert not manifest_of(folder)["sealed"]
    assert manifest_of(folder)["language"] == "da"
    answers = json.loads((folder / "answers.json").read_bytes())
    assert answers["situation"]["situation"] == "Linje en\nLinje to <b>"
    sent = {one["original_name"]: one["name"] for one in manifest_of(folder)["files"] if "original_name" in one}
    assert {name: (folder / path).read_bytes() for name, path in sent.items()} == {
        file.name: file.content for file in FILES
    }
    (copy,) = (one for one in manifest_of(folder)["files"] if "copy_of" in one)
    assert (copy["name"], copy["copy_of"]) == ("cleaned/03-bilde.jpg", "attachments/03-bilde.jpg")
    assert b"Telefon" in FILES[2].content
    assert b"Telefon" not in (folder / copy["name"]).read_bytes()
    summary = (folder / "summary.html").read_text("utf-8")
    assert '<html lang="nn">' in summary
    assert "Linje en<br>Linje to &lt;b&gt;" in summary
    assert folder.name in summary
    assert (folder / "summary.pdf").read_bytes().startswith(b"%PDF-")
    metadata = json.loads((folder / "metadata.json").read_bytes())
    assert (metadata["id"], metadata["sender"]) == (manifest_of(folder)["submission_id"], "myself")
    assert metadata["title"] == "Søk om koordinator eller individuell plan"


def test_a_sealed_channel_hands_over_what_only_the_key_opens(
    portal_process: Command, folder: Path, environ: dict[str, str], tmp_path: Path, identities: tuple[Identity, ...]
) -> None:
    config = tmp_path / "portal.toml"
    config.write_text(Path(environ["PORTAL_CONFIG"]).read_text("utf-8").replace(", opened = true", ""), "utf-8")
    portal_process("work", "--once", PORTAL_CONFIG=str(config))
    assert_whole(folder)
    assert manifest_of(folder)["sealed"]
    named = {one["name"] for one in manifest_of(folder)["files"]}
    assert {name for name in named if not name.endswith(".age")} == {"metadata.json", "metadata.xml"}
    assert b"brev" not in (folder / "metadata.json").read_bytes() + (folder / "metadata.xml").read_bytes()
    document = json.loads(open_envelope((folder / "answers.age").read_bytes(), identities))
    assert document["answers"]["situation"]["situation"] == "Linje en\nLinje to <b>"
    letter = (folder / "attachments" / "01.age").read_bytes()
    assert open_envelope(letter, identities) == FILES[0].content


def test_a_delivery_repeated_after_a_crash_changes_nothing(
    portal_process: Command, folder: Path, database: sa.Engine
) -> None:
    portal_process("work", "--once")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    forget_the_delivery(database)
    portal_process("work", "--once")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert [path.name for path in folder.parent.iterdir() if not path.name.startswith(".")] == [folder.name]
    with database.begin() as connection:
        assert connection.execute(sa.select(deliveries.c.state)).scalars().all() == ["succeeded"]


@pytest.mark.parametrize(
    ("written", "instead"),
    [('name = "Bjørnafjorden"', 'name = "Nye Bjørnafjorden"'), (", opened = true", "")],
    ids=["renamed", "sealed"],
)
def test_a_repeat_after_portal_toml_has_changed_is_known(
    portal_process: Command, folder: Path, database: sa.Engine, environ: dict[str, str], written: str, instead: str
) -> None:
    portal_process("work", "--once")
    before = (folder / "manifest.json").read_bytes()
    forget_the_delivery(database)
    config = folder.parents[2] / "portal.toml"
    config.write_text(Path(environ["PORTAL_CONFIG"]).read_text("utf-8").replace(written, instead), "utf-8")
    portal_process("work", "--once", PORTAL_CONFIG=str(config))
    assert (folder / "manifest.json").read_bytes() == before
    with database.begin() as connection:
        assert connection.execute(sa.select(deliveries.c.state)).scalars().all() == ["succeeded"]


def test_without_the_opening_key_nothing_is_lost(
    portal: Command, portal_process: Command, folder: Path, settings: Settings, database: sa.Engine
) -> None:
    stranger = settings.data / "other.txt"
    portal("keys", "new", str(stranger))
    portal_process("work", "--once", PORTAL_OPENING_KEYS_FILE=str(stranger))
    assert not folder.exists()
    with database.begin() as connection:
        assert connection.execute(sa.select(deliveries.c.state)).scalars().all() == ["todo"]
        connection.execute(sa.update(deliveries).values(due_at=0.0))
    portal_process("work", "--once")
    assert_whole(folder)
