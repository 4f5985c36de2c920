"""Each language keeps to its own words, and the term file does not contradict itself."""

from dataclasses import replace
from pathlib import Path

import pytest
from guidance_project import ROOT, Project

from forms_app.language import Language
from guidance.findings import Rule
from guidance.pages import read_pages
from guidance.purity import check, check_messages
from guidance.terms import table, vocabulary

BOTH_WAYS = ("nynorsk", "dansk")
ONE_WAY = ("wrong_in_nynorsk", "nynorsk_norm", "wrong_in_bokmal", "wrong_in_danish", "wrong_in_norwegian")
EVERY_LANGUAGE = pytest.mark.parametrize("language", list(Language))


def wrong(language: Language, text: str) -> list[str]:
    return [hit.message for hit in vocabulary(language).hits(text)]


def catalogue(folder: Path, language: str, *, entries: str) -> None:
    file = folder / "translations" / language / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    file.write_text(f'msgid ""\nmsgstr "Language: {language}\\n"\n\n{entries}', "utf-8")


@pytest.mark.parametrize(
    ("path", "old", "new", "messages"),
    [
        ("nn/klage.md", "Fristen er", "Fristen er ikke", ["«ikke» er bokmål; skriv «ikkje»"]),
        ("nn/klage.md", "Fristen er", "Hugs at me har", ["«me» er ikke vår nynorsk; skriv «vi»"]),
        ("nn/klage.md", "Fristen er", "Ei uge er", ["«uge» er dansk; skriv «veke»"]),
        ("nn/klage.md", "Fristen er", "Vent et år:", ["«et» er bokmål; skriv «eit»"]),
        ("nb/klage.md", "Fristen er", "Kva er", ["«Kva» er nynorsk; skriv «hva»"]),
        ("nb/klage.md", "Fristen er", "En afgørelse:", ["«afgørelse» er dansk; skriv «avgjørelse» eller «vedtak»"]),
        ("nb/klage.md", "Klag her", "Sei frå her", ["«Sei frå» er nynorsk; skriv «si fra»"]),
        ("nb/klage.md", "En kort side", "Ein kort side", ["«Ein» er nynorsk; skriv «en»"]),
        ("nn/klage.md", "eining", "enhet", ["«enhet» er bokmål; skriv «eining»"]),
        ("da/index.md", "{{ contacts }}", "Få hjelp, eller", ["«hjelp» er norsk; skriv «hjælp»"]),
        (
            "da/index.md",
            "{{ contacts }}",
            "Tre\nveker ikkje",
            ["«veker» er norsk; skriv «uger»", "«ikkje» er norsk; skriv «ikke»"],
        ),
    ],
)
def test_a_word_of_another_language_is_found_once_on_its_line(
    project: Project, path: str, old: str, new: str, messages: list[str]
) -> None:
    project.change(path, old, new)
    text = (project.docs / path).read_text("utf-8")
    line = 1 + text.count("\n", 0, text.index(new.split("\n")[-1]))
    found = [(one.rule, one.where, one.line, one.message) for one in check(read_pages(project.docs))]
    assert found == [(Rule.PURITY, f"docs/{path}", line, message) for message in messages]


def test_pages_in_their_own_languages_are_left_in_peace(project: Project) -> None:
    assert check(read_pages(project.docs)) == []


def test_a_term_from_the_other_country_is_left_in_peace_when_it_is_marked(project: Project) -> None:
    project.change("nb/klage.md", "[norge]", "[danmark]")
    project.change("nb/klage.md", "Fristen er {{ fact.appeal_health }}.", "Det heter *afgørelse*.")
    project.change("da/index.md", "{{ contacts }}", 'Det hedder *vedtak*{ lang="nb" }.')
    assert check(read_pages(project.docs)) == []


def test_a_page_in_english_is_left_in_peace(project: Project) -> None:
    project.change("nb/klage.md", "owner:", "text_language: en\nowner:")
    project.change("nb/klage.md", "Fristen er", "No, ho ho:")
    assert check(read_pages(project.docs)) == []


def test_a_fault_in_a_draft_stops_nothing(project: Project) -> None:
    project.change("nn/klage.md", "owner:", "status: draft\nowner:")
    project.change("nn/klage.md", "Fristen er", "Fristen er ikke")
    assert [one.is_unpublished for one in check(read_pages(project.docs))] == [True]


def test_the_pages_and_messages_we_have_are_clean() -> None:
    assert [str(one) for one in check(read_pages(ROOT / "docs"))] == []
    assert [str(one) for one in check_messages(ROOT / "translations")] == []


def test_a_message_in_another_language_is_found_on_its_line(tmp_path: Path) -> None:
    entries = 'msgid "Wait"\nmsgstr "Vent her"\n\nmsgid "%(count)d week"\nmsgid_plural "%(count)d weeks"\n'
    entries += 'msgstr[0] "Ei veke på %(ikke)s"\nmsgstr[1] "%(count)d uker på https://ikke.no"\n'
    catalogue(tmp_path, "nn", entries=entries)
    (found,) = check_messages(tmp_path / "translations")
    assert (found.rule, found.where, found.line, found.message) == (
        Rule.MESSAGE_PURITY,
        "translations/nn/LC_MESSAGES/messages.po",
        7,
        "«uker» er bokmål; skriv «veker»",
    )


def test_only_whole_words_count() -> None:
    assert wrong(Language.NN, "Ikkje sikkert: ikkeviten, BankID-en, app-ikke.") == []
    assert wrong(Language.NN, "IKKE-digital") == ["«IKKE» er bokmål; skriv «ikkje»"]


def test_a_phrase_counts_once_and_its_words_not_at_all() -> None:
    assert wrong(Language.NB, "Sei  frå") == ["«Sei frå» er nynorsk; skriv «si fra»"]
    assert wrong(Language.NB, "gjeld, det") == []


def test_a_name_is_allowed_as_a_whole_only() -> None:
    assert wrong(Language.NN, "standard EN 301 549") == []
    assert wrong(Language.NN, "en standard") == ["«en» er bokmål; skriv «ein»"]
    assert wrong(Language.DA, "koordinator (barnekoordinator)") == []
    assert len(wrong(Language.DA, "en barnekoordinator")) == 1


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_a_table_that_works_both_ways_is_long_enough(name: str) -> None:
    assert len(table(name)) >= 150
    assert len({one for instead in table(name).values() for one in instead}) >= 150


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_no_word_stands_on_both_sides(name: str) -> None:
    right = {one for instead in table(name).values() for one in instead}
    assert table(name).keys() & right == set()


@pytest.mark.parametrize("name", [*BOTH_WAYS, *ONE_WAY])
def test_entries_are_in_small_letters_and_say_what_to_write(name: str) -> None:
    for word, instead in table(name).items():
        assert word == word.lower() == " ".join(word.split())
        assert instead
        assert all(instead)
        assert word not in instead


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (Language.NN, ("nynorsk", "wrong_in_nynorsk", "nynorsk_norm")),
        (Language.DA, ("dansk", "wrong_in_danish")),
    ],
)
def test_no_word_is_listed_twice(language: Language, names: tuple[str, ...]) -> None:
    listed = [word for name in names for word in table(name)]
    assert len(listed) == len(set(listed)), language


@EVERY_LANGUAGE
def test_what_we_say_to_write_is_never_itself_wrong(language: Language) -> None:
    for word, term in vocabulary(language).terms.items():
        for instead in term.instead:
            assert wrong(language, instead) == [], word


@EVERY_LANGUAGE
def test_every_exception_is_still_needed(language: Language) -> None:
    strict = replace(vocabulary(language), allowed=())
    for phrase in vocabulary(language).allowed:
        assert list(strict.hits(phrase)), phrase
        assert wrong(language, phrase) == []


@EVERY_LANGUAGE
def test_the_pages_of_one_language_would_be_caught_in_another(language: Language) -> None:
    pages = read_pages(ROOT / "docs")
    for other in set(Language) - {language}:
        for path in ("koordinator.md", "klage.md", "fullmakt.md"):
            taken = replace(pages[language, path], language=other)
            assert len(check({(other, path): taken})) > 50, other
