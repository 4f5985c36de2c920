"""LIX is counted as Björnsson defined it, and a page that is too hard to read is found at its longest sentence."""

from pathlib import Path

import pytest
from guidance_project import ROOT, page_text

from forms_app.language import Language
from guidance.findings import Rule
from guidance.lix import Lix, check, check_median, measure, measure_texts, median_of, table
from guidance.pages import Page, Pages, parse_page, read_pages

EASY = "Du kan ring oss nå. " * 30
"""Five short words a sentence: LIX 5."""
HARD = "Saksbehandlingen forutsetter skriftlighet. " * 40
"""Three long words a sentence: LIX 103."""


def page(text: str, *, path: str = "klage.md", more: str = "") -> Page:
    return parse_page(Language.NB, path, page_text("Klage", text).replace("owner:", f"{more}owner:"))


def pages(*found: Page) -> Pages:
    return {(one.language, one.path): one for one in found}


def test_lix_is_words_a_sentence_and_long_words_in_a_hundred() -> None:
    # Six words in each sentence and one in three of seven letters or more: 6 + 33.3.
    text = "Du kan klage digitalt eller skriftlig. " * 20
    assert measure_texts([text]) == Lix(words=120, value=39)


def test_a_word_of_six_letters_is_short_and_signs_are_no_letters() -> None:
    assert measure_texts(["Klager e-post NAV-et nr. 2 her. " * 20]) == Lix(words=120, value=6)


@pytest.mark.parametrize(
    ("text", "words_a_sentence"),
    [
        ("Ring oss. Vi svarer!", 2),
        ("Hva nå? «Ring.» Ja. Nei.", 1),
        ("Se nr. 2 og f.eks. side 4 den 1. juni.", 11),
        ("Dette er det: Vi svarer på alt.", 4),
        ("Dette er det: et svar på alt.", 7),
        ("Ja … Nei.", 1),
        ("Dette er\nen lang linje.", 5),
    ],
)
def test_a_sentence_ends_where_a_reader_stops(text: str, words_a_sentence: int) -> None:
    assert measure_texts([text] * 100).value == words_a_sentence


def test_headings_items_and_cells_end_a_sentence() -> None:
    items = measure(page("- Ring oss i dag\n" * 40))
    assert items == Lix(words=161, value=4)
    assert measure(page("| Ring oss i dag | Ring oss i dag |\n" * 20)).value == 4


def test_a_short_text_is_not_judged() -> None:
    assert measure_texts(["Saksbehandlingstidsforlengelse. " * 99]) == Lix(words=99, value=None)
    assert measure_texts([]) == Lix(words=0, value=None)


def test_title_and_description_do_not_count() -> None:
    assert measure(page(EASY)).words == 151


def test_an_easy_page_is_left_in_peace() -> None:
    assert check(pages(page(EASY))) == []


def test_a_hard_page_is_found_at_its_longest_sentence() -> None:
    longest = "Kommunen behandler skriftlige henvendelser uten unødvendig opphold."
    hard = page(f"{HARD}\n\n{EASY}\n{longest}")
    (found,) = check(pages(hard))
    assert (found.rule, found.where, found.line) == (
        Rule.LIX,
        "docs/nb/klage.md",
        hard.line_of(hard.body.index(longest)),
    )
    assert found.message.startswith("LIX er ")
    assert "grensen er 45" in found.message
    assert "Setningen med flest ord har 7" in found.message


def test_a_page_may_have_its_own_limit() -> None:
    value = measure(page(HARD)).value
    assert check(pages(page(HARD, more=f"lix_max: {value}\n"))) == []
    (found,) = check(pages(page(EASY, more="lix_max: 4\n")))
    assert "grensen er 4;" in found.message


def test_a_hard_draft_stops_nothing() -> None:
    (found,) = check(pages(page(HARD, more="status: draft\n")))
    assert found.is_unpublished


def test_the_median_is_of_published_pages_for_citizens() -> None:
    others = (page(HARD, path="b.md", more="status: draft\n"), page(HARD, path="c.md", more="audience: editors\n"))
    found = pages(page(EASY, path="a.md"), page("Kort.", path="d.md"), *others)
    assert median_of(found) == 5
    assert check_median(found) == []
    assert [one.path for one, _ in table(found)] == ["a.md", "d.md"]
    assert median_of(pages(page("Kort."))) is None


def test_pages_too_hard_on_the_whole_are_found_with_the_hardest_first() -> None:
    (found,) = check_median(pages(page(EASY, path="a.md"), page(HARD, path="b.md"), page(HARD, path="c.md")))
    assert (found.rule, found.where, found.line) == (Rule.LIX_MEDIAN, "docs", 0)
    assert f"LIX {measure(page(HARD)).value} eller mer" in found.message
    assert found.message.endswith("docs/nb/b.md, docs/nb/c.md, docs/nb/a.md")


def test_the_pages_we_have_are_easy_enough() -> None:
    found = read_pages(Path(ROOT / "docs"))
    assert [str(one) for one in [*check(found), *check_median(found)]] == []
