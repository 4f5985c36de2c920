"""What a citizen, a case worker and a receiving system each see of what was sent."""

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from command import Command
from flask import Flask
from pyrage.x25519 import Identity

from forms_app.books.journal import IssueJournal
from forms_app.delivery.channels.folder import FolderChannel
from forms_app.delivery.dispatch import handlers
from forms_app.delivery.packing import Packer
from forms_app.delivery.worker import Worker
from forms_app.settings import Settings
from forms_app.storage.engine import reading
from forms_app.storage.tables import metadata

Inbox = Callable[[], list[dict[str, Any]]]
Parcels = Callable[[], dict[str, dict[str, str]]]


@pytest.fixture
def inbox(portal: Command) -> Inbox:
    """What `portal inbox` lists, the first thing first."""
    return lambda: json.loads(portal("inbox", "--json").stdout)


@pytest.fixture
def hand_over(settings: Settings, database: sa.Engine, identities: tuple[Identity, ...]) -> Callable[[], None]:
    """What a worker does until nothing is due; each call is a worker of its own."""

    def work() -> None:
        packer = Packer(engine=database, deployment=settings.deployment, identities=identities)
        Worker(database, handlers([FolderChannel(settings.outbox)], packer), poll_seconds=0.01).run_once()

    return work


@pytest.fixture
def parcels(settings: Settings) -> Parcels:
    """What lies at the receiver: reference to the name and SHA-256 of each file that was sent along."""

    def look() -> dict[str, dict[str, str]]:
        return {folder.name: _attachments(folder) for folder in settings.outbox.glob("[!.]*/[!.]*")}

    return look


def _attachments(folder: Path) -> dict[str, str]:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    listed = [one for one in manifest["files"] if "original_name" in one]
    for one in listed:
        assert sha256((folder / one["name"]).read_bytes()).hexdigest() == one["sha256"]
    return {one["original_name"]: one["sha256"] for one in listed}


@pytest.fixture
def issued(settings: Settings) -> Callable[[], dict[str, str]]:
    """Every receipt that was ever shown, outside the database: reference to the hash of what was sealed."""
    return lambda: {line.reference: line.sealed_hash for line in IssueJournal(settings.journal).lines()}


@pytest.fixture
def rows(database: sa.Engine) -> Callable[[str], list[Any]]:
    """The rows of a table."""

    def read(table: str) -> list[Any]:
        with reading(database) as connection:
            return list(connection.execute(sa.select(metadata.tables[table])))

    return read


@pytest.fixture
def restore(app: Flask, database: sa.Engine, settings: Settings, tmp_path: Path) -> Callable[[], Callable[[], None]]:
    """Takes a backup of the database when called; calling what it returns puts the backup back."""
    live = settings.data / "portal.sqlite"
    engines = (database, app.extensions["portal"].desk.engine)

    def copy(source: Path, target: Path) -> None:
        # Closing the last connection leaves all that was written in the one file.
        for engine in engines:
            engine.dispose()
        assert not live.with_name(f"{live.name}-wal").exists()
        shutil.copy(source, target)

    def back_up() -> Callable[[], None]:
        kept = tmp_path / "backup.sqlite"
        copy(live, kept)
        return lambda: copy(kept, live)

    return back_up
