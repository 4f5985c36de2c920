"""What was sent later is handed over beside what it follows, once, sealed or opened as the deployment says."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from case_pages import add, take_back
from checked_client import CheckedClient, File
from form_journeys import Journey, reference_of
from invited_pages import INVITES, answer, invitation_code, type_invitation
from pyrage.x25519 import Identity
from rehearsed_journeys import Rehearsed

from forms_app.delivery import packing
from forms_app.delivery.channels.folder import FolderChannel
from forms_app.delivery.dispatch import handlers
from forms_app.delivery.packing import Packer
from forms_app.delivery.worker import Worker
from forms_app.documents.pdf import PdfFailed
from forms_app.language import Language
from forms_app.municipality import ChannelSettings
from forms_app.settings import Settings
from forms_app.storage.engine import reading
from forms_app.storage.tables import deliveries, follow_ups

MORE = File(name="mer æ.txt", content=b"mer")


@pytest.fixture
def journey(client: CheckedClient) -> Journey:
    """An application that was sent, added to, and withdrawn."""
    journey = Rehearsed(client, Language.NN, "application", {}, [File(name="brev.txt", content=b"brev")])
    journey.send()
    add(client, journey, MORE)
    take_back(client, journey)
    return journey


@pytest.fixture
def hand_over(
    settings: Settings, database: sa.Engine, identities: tuple[Identity, ...], tmp_path: Path
) -> Callable[..., Path]:
    """Delivers what is due into a folder, which is returned."""

    def work(*, opened: bool = True) -> Path:
        channels = (ChannelSettings(kind="folder", opened=opened),)
        municipalities = tuple(replace(one, channels=channels) for one in settings.deployment.municipalities)
        packer = Packer(
            engine=database,
            deployment=replace(settings.deployment, municipalities=municipalities),
            identities=identities,
        )
        (tmp_path / "outbox").mkdir(exist_ok=True)
        Worker(database, handlers([FolderChannel(tmp_path / "outbox")], packer)).run_once()
        return tmp_path / "outbox" / "arendal"

    return work


def states(database: sa.Engine) -> list[tuple[str, str | None]]:
    with reading(database) as connection:
        rows = connection.execute(sa.select(deliveries.c.state, deliveries.c.last_error).order_by(deliveries.c.id))
        return [(row.state, row.last_error) for row in rows]


def test_each_lies_beside_what_it_follows(
    client: CheckedClient, journey: Journey, hand_over: Callable[..., Path], database: sa.Engine
) -> None:
    reference = reference_of(client.get(journey.receipt_url))
    folder = hand_over()
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    assert names == {reference, f"{reference}-1", f"{reference}-2"}
    manifests = {name: json.loads((folder / name / "manifest.json").read_text("utf-8")) for name in names}
    assert {(one["kind"], one["follows"]) for one in manifests.values()} == {
        ("form", None),
        ("addition", reference),
        ("withdrawal", reference),
    }
    addition = folder / f"{reference}-1"
    assert json.loads((addition / "answers.json").read_text("utf-8")) == {"addition": {"number": 1}}
    assert (addition / "attachments" / "01-mer æ.txt").read_bytes() == b"mer"
    assert "Tillegg 1" in (addition / "summary.html").read_text("utf-8")
    assert "Trukket tilbake av avsenderen" in (folder / f"{reference}-2" / "summary.html").read_text("utf-8")
    assert states(database) == [("succeeded", None)] * 3


def test_each_can_be_read_as_pdf_and_registered_by_its_metadata(
    client: CheckedClient, journey: Journey, hand_over: Callable[..., Path]
) -> None:
    reference = reference_of(client.get(journey.receipt_url))
    folder = hand_over()
    told = {}
    for name in (reference, f"{reference}-1", f"{reference}-2"):
        assert (folder / name / "summary.pdf").read_bytes().startswith(b"%PDF-")
        told[name] = json.loads((folder / name / "metadata.json").read_text("utf-8"))
    assert [(one["part_of"], one["title"]) for one in told.values()] == [
        (None, "Søk om koordinator eller individuell plan"),
        (reference, "Tillegg 1: Søk om koordinator eller individuell plan"),
        (reference, "Trukket tilbake av avsenderen: Søk om koordinator eller individuell plan"),
    ]
    assert [one["source"] for one in told.values()] == ["online"] * 3
    assert [one["sender"] for one in told.values()][1:] == [None, None]


def test_what_cannot_be_made_a_pdf_is_handed_over_all_the_same(
    journey: Journey, hand_over: Callable[..., Path], database: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*unused_arguments: object, **unused_named: object) -> bytes:
        raise PdfFailed

    monkeypatch.setattr(packing, "to_pdf", fail)
    folder = hand_over()
    assert list(folder.rglob("summary.pdf")) == []
    assert len(list(folder.rglob("summary.html"))) == 3
    assert states(database) == [("succeeded", None)] * 3


def test_a_repeat_is_recognised(journey: Journey, hand_over: Callable[..., Path], database: sa.Engine) -> None:
    folder = hand_over()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    with database.begin() as connection:
        connection.execute(sa.update(deliveries).values(state="todo"))
    hand_over(opened=False)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert states(database) == [("succeeded", None)] * 3


def test_sealed_it_tells_no_more_than_what_it_follows(
    client: CheckedClient, journey: Journey, hand_over: Callable[..., Path]
) -> None:
    reference = reference_of(client.get(journey.receipt_url))
    folder = hand_over(opened=False)
    files = sorted(path.relative_to(folder / f"{reference}-1") for path in (folder / f"{reference}-1").rglob("*.*"))
    own = ["manifest.json", "metadata.json", "metadata.xml"]
    assert [str(path) for path in files] == ["answers.age", "attachments/01.age", *own]


@pytest.mark.parametrize(
    ("old", "new"), [("addition", "withdrawal"), ("withdrawal", "addition")], ids=["as withdrawal", "as addition"]
)
def test_what_passes_for_another_kind_is_not_handed_over(
    journey: Journey, hand_over: Callable[..., Path], database: sa.Engine, old: str, new: str
) -> None:
    with database.begin() as connection:
        connection.execute(sa.update(follow_ups).where(follow_ups.c.kind == old).values(kind=new))
    hand_over()
    assert ("todo", "BindingMismatch") in states(database)


def test_a_follow_up_that_follows_nothing_is_not_handed_over_as_a_form(
    journey: Journey, hand_over: Callable[..., Path], database: sa.Engine
) -> None:
    with database.begin() as connection:
        connection.execute(sa.delete(follow_ups))
    hand_over()
    assert states(database) == [("succeeded", None), ("todo", "BindingMismatch"), ("todo", "BindingMismatch")]


def test_an_invited_answer_is_handed_over_like_the_rest_and_the_form_says_what_to_look_at(
    client: CheckedClient, hand_over: Callable[..., Path]
) -> None:
    journey = Rehearsed(client, Language.NN, "application", INVITES)
    reference = reference_of(journey.send())
    guest = CheckedClient(client.app)
    answer(guest, type_invitation(guest, invitation_code(journey)), "disagree", words="Eg vil ikkje")
    folder = hand_over()
    later = folder / f"{reference}-1"
    manifest = json.loads((later / "manifest.json").read_text("utf-8"))
    assert (manifest["kind"], manifest["follows"]) == ("confirmation", reference)
    assert json.loads((later / "answers.json").read_text("utf-8"))["confirmation"]["confirmation"] == "disagree"
    summary = (later / "summary.html").read_text("utf-8")
    assert "Avvist av den som hadde koden. Identiteten er ikke kontrollert." in summary
    assert "Eg vil ikkje" in summary
    first = (folder / reference / "summary.html").read_text("utf-8")
    assert first.index("Se på dette først") < first.index("Referanse")
