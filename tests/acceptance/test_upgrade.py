"""What an earlier version has left behind is there, whole, when this one takes over: rows, files, keys and promises."""

import json
import shutil
import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from forms_app.clock import utc_now
from forms_app.storage.contents import lasting
from forms_app.storage.copying import batches, count_on
from forms_app.storage.engine import make_engine, migrating, reading
from forms_app.storage.migrate import Schema, alembic_config
from tests.acceptance.http_citizen import HTTPCitizen
from tests.acceptance.journeys import journey
from tests.acceptance.running_portal import RunningPortal, wait_for
from tests.upgrade.keep_version import BEGUN, DELIVERED, KEPT, LETTER, SENT

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.parametrize("version", [pytest.param(one, id=one.name[:4]) for one in sorted(KEPT.iterdir())]),
]

_FILES = {Schema.PORTAL: "portal.sqlite", Schema.STAFF: "staff.sqlite"}
_VARIABLES = {Schema.PORTAL: "DATABASE_URL", Schema.STAFF: "STAFF_DATABASE_URL"}


@dataclass(frozen=True)
class TakenOver:
    """What the earlier version has left; `start` begins to serve it with this one."""

    start: Callable[..., RunningPortal]
    promised: dict[str, Any]

    @property
    def references(self) -> list[str]:
        return [one["reference"] for one in self.promised["sent"]]


@pytest.fixture
def taken_over(version: Path, tmp_path: Path, processes_settings: dict[str, str]) -> Iterator[TakenOver]:
    folder = tmp_path / "portal"
    with tarfile.open(version) as archive:
        archive.extractall(folder, filter="data")
    promised = json.loads((folder / "data" / "promised.json").read_text("utf-8"))
    for schema, file in _FILES.items():
        if url := processes_settings.get(_VARIABLES[schema]):
            _carry_over(folder / "data" / file, url, schema)
    made: list[RunningPortal] = []

    def portal(around: Sequence[str] = ()) -> RunningPortal:
        made.append(
            RunningPortal(folder, port=made[0].port if made else None, around=around, settings=processes_settings)
        )
        return made[-1].start()

    yield TakenOver(portal, promised)
    for one in made:
        one.end()


def _carry_over(file: Path, url: str, schema: Schema) -> None:
    """What the earlier version would have written in a database of the other kind. No kept one had such a database."""
    old, new = make_engine(f"sqlite:///{file}"), make_engine(url)
    with reading(old) as source:
        revision = source.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        present = {name: sa.inspect(source).get_columns(name) for name in sa.inspect(source).get_table_names()}
        with migrating(new) as connection:
            command.upgrade(alembic_config(connection, schema), revision)
        with new.begin() as target:
            for table in lasting(schema):
                if known := {column["name"] for column in present.get(table.name, ())}:
                    _copy(source, target, _as_it_was(table, known))
    old.dispose()
    new.dispose()
    shutil.move(file, file.with_suffix(".left"))


def _as_it_was(table: sa.Table, columns: set[str]) -> sa.Table:
    kept = [sa.Column(one.name, one.type, primary_key=one.primary_key) for one in table.c if one.name in columns]
    return sa.Table(table.name, sa.MetaData(), *kept)


def _copy(source: sa.Connection, target: sa.Connection, table: sa.Table) -> None:
    for rows in batches(source, table):
        target.execute(sa.insert(table), [dict(row._mapping) for row in rows])
    count_on(target, table)


def test_what_was_sent_is_there_and_reaches_the_municipality(taken_over: TakenOver) -> None:
    portal = taken_over.start()
    wait_for(lambda: len(list(portal.data.glob(DELIVERED))) == len(SENT), "all of it is handed over")
    for sent, (form, language) in zip(taken_over.promised["sent"], SENT, strict=True):
        citizen = HTTPCitizen(portal.port, journey(form, language))
        assert citizen.find_by_code(sent["code"], language).receipt_reference == sent["reference"]
        folder = portal.parcel(citizen.journey.municipality, sent["reference"])
        assert [one.read_bytes() for one in folder.glob("attachments/*")] == [LETTER[1]]
    assert sorted(one["reference"] for one in portal.inbox()) == sorted(taken_over.references)
    assert "Åse Bjørnstad" in portal.command("open", taken_over.references[0])
    portal.command("books")  # It fails on a gap.


def test_a_draft_goes_on_where_it_was_left(taken_over: TakenOver) -> None:
    # In a year nobody would find the draft any more.
    seconds_ago = int((utc_now() - datetime.fromisoformat(taken_over.promised["at"])).total_seconds())
    portal = taken_over.start(around=["faketime", "-f", f"-{seconds_ago}"])
    citizen = HTTPCitizen(portal.port, journey(*BEGUN))
    citizen.cookies = dict(taken_over.promised["draft"])
    review = citizen.get(citizen.journey.review)
    assert "Åse Bjørnstad" in review.html
    reference = citizen.answer(review).receipt_reference
    assert reference
    portal.end()
    # Under a clock that was put wrong a thread that waits may not wake up.
    portal = taken_over.start()
    folder = portal.parcel(citizen.journey.municipality, reference)
    wait_for(folder.exists, "it is handed over")
    assert [one.read_bytes() for one in folder.glob("attachments/*")] == [LETTER[1]]
