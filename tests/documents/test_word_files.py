"""A Word file can be read aloud and filled in: headings, language, names of fields, header rows."""

from datetime import UTC, datetime

import pytest
from test_pdf_structure import EVERY_BLOCK
from word_reading import WordReading, read_word

from forms_app.documents.docx import to_docx
from forms_app.language import Language

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


@pytest.fixture(scope="module", params=list(Language))
def everything(request: pytest.FixtureRequest) -> tuple[Language, WordReading]:
    content = to_docx(EVERY_BLOCK, language=request.param, title="The title", made_at=NOW)
    return request.param, read_word(content)


def test_it_has_its_language_and_its_title_and_no_author(everything: tuple[Language, WordReading]) -> None:
    language, reading = everything
    assert reading.language == reading.default_language == language.locale.replace("_", "-")
    assert reading.title == "The title"
    assert reading.author == ""


def test_headings_are_headings_and_skip_no_level(everything: tuple[Language, WordReading]) -> None:
    unused_language, reading = everything
    assert reading.headings[:3] == [(1, "The title"), (2, "A section"), (3, "Answered question")]
    levels = [level for level, unused_text in reading.headings]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert (4, "Place 2") in reading.headings


def test_what_is_to_be_filled_in_has_a_name(everything: tuple[Language, WordReading]) -> None:
    unused_language, reading = everything
    assert {"Lines", "Name", "Who signs"} <= set(reading.fields)
    assert any(name.startswith("Day (") for name in reading.fields)
    assert reading.fields.count("Name") == 2
    assert {"First choice: Boxes", "Second choice: Boxes", "Statement"} <= set(reading.ticks)
    assert all(0 < len(name) <= 64 for name in [*reading.fields, *reading.ticks])


def test_tables_name_their_columns(everything: tuple[Language, WordReading]) -> None:
    unused_language, reading = everything
    assert reading.header_rows[0] == ["File", "Size"]
    assert len(reading.header_rows) == 2


def test_answers_and_addresses_are_there(everything: tuple[Language, WordReading]) -> None:
    unused_language, reading = everything
    for text in ("Answered question", "one line\nanother line", "Postboks 1\n4836 Arendal", "letter.pdf", "ABCD"):
        assert text in reading.text


def test_the_same_blocks_make_the_same_bytes() -> None:
    first, second = (to_docx(EVERY_BLOCK, language=Language.NB, title="T", made_at=NOW) for unused in range(2))
    assert first == second
