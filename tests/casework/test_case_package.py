"""A complaint goes on as one file that says what is in it."""

import io
import json
import zipfile
from hashlib import sha256

import pikepdf
import pytest
import sqlalchemy as sa
from case_pages import add
from checked_client import CheckedClient, File
from form_journeys import LEAST, reference_of
from movable_clock import MovableClock
from pyrage.x25519 import Identity
from rehearsed_journeys import Rehearsed

from forms_app.casework.case_package import package
from forms_app.casework.complaints import Complaint, ComplaintOutcome
from forms_app.casework.opening import OpenedCase, open_case
from forms_app.countries import Country, rules_for
from forms_app.language import Language
from forms_app.settings import Settings

LETTERS = [File(name="Afgørelse.txt", content="Afslag på ledsagelse".encode()), File(name="../x.txt", content=b"x")]


@pytest.fixture
def case(
    client: CheckedClient, database: sa.Engine, clock: MovableClock, identities: tuple[Identity, ...]
) -> OpenedCase:
    """A Danish complaint with two letters, and one more that was sent later."""
    journey = Rehearsed(client, Language.DA, "complaint", {**LEAST, "municipality": "rudersdal"}, LETTERS)
    reference = reference_of(journey.send())
    add(client, journey, File(name="Afgørelse.txt", content=b"later"))
    return open_case(database, clock, identities, reference, actor="staff:x")


def packed(case: OpenedCase, settings: Settings, clock: MovableClock) -> zipfile.ZipFile:
    complaint = Complaint(outcome=ComplaintOutcome.NOT_UPHELD, reconsidered_on=clock().date())
    rules = rules_for(Country.DENMARK)
    made = package(case, complaint, rules, settings.deployment, language=Language.DA, made_at=clock())
    assert made == package(case, complaint, rules, settings.deployment, language=Language.DA, made_at=clock())
    return zipfile.ZipFile(io.BytesIO(made))


def test_the_originals_go_along_under_harmless_names(case: OpenedCase, settings: Settings, clock: MovableClock) -> None:
    archive = packed(case, settings, clock)
    reference = case.submission.binding.reference
    assert archive.read("files/01-Afgørelse.txt") == LETTERS[0].content
    assert archive.read("files/02-x.txt") == b"x"
    assert archive.read(f"files/{reference}-1/01-Afgørelse.txt") == b"later"
    assert json.loads(archive.read("answers.json")) == case.submission.answers


def test_the_list_names_every_part_with_its_hash(case: OpenedCase, settings: Settings, clock: MovableClock) -> None:
    archive = packed(case, settings, clock)
    manifest = json.loads(archive.read("manifest.json"))
    parts = {one["name"]: (one["size"], one["sha256"]) for one in manifest["parts"]}
    assert set(archive.namelist()) == {*parts, "manifest.json"}
    for name, known in parts.items():
        content = archive.read(name)
        assert known == (len(content), sha256(content).hexdigest())
    assert manifest["reference"] == case.submission.binding.reference
    assert manifest["content_hash"] == case.submission.content_hash


def test_the_overview_is_a_tagged_danish_pdf_for_the_archive(
    case: OpenedCase, settings: Settings, clock: MovableClock
) -> None:
    with pikepdf.open(io.BytesIO(packed(case, settings, clock).read("overview.pdf"))) as pdf:
        assert str(pdf.Root.Lang) == "da-DK"
        assert pdf.Root.MarkInfo.Marked
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status.upper() == "3A"
            assert case.submission.binding.reference in metadata["dc:title"]
