"""A form on paper asks all that the form on the website asks, in every language and under both countries' rules."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from pdf_reading import read_pdf, squeezed
from sample_answers import DEPLOYMENT, NOW, PLACES, everything, start
from word_reading import read_word

from forms_app.countries import Country
from forms_app.documents.blocks import Address, Answered, Block, Heading, Paragraph, PrintedBlock, Signature, ToFill
from forms_app.documents.docx import to_docx
from forms_app.documents.paper import blank_context, blank_paper, checked_at, file_name, filled_paper
from forms_app.documents.pdf import to_pdf
from forms_app.forms.answers import fill
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, FormKey
from forms_app.forms.paper import PaperQuestion, Repeated, TickOff
from forms_app.forms.registry import FORMS
from forms_app.forms.text import say
from forms_app.language import Language, format_date, gettext, use
from forms_app.sealing.submission import FileFacts

EVERY_FORM = pytest.mark.parametrize("form", list(FormKey))
EVERY_COUNTRY = pytest.mark.parametrize("country", list(Country))
EVERY_LANGUAGE = pytest.mark.parametrize("language", list(Language))
FILES = [FileFacts(name="Vedtak.pdf", size=1_234_567, sha256="0" * 64, kind="application/pdf")]


def questions(definition: FormDefinition, context: Context) -> Iterator[PaperQuestion]:
    """All that anyone can be asked, except for files, with the questions of each row of a list."""
    for step in definition.steps:
        if step.only_in in (None, context.country) and not step.takes_files:
            for question in step.form(None, context=context).questions():
                yield question.paper()
                if isinstance(question.paper().shape, Repeated):
                    yield from question.paper().shape.questions


def texts(question: PaperQuestion) -> Iterator[str]:
    """What must be read to answer it."""
    yield question.label
    yield question.hint
    if isinstance(question.shape, TickOff):
        for box in question.shape.boxes:
            yield from (box.label, box.hint)


def around(definition: FormDefinition, context: Context) -> Iterator[str]:
    """What the pages say beside the questions."""
    for step in definition.steps:
        if step.only_in in (None, context.country):
            yield say(step.title, context)
            yield say(step.intro_on_paper or step.intro, context)
            yield from step.help(context) if step.help else ()
            yield say(step.only_if.words, context) if step.only_if else ""
    yield from (say(text, context) for text in (*definition.at_hand, *definition.next_steps))


@EVERY_LANGUAGE
@EVERY_COUNTRY
@EVERY_FORM
def test_a_blank_form_has_every_question_in_pdf_and_in_word(
    form: FormKey, country: Country, language: Language
) -> None:
    definition, context = FORMS[form], blank_context(DEPLOYMENT, country)
    with use(language):
        title = say(definition.title, context)
        blocks = blank_paper(definition, context)
        wanted = [text for question in questions(definition, context) for text in texts(question)]
        wanted += [*around(definition, context), title]
    pdf = squeezed(read_pdf(to_pdf(blocks, language=language, title=title, made_at=NOW)).text)
    word = squeezed(read_word(to_docx(blocks, language=language, title=title, made_at=NOW)).text)
    assert len(wanted) > 60
    assert [text for text in wanted if squeezed(text) not in pdf] == []
    assert [text for text in wanted if squeezed(text) not in word] == []


@EVERY_COUNTRY
def test_every_municipality_of_the_country_can_be_ticked_and_no_other(country: Country) -> None:
    definition = FORMS[FormKey.COMPLAINT]
    fields = [one for one in blank_paper(definition, blank_context(DEPLOYMENT, country)) if isinstance(one, ToFill)]
    assert isinstance(fields[0].question.shape, TickOff)
    assert [box.label for box in fields[0].question.shape.boxes] == [one.name for one in DEPLOYMENT.of_country(country)]


def test_a_known_postal_address_is_printed_and_an_unknown_one_leaves_room() -> None:
    context = blank_context(DEPLOYMENT, Country.NORWAY)
    first, *others = context.municipalities
    known = replace(first, contact=replace(first.contact, postal_address="Postboks 123\n4836 Arendal"))
    context = replace(context, municipalities=(known, *others))
    blocks = blank_paper(FORMS[FormKey.APPLICATION], context)
    assert [one for one in blocks if isinstance(one, Address)] == [
        Address("Arendal", ("Postboks 123", "4836 Arendal")),
        Address(", ".join(one.name for one in others), ()),
    ]


def test_the_giver_of_a_power_of_attorney_signs_and_otherwise_the_sender() -> None:
    context = blank_context(DEPLOYMENT, Country.NORWAY)
    signed = {
        key: [one.who for one in blank_paper(definition, context) if isinstance(one, Signature)]
        for key, definition in FORMS.items()
    }
    assert signed == {
        FormKey.APPLICATION: ["Underskriften din"],
        FormKey.POWER_OF_ATTORNEY: ["Underskriften til den som gir fullmakten"],
        FormKey.COMPLAINT: ["Underskriften din"],
    }
    power = sentences(blank_paper(FORMS[FormKey.POWER_OF_ATTORNEY], context))
    assert not any("elektronisk signatur" in one for one in power)


def test_a_complaint_on_paper_tells_the_deadline() -> None:
    told = sentences(blank_paper(FORMS[FormKey.COMPLAINT], blank_context(DEPLOYMENT, Country.NORWAY)))
    assert any("3 uker, 4 uker eller 6 uker" in one for one in told)
    assert "Du kan sende klagen også etter at fristen er ute." in told


def test_a_blank_form_says_of_when_its_rules_are() -> None:
    told = sentences(blank_paper(FORMS[FormKey.COMPLAINT], blank_context(DEPLOYMENT, Country.DENMARK)))
    assert format_date(checked_at(Country.DENMARK).date()) in told[-1]
    assert checked_at(Country.DENMARK).date() >= date(2026, 11, 21)


def test_each_language_and_country_has_a_file_of_its_own() -> None:
    names = {
        (language, file_name(definition, country, language, ending))
        for language in Language
        for definition in FORMS.values()
        for country in Country
        for ending in ("pdf", "docx")
    }
    assert len(names) == 36
    assert (Language.DA, "anmodning-dk.pdf") in names


def sentences(blocks: list[PrintedBlock]) -> list[str]:
    return [one.text for one in blocks if isinstance(one, Paragraph)]


def filled_blocks(form: FormKey, steps: int, role: str = "child") -> list[PrintedBlock]:
    """A draft whose first `steps` pages are filled in."""
    typed = everything(form, Country.NORWAY, role=role)
    met = fill(FORMS[form], typed, start())
    done = {one.step.key: typed[one.step.key] for one in met.steps[:steps]}
    return filled_paper(fill(FORMS[form], done, start()), FILES)


def split(blocks: list[PrintedBlock]) -> tuple[list[str], list[str]]:
    """The questions that are answered, and those to fill in."""
    return (
        [one.question for one in blocks if isinstance(one, Answered)],
        [one.question.label for one in blocks if isinstance(one, ToFill)],
    )


@EVERY_LANGUAGE
@EVERY_FORM
@pytest.mark.parametrize("steps", [0, 1, 2, 5, 30])
def test_a_half_filled_form_shows_each_question_once(form: FormKey, language: Language, steps: int) -> None:
    with use(language):
        blocks = filled_blocks(form, steps)
        context = blank_context(DEPLOYMENT, Country.NORWAY)
        answered, open_questions = split(blocks)
        everything_asked = [one.label for one in questions(FORMS[form], context)]
        in_rows = row_labels(FORMS[form], context)
        papers = gettext("Papers in the envelope")
    shown = [*answered, *open_questions]
    assert set(open_questions) <= {*everything_asked, papers}
    for label in set(shown):
        assert shown.count(label) <= max(1, everything_asked.count(label))
    if steps == 0:
        assert set(everything_asked) - set(shown) <= in_rows
    if steps == 30:
        assert open_questions == [papers]


def row_labels(definition: FormDefinition, context: Context) -> set[str]:
    """Labels inside a list, which stand in its shape."""
    shapes = [one.shape for one in questions(definition, context)]
    return {inner.label for shape in shapes if isinstance(shape, Repeated) for inner in shape.questions}


def headings(blocks: list[PrintedBlock]) -> list[str]:
    return [one.step for one in blocks if isinstance(one, Heading) and one.step]


def test_steps_that_the_answers_rule_out_are_left_out() -> None:
    steps = headings(filled_blocks(FormKey.APPLICATION, 2))
    assert {"child", "parents", "sender"} <= set(steps)
    assert {"myself", "another", "authority"} & set(steps) == set()


def test_steps_that_may_come_stand_with_their_condition() -> None:
    blocks = filled_blocks(FormKey.APPLICATION, 1)
    conditions = [say(one.only_if.words, start()) for one in FORMS[FormKey.APPLICATION].steps if one.only_if]
    assert {"child", "parents", "sender", "myself", "another", "authority"} <= set(headings(blocks))
    assert [one for one in sentences(blocks) if one in conditions] == conditions


def test_a_half_filled_form_becomes_a_pdf() -> None:
    pdf = to_pdf(filled_blocks(FormKey.APPLICATION, 6), language=Language.NB, title="Søknad", made_at=NOW)
    text = squeezed(read_pdf(pdf).text)
    for shown in ("Answer to name_of_person", "Hva ber du om?", "Vedtak.pdf", "Dette er kladden din"):
        assert squeezed(shown) in text


def test_only_the_chosen_municipality_is_written_to() -> None:
    blocks = filled_blocks(FormKey.COMPLAINT, 1)
    names = [one.name for one in blocks if isinstance(one, Address)]
    assert names == [DEPLOYMENT.name_of(PLACES[Country.NORWAY])]


def test_files_of_the_draft_are_named_and_must_be_printed() -> None:
    blocks: list[Block | PrintedBlock] = [*filled_blocks(FormKey.COMPLAINT, 3)]
    assert Answered("Filer", ("Vedtak.pdf (1,2 MB)",)) in blocks
    assert "Disse filene ligger bare i kladden på nettstedet. Legg kopier av dem i konvolutten." in sentences(blocks)


def test_a_page_that_was_begun_keeps_what_was_typed_though_it_is_not_right_yet() -> None:
    typed = {"municipality": {"municipality": ["arendal"]}, "reach": {"phone": ["12"], "interpreter": ["polsk"]}}
    blocks = filled_paper(fill(FORMS[FormKey.COMPLAINT], typed, start()), ())
    shown = {one.question: one.lines for one in blocks if isinstance(one, Answered)}
    assert shown["Trenger du tolk? Skriv hvilket språk."] == ("polsk",)
    assert shown["Telefon"] == ("12",)
