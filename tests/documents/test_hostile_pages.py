"""Nothing that anyone can type keeps a PDF or a Word file from being made."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pdf_reading import read_pdf, squeezed
from word_reading import read_word

from forms_app.documents import pdf
from forms_app.documents.blocks import Address, Answered, Bullets, Heading, Paragraph, PrintedBlock, Table
from forms_app.documents.characters import (
    _PLAIN,
    _PRINTABLE,
    REPLACEMENT,
    breakable,
    plain,
    printable,
    unmarked,
    visible,
)
from forms_app.documents.docx import to_docx
from forms_app.documents.pdf import PdfFailed, to_pdf
from forms_app.language import Language, gettext, use

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)

LEGIBLE = {
    "Norwegian, Danish and Sámi": "Ærlig øy på Ås. Ánná Čáppa Đđ Ŋŋ Ŧŧ Žž Šš",
    "Polish, Turkish, Vietnamese": "Łódź żółć İstanbul ğüş Nguyễn Thị Hồng",
    "Ukrainian, Russian, Serbian": "Олена Щербаківська ґєії Ђорђе Љиљана",
    "Greek": "Ωμέγα ά έ ή",
    "decomposed": "A\u030are e\u0301",
    "signs": "«sitat» – 50 % ± 2 € § 2-5 … ½ № ✓ ☐",
    "what steers typst": '#set page "x" \\ $ * _ <a> @b [c] // /* */ ~ = - + `r`',
}
ODD = {
    "NUL": "a\x00b",
    "control": "a\x07\x1b[31mb\x9b",
    "half a character": "a\ud800b\udfff",
    "private use": "\ue000 \U000f0000",
    "byte order mark": "\ufeff x",
    "no characters": "\uffff\ufffe\U0001fffe",
    "turned": "a\u202eb\u2067c\u2069",
    "emoji": "Hei 😀 👩\u200d👩\u200d👧 ☺\ufe0f 🇳🇴",
    "Arabic": "أحتاج إلى مساعدة مُحَمَّد ٠١٢",
    "Hebrew": "שָׁלוֹם \u0591\u05d0\u0591",
    "Chinese": "王小明",
    "Hindi, Thai, Amharic": "नमस्ते สวัสดี ሰላም",
    "only marks": "\u0301\u0654\u094d",
    "marks on strangers": "अ\u0301 ا\u0302 א\u0308",
    "lines": "a\n\n\nb\r\nc\x0bd\u2028e\x85f\tg",
    "one word of narrow letters": "i" * 10_000,
    "one word of wide letters": "W" * 10_000,
    "one word of joined letters": "م" * 10_000,
    "a tower of marks": "a" + "\u0301" * 9_999,
    "emoji without end": "😀" * 5_000,
    "blank": " \u00a0\u3000\u200b",
    "empty": "",
}


def page_of(text: str) -> list[PrintedBlock]:
    """The text wherever a citizen's words can come: an answer, a file name, a list, an address."""
    return [
        Heading("The title"),
        Heading("A section"),
        Answered("Question", tuple(text.split("\n"))),
        Paragraph(text[:500]),
        Bullets((text[:500],)),
        Table(("File", "Size"), ((text[:300], "1 kB"), ("letter.pdf", text[:300]))),
        Address(text[:300], (text[:300],)),
    ]


def pdf_of(text: str, title: str = "The title") -> bytes:
    return to_pdf(page_of(text), language=Language.NB, title=title, made_at=NOW)


@pytest.mark.parametrize("text", LEGIBLE.values(), ids=list(LEGIBLE))
def test_the_letters_of_our_readers_stand_as_they_were_typed(text: str) -> None:
    reading = read_pdf(pdf_of(text))
    assert REPLACEMENT not in reading.text
    assert squeezed(text) in squeezed(reading.text)


@pytest.mark.parametrize("text", ODD.values(), ids=list(ODD))
def test_odd_characters_never_keep_a_file_from_being_made(text: str) -> None:
    assert read_pdf(pdf_of(text, title=text or "T")).pages < 60
    word = read_word(to_docx(page_of(text), language=Language.NB, title=text, made_at=NOW))
    assert "Question" in word.text


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(), max_size=300))
@example("\U0001f1e6\u0301\u200d\ufe0f")
def test_no_text_at_all_keeps_a_file_from_being_made(text: str) -> None:
    assert pdf_of(text).startswith(b"%PDF")
    assert to_docx(page_of(text), language=Language.NB, title=text, made_at=NOW).startswith(b"PK")


@settings(max_examples=40)
@given(st.lists(st.sampled_from(sorted(_PRINTABLE)), max_size=200).map("".join))
def test_all_that_counts_as_printable_can_be_printed_in_any_order(text: str) -> None:
    assert pdf_of(text).startswith(b"%PDF")


@pytest.mark.parametrize(("characters", "prepare"), [(_PRINTABLE, printable), (_PLAIN, plain)])
def test_every_character_of_the_tables_is_in_the_fonts(
    characters: frozenset[str], prepare: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only the first preparation is tried, so that nothing is replaced unseen.
    monkeypatch.setattr(pdf, "_PREPARATIONS", (prepare,))
    text = " ".join(one for one in sorted(characters) if one not in "\n")
    blocks: list[PrintedBlock] = [Heading("T"), Paragraph(text)]
    assert to_pdf(blocks, language=Language.NB, title="T", made_at=NOW).startswith(b"%PDF")


def test_what_cannot_be_printed_is_marked_and_said_to_be_kept() -> None:
    with use(Language.NB):
        told = gettext(
            "Some characters cannot be printed here and are shown as %(box)s. What you wrote is kept as you wrote it.",
            box=REPLACEMENT,
        )
    reading = read_pdf(pdf_of("Hei 王"))
    assert squeezed(f"Hei {REPLACEMENT}") in squeezed(reading.text)
    assert squeezed(told) in squeezed(reading.text)
    assert squeezed(told) not in squeezed(read_pdf(pdf_of("Hei")).text)


def test_a_long_word_stays_inside_the_page() -> None:
    reading = read_pdf(pdf_of("W" * 1000))
    assert max(len(line) for line in reading.text.split("\n") if "WW" in line) < 60


def test_a_page_that_cannot_be_set_at_all_is_a_failure_with_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_template", lambda: b"#panic()")
    with pytest.raises(PdfFailed):
        pdf_of("x")


def test_cleaning_again_changes_nothing() -> None:
    for text in [*LEGIBLE.values(), *ODD.values()]:
        for clean in (visible, printable, unmarked, plain):
            assert clean(clean(text)) == clean(text)


def test_a_replaced_character_takes_its_marks_and_joiners_with_it() -> None:
    assert printable("👩\u200d👩\u200d👧\ufe0f.") == f"{REPLACEMENT * 3}."
    assert printable("स\u094d") == "स\u094d"
    assert printable("สวั") == REPLACEMENT * 2


def test_only_long_words_are_given_places_to_break() -> None:
    assert breakable("short words stay", 5) == "short words stay"
    assert breakable("abcdefgh ij", 3) == "abc\u200bdef\u200bgh ij"
