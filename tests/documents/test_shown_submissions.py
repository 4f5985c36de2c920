"""A submission is shown whole: every question that was asked, and exactly what was answered."""

import re
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from proper_html import parsed
from sample_answers import DEPLOYMENT, as_little_as_possible, everything, filled, start

from forms_app.countries import Country
from forms_app.documents.blocks import Answered, Block, Heading, Paragraph
from forms_app.documents.html import to_html
from forms_app.documents.submission import answered, case_file
from forms_app.documents.text import to_text
from forms_app.forms.answers import FilledForm, fill
from forms_app.forms.definition import FormKey
from forms_app.forms.registry import FORMS
from forms_app.forms.text import say
from forms_app.language import Language, gettext, use
from forms_app.sealing.submission import Binding, FileFacts, OpenedSubmission

EVERY_FORM = pytest.mark.parametrize("form", list(FormKey))
EVERY_COUNTRY = pytest.mark.parametrize("country", list(Country))
EVERY_LANGUAGE = pytest.mark.parametrize("language", list(Language))

AWKWARD = [
    "<script>alert(1)</script>",
    "</dd></dl></body>",
    "<!-- \"--> 'quotes' & &amp; &lt;",
    "first line\nsecond line\n\n  indented",
    "👩‍👩‍👧 æøå ÆØÅ Ŋŋ أحتاج",
    "%(time)s {0} {{ fact }} %s",
    "x" * 5000,
]


FILES = [
    FileFacts(name=name, size=size, sha256="0" * 64, kind="application/pdf")
    for name, size in (("Vedtak frå <kommunen>.pdf", 1_234_567), ('"brev" & svar.jpg', 999))
]


def test_a_case_worker_is_told_what_to_know_before_opening_a_file() -> None:
    files = [
        FileFacts.of(b"a", name="brev.pdf", kind="application/pdf"),
        FileFacts.of(b"b", name="aktiv.pdf", kind="application/pdf", flags=("active", "unscanned"), cleaned=b"c"),
        FileFacts.of(b"d", name="bilde.jpg", kind="image/jpeg", cleaned=b"e"),
        FileFacts.of(b"f", name="bilde.heic", kind="image/heic", flags=("unchecked",)),
    ]
    walked = filled(FormKey.APPLICATION, Country.NORWAY)
    (notes,) = [
        one.lines
        for one in shown(walked, files)
        if isinstance(one, Answered) and one.question == gettext("Before you open the files")
    ]
    assert [line.partition(": ")[0] for line in notes] == ["aktiv.pdf", "bilde.jpg", "bilde.heic"]
    assert [line.count(".") for line in notes] == [4, 2, 2]
    assert gettext("Open the cleaned copy.") in notes[1]
    plain = [one.question for one in shown(walked, files[:1]) if isinstance(one, Answered)]
    assert gettext("Before you open the files") not in plain


def shown(walked: FilledForm, files: list[FileFacts], language: Language = Language.NB) -> list[Block]:
    """The case file of a form that is filled in; the caller has set the language."""
    binding = Binding(
        submission_id="an id",
        reference="K7M2-9QXA",
        municipality=str(walked.context.answers["municipality"]),
        form=walked.definition.key,
        form_version=walked.definition.version,
        language=language,
        accepted_at=datetime(2026, 11, 22, 10, 15, tzinfo=UTC),
    )
    opened = OpenedSubmission(binding=binding, answers=walked.answers, salt="00", content_hash="00", files=tuple(files))
    return case_file(opened, DEPLOYMENT)


def text_of(element: Element) -> str:
    """As a reader sees it: line breaks are lines."""
    for line_break in element.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    return "".join(element.itertext())


def answers_on(page: str) -> list[tuple[str, str]]:
    """Question and answer, in order."""
    root = parsed(page)
    questions = [text_of(one) for one in root.iter("dt")]
    return list(zip(questions, [text_of(one) for one in root.iter("dd")], strict=True))


def story_form(story: str) -> FilledForm:
    """An application whose situation is `story`."""
    typed = everything(FormKey.APPLICATION, Country.NORWAY, role="myself")
    return fill(FORMS[FormKey.APPLICATION], {**typed, "situation": {"situation": [story]}}, start())


@EVERY_LANGUAGE
@EVERY_COUNTRY
@EVERY_FORM
def test_every_question_that_was_asked_is_shown_once_and_in_order(
    form: FormKey, country: Country, language: Language
) -> None:
    with use(language):
        walked = fill(FORMS[form], everything(form, country, role="child"), start())
        asked = [
            gettext("Files") if filled_step.step.takes_files else question.label.text  # type: ignore[attr-defined]
            for filled_step in walked.steps
            for question in filled_step.form.questions()
        ]
        blocks = list(answered(FORMS[form], walked.context, walked.answers, FILES))
        assert [block.question for block in blocks if isinstance(block, Answered)] == asked
        assert [block.text for block in blocks if isinstance(block, Heading)] == [
            say(one.step.title, walked.context) for one in walked.steps
        ]
        page = to_html("title", blocks)
        assert [question for question, unused_answer in answers_on(page)] == asked
        text = to_text(blocks)
        assert all(question in text for question in asked)


@EVERY_LANGUAGE
@EVERY_FORM
def test_a_case_file_says_what_stands_around_the_answers(form: FormKey, language: Language) -> None:
    with use(language):
        walked = filled(form, Country.DENMARK, role="other")
        text = to_text(shown(walked, FILES, Language.NN))
    assert "K7M2-9QXA" in text
    assert "Rudersdal" in text
    assert "Nynorsk" in text
    assert re.search(r"22\. november 2026 \S+ 11[:.]15", text)
    assert "Vedtak frå <kommunen>.pdf (1,2 MB)" in text
    assert '"brev" & svar.jpg (1 kB)' in text


@pytest.mark.parametrize("story", AWKWARD)
def test_what_was_typed_is_shown_to_the_letter_in_html(story: str) -> None:
    with use(Language.NB):
        page = to_html("Søknad", shown(story_form(story), FILES))
        question = gettext("Files")
        shown_answers = dict(answers_on(page))
    assert story in shown_answers.values()
    assert shown_answers[question].splitlines() == ["Vedtak frå <kommunen>.pdf (1,2 MB)", '"brev" & svar.jpg (1 kB)']


@pytest.mark.parametrize("story", AWKWARD)
def test_what_was_typed_is_shown_to_the_letter_in_text(story: str) -> None:
    with use(Language.NB):
        text = to_text(shown(story_form(story), []))
    assert "".join(f"    {line}\n" for line in story.split("\n")) in text


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(max_size=200))
def test_nothing_that_is_typed_breaks_the_page(story: str) -> None:
    with use(Language.DA):
        walked = story_form(story)
        sent = walked.answers["situation"]["situation"]
        page = to_html("Anmodning", shown(walked, []))
        root = parsed(page)
        assert (sent or gettext("Not answered")) in [answer for unused_question, answer in answers_on(page)]
    assert list(root.iter("script")) == []


@pytest.mark.parametrize("text", AWKWARD)
def test_titles_headings_sentences_and_questions_are_escaped_too(text: str) -> None:
    page = to_html(text, [Heading(text), Paragraph(text), Answered(text, (text,))])
    root = parsed(page)
    assert list(root.iter("script")) == []
    for tag in ("title", "h1", "p", "dt", "dd"):
        (element,) = root.iter(tag)
        assert text_of(element) == text


@EVERY_LANGUAGE
def test_a_page_says_its_language_and_has_one_first_heading(language: Language) -> None:
    with use(language):
        walked = filled(FormKey.COMPLAINT, Country.NORWAY, role="myself")
        page = to_html("Klage", shown(walked, FILES))
    root = parsed(page)
    assert root.get("lang") == language
    assert len(list(root.iter("h1"))) == 1
    assert len(list(root.iter("h2"))) == len(walked.steps)


@EVERY_LANGUAGE
def test_a_page_needs_nothing_from_elsewhere(language: Language) -> None:
    with use(language):
        root = parsed(to_html("t", shown(filled(FormKey.APPLICATION, Country.NORWAY, role="child"), FILES)))
    assert not {"link", "img", "script", "iframe", "base"} & {one.tag for one in root.iter()}
    assert all("src" not in one.attrib and "href" not in one.attrib for one in root.iter())


@EVERY_LANGUAGE
@EVERY_FORM
def test_what_was_not_answered_is_said_to_be_so(form: FormKey, language: Language) -> None:
    with use(language):
        walked = fill(FORMS[form], as_little_as_possible(form, Country.NORWAY, role="myself"), start())
        blocks = shown(walked, [])
        words = gettext("Not answered")
        unanswered = [block for block in blocks if isinstance(block, Answered) and not block.lines]
        assert unanswered
        assert to_text(blocks).count(f"    {words}\n") == len(unanswered)
        assert [answer for unused_question, answer in answers_on(to_html("t", blocks))].count(words) == len(unanswered)


def test_a_submission_is_read_in_the_case_workers_own_language() -> None:
    with use(Language.DA):
        walked = filled(FormKey.APPLICATION, Country.NORWAY, role="myself")
    with use(Language.NN):
        text = to_text(shown(walked, []))
        label = gettext("What is the situation?")
    assert label in text
    assert "Bjørnafjorden" in text


def test_a_choice_that_is_no_longer_offered_is_shown_as_it_was_sent() -> None:
    walked = filled(FormKey.APPLICATION, Country.NORWAY, role="myself")
    answers = {**walked.answers, "needs": {"wanted": ["time_machine"], "related": []}}
    text = to_text(answered(walked.definition, walked.context, answers, []))
    assert "    time_machine\n" in text
