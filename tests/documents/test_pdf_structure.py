"""A PDF says what it is to programs: its language, its title, what is a heading, and what lies inside it."""

import re
from datetime import UTC, datetime

import pytest
from pdf_reading import Reading, read_pdf, squeezed

from forms_app.documents import pdf
from forms_app.documents.blocks import (
    Address,
    Answered,
    Bullets,
    Card,
    Heading,
    Paragraph,
    PrintedBlock,
    Signature,
    Table,
    ToFill,
)
from forms_app.documents.pdf import PdfFailed, to_pdf
from forms_app.forms.paper import Box, DateBoxes, PaperQuestion, PaperShape, Repeated, TickOff, TickThis, WriteOn
from forms_app.language import Language, gettext, use

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
EVERY_LANGUAGE = pytest.mark.parametrize("language", list(Language))


def asked(label: str, shape: PaperShape, *, is_required: bool = False) -> PaperQuestion:
    return PaperQuestion(label, f"Hint of {label}", is_required, shape)


BOXES = TickOff((Box("First choice", "Its hint"), Box("Second choice")), takes_several=True)
EVERY_BLOCK: list[PrintedBlock] = [
    Heading("The title"),
    Answered("Before any section", ("x",)),
    Paragraph("A sentence.\nAnother line."),
    Heading("A section"),
    Answered("Answered question", ("one line", "another line")),
    Answered("Unanswered question", ()),
    Bullets(("First point", "Second point")),
    Table(("File", "Size"), (("letter.pdf", "1 kB"), ("photo.jpg", "2 MB"))),
    ToFill(asked("Lines", WriteOn(lines=3), is_required=True)),
    ToFill(asked("Boxes", BOXES)),
    ToFill(asked("Statement", TickThis())),
    ToFill(asked("Day", DateBoxes())),
    ToFill(asked("Places", Repeated("Place", 2, (asked("Name", WriteOn(lines=1)), asked("Kind", BOXES))))),
    Signature("Who signs"),
    Address("Arendal", ("Postboks 1", "4836 Arendal")),
    Address("Kristiansand", ()),
    Card(("ABCD", "EFGH", "JKMN", "PQRS", "TVWX", "YZ01", "2345")),
]


def made(
    blocks: list[PrintedBlock],
    language: Language = Language.NB,
    title: str = "The title",
    attachment: bytes | None = None,
) -> bytes:
    return to_pdf(
        blocks,
        language=language,
        title=title,
        made_at=NOW,
        attachment=attachment,
        attachment_name="kvittering.json",
    )


@pytest.fixture(scope="module", params=list(Language))
def everything(request: pytest.FixtureRequest) -> tuple[Language, Reading]:
    return request.param, read_pdf(made(EVERY_BLOCK, request.param, attachment=b'{"a": "\xc3\xa6"}'))


def test_it_claims_to_be_for_archives_and_for_everybody(everything: tuple[Language, Reading]) -> None:
    unused_language, reading = everything
    claims = dict(re.findall(r"(pdfa?(?:ua)?id:\w+)>([^<]+)<", reading.metadata))
    assert claims["pdfaid:part"] == "3"
    assert claims["pdfaid:conformance"] == "A"
    assert claims["pdfuaid:part"] == "1"


def test_it_has_its_language_and_its_title(everything: tuple[Language, Reading]) -> None:
    language, reading = everything
    assert reading.language == language.locale.replace("_", "-")
    assert reading.title == "The title"
    assert reading.shows_title


def test_what_is_what_is_tagged(everything: tuple[Language, Reading]) -> None:
    unused_language, reading = everything
    assert reading.is_marked
    assert reading.tags[0] == "Document"
    assert {"H1", "H2", "H3", "H4", "P", "L", "LI", "LBody", "Table", "THead", "TBody", "TR", "TH", "TD"} <= set(
        reading.tags
    )
    assert reading.tags.count("H1") == 1
    assert reading.tags.count("H2") == 1
    assert reading.tags.count("TH") == 2 + 7


def test_no_heading_skips_a_level(everything: tuple[Language, Reading]) -> None:
    unused_language, reading = everything
    levels = [int(tag[1]) for tag in reading.tags if re.fullmatch(r"H[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_the_answers_lie_inside_as_data(everything: tuple[Language, Reading]) -> None:
    unused_language, reading = everything
    assert reading.attachments == {"kvittering.json": b'{"a": "\xc3\xa6"}'}
    assert reading.relationships == ["/Data"]


def test_every_text_is_on_the_page_and_can_be_read_out(everything: tuple[Language, Reading]) -> None:
    language, reading = everything
    text = squeezed(reading.text)
    with use(language):
        own = [gettext("Not answered"), gettext("Date"), gettext("Write the postal address of the municipality here.")]
        own += [gettext("You can tick more than one."), gettext("Day"), gettext("Month"), gettext("Year")]
        own.append(f"Lines ({gettext('Must be answered').lower()})")
        own.append(f"{gettext('Page')} 1 {gettext('of')} {reading.pages}")
    shown = "The title|Before any section|A sentence.|Another line.|A section|Answered question|one line|another line"
    shown += "|First point|Second point|File|Size|letter.pdf|2 MB|Hint of Lines|First choice|Its hint|Second choice"
    shown += (
        "|Statement|Hint of Statement|Hint of Day|Place 1|Place 2|Name|Kind|Who signs|Arendal|Postboks 1|Kristiansand"
    )
    assert [one for one in [*own, *shown.split("|"), "ABCD", "2345"] if squeezed(one) not in text] == []


def test_without_an_attachment_nothing_lies_inside() -> None:
    reading = read_pdf(made([Heading("T")]))
    assert reading.attachments == {}
    assert reading.relationships == []


def test_the_same_blocks_make_the_same_bytes() -> None:
    assert made(EVERY_BLOCK, attachment=b"{}") == made(EVERY_BLOCK, attachment=b"{}")


def test_an_attachment_that_is_no_text_is_a_failure_with_a_name() -> None:
    with pytest.raises(PdfFailed):
        made([Heading("T")], attachment=b"\xff")


class PanicException(BaseException):
    """What a panic inside typst looks like."""


@pytest.mark.parametrize("fault", [RuntimeError("the text “secret”"), PanicException("secret"), MemoryError()])
def test_whatever_goes_wrong_inside_has_one_name_and_quotes_nothing(
    fault: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*unused: object, **named: object) -> bytes:
        raise fault

    monkeypatch.setattr(pdf.typst, "compile", fail)
    with pytest.raises(PdfFailed) as failed:
        made([Heading("secret")])
    assert "secret" not in str(failed.value)
    assert failed.value.__context__ is None


def test_a_stopped_process_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*unused: object, **named: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(pdf.typst, "compile", stop)
    with pytest.raises(KeyboardInterrupt):
        made([Heading("T")])
