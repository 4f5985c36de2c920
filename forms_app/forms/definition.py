"""What a form is: steps with one topic each, and which of them a citizen meets."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.fields.core import UnboundField

from forms_app.countries import Country
from forms_app.countries.national_id import recognised
from forms_app.forms.context import Context
from forms_app.forms.own_target import OwnTarget
from forms_app.forms.questions import Question
from forms_app.forms.text import Text
from forms_app.language import Language, catalogue, current

Typed = Mapping[str, list[str]]
"""What stood in the fields of one step, exactly as the browser sent it."""

PERSON = "person"
"""Where the summary says what tells the person it is about from all others; every text in it is a name."""
GOES_ON = "goes_on"
"""Where the summary says that a complaint is sent on at once, without looking at the decision again."""


class FormKey(StrEnum):
    """The three forms."""

    APPLICATION = "application"
    POWER_OF_ATTORNEY = "power_of_attorney"
    COMPLAINT = "complaint"


class ShadowedName(TypeError):
    """A question is named like something that its form itself uses."""


def _refuse_shadowing(form: type[Form], base: type[Form]) -> None:
    questions = {name for name, value in vars(form).items() if isinstance(value, UnboundField)}
    # WTForms gives `meta` to each form when it is made, so the class does not have it.
    shadowed = questions & {*dir(base), "meta"}
    if shadowed:
        raise ShadowedName(", ".join(sorted(shadowed)))


class _OwnMessages:
    """WTForms' own sentences from our catalogue, which, unlike theirs, has Nynorsk and Danish."""

    def gettext(self, message: str) -> str:
        return str(catalogue(current(), "wtforms").ugettext(message))

    def ngettext(self, one: str, many: str, number: int) -> str:
        return str(catalogue(current(), "wtforms").ungettext(one, many, number))


class RowForm(Form):
    """The questions of one row of a list."""

    class Meta(Form.Meta):
        """Our own sentences."""

        def get_translations(self, unused_form: Any) -> _OwnMessages:
            """Never the catalogues that ship with WTForms."""
            return _OwnMessages()

    def __init_subclass__(cls) -> None:
        _refuse_shadowing(cls, RowForm)


class StepForm(FlaskForm):
    """The questions of one page. Built from what was typed, so that a stored step and a posted one are the same
    thing.
    """

    class Meta(FlaskForm.Meta):
        """Our own sentences; the web layer switches CSRF on where a browser posts."""

        def get_translations(self, unused_form: Any) -> _OwnMessages:
            """Never the catalogues that ship with WTForms."""
            return _OwnMessages()

    def __init_subclass__(cls) -> None:
        _refuse_shadowing(cls, StepForm)

    def __init__(self, typed: Typed | None, *, context: Context, csrf: bool = False) -> None:
        """`typed` is None for a page that was never sent."""
        formdata: MultiDict[str, str] | None = None if typed is None else MultiDict(dict(typed))
        super().__init__(formdata=formdata, meta={"context": context, "csrf": csrf})
        for question in list(self.questions()):
            if question.only_in not in (None, context.country):
                del self[question.name]

    @classmethod
    def question_names(cls) -> frozenset[str]:
        """The names of all questions of the page, whichever country asks them."""
        return frozenset(name for name in dir(cls) if isinstance(getattr(cls, name), UnboundField))

    def questions(self) -> Iterator[Question]:
        """The questions in order, without the CSRF token."""
        return (one for one in self if isinstance(one, Question))

    def knows(self, field: str) -> bool:
        """Whether a field of that name, as the browser sends it, belongs to a question that is asked here."""
        return any(question.takes(field) for question in self.questions())

    def to_json(self) -> dict[str, Any]:
        """Question name to JSON value."""
        return {question.name: question.to_json() for question in self.questions()}


@dataclass(frozen=True)
class OnlyIf:
    """Met only by those who gave one of `answers` to an earlier question; `words` tells everybody who they are."""

    question: str
    answers: frozenset[str]
    words: Text

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Whether the given answers, flat, meet the condition."""
        return answers.get(self.question) in self.answers


def only_if(question: str, *answers: str, words: Text) -> OnlyIf:
    """`only_if("role", "child", words=_("Only for a child."))`."""
    return OnlyIf(question, frozenset(answers), words)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One page. `read_more` names a page of the guidance (masthead.PAGE_SLUGS). `help` returns sentences that
    depend on earlier answers and are shown above the questions. `intro_on_paper` stands instead of an intro that is
    about the website.
    """

    key: str
    slugs: Mapping[Language, str]
    title: Text
    form: type[StepForm]
    intro: Text = ""
    intro_on_paper: Text = ""
    read_more: str = ""
    only_if: OnlyIf | None = None
    only_in: Country | None = None
    help: Callable[[Context], list[str]] | None = None
    takes_files: bool = False

    def is_met(self, context: Context) -> bool:
        """Whether this citizen meets the step."""
        return self.only_in in (None, context.country) and (self.only_if is None or self.only_if.holds(context.answers))


def slugs(nb: str, nn: str, da: str) -> dict[Language, str]:
    """A word of each language for the address of a page."""
    return {Language.NB: nb, Language.NN: nn, Language.DA: da}


@dataclass(frozen=True, kw_only=True)
class FormDefinition:
    """One form in all languages and under both countries' rules.

    `obligations` names the facts whose time starts to run for the municipality when the form is accepted; `own_targets`
    are what it has set itself beside them, and `goes_on` says that it is for others to handle. `tell_flags` looks at
    the answers and returns what a case worker must see at once ("late", "unconfirmed"); `target_group` says whether it
    is for those who work with "children" or "adults", None where it is neither.
    `signed_by` says whose signature it has on paper, where that is not the sender's own. `person_questions` ask for the
    name, the birth date and the identity number of the one it is about.
    """

    key: FormKey
    version: int
    title: Text
    send_label: Text
    sent_title: Text
    at_hand: tuple[Text, ...]
    next_steps: tuple[Text, ...]
    steps: tuple[Step, ...]
    signed_by: Text = ""
    obligations: Callable[[Context], tuple[str, ...]] = lambda unused_context: ()
    own_targets: Callable[[Context], tuple[OwnTarget, ...]] = lambda unused_context: ()
    goes_on: Callable[[Context], bool] = lambda unused_context: False
    tell_flags: Callable[[Context], frozenset[str]] = lambda unused_context: frozenset()
    target_group: Callable[[Context], str | None] = lambda unused_context: None
    summary_questions: tuple[str, ...] = ()
    person_questions: tuple[str, str, str] = ("name_of_person", "birth_date", "national_id")

    @property
    def question_names(self) -> frozenset[str]:
        """The names of all questions that anyone can be asked."""
        return frozenset().union(*(step.form.question_names() for step in self.steps))

    def summary(self, context: Context) -> dict[str, Any]:
        """The few answers by which a case worker knows a case in a list, what tells the person it is about from all
        others, and whether it goes on at once; sealed apart from the rest.
        """
        names = {name: context.answers.get(name) for name in self.summary_questions}
        name, born, number = (context.answers.get(question) for question in self.person_questions)
        person = {"name": name, "born": born, "number": recognised(number or "")}
        return names | {PERSON: person, GOES_ON: self.goes_on(context)}

    def step_at(self, language: Language, slug: str) -> Step | None:
        """The step with this address."""
        return next((step for step in self.steps if step.slugs[language] == slug), None)
