"""The self-check: a few questions, and what the answers point to. It decides nothing and keeps nothing; an honest "it
does not look like it" is never a no, for only the municipality decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from forms_app.countries import Country, CountryRules
from forms_app.forms.context import Context
from forms_app.forms.definition import StepForm
from forms_app.forms.known_rights import ADVICE, RIGHTS
from forms_app.forms.questions import OneOf
from forms_app.forms.rights import Finding, Given, Outcome, find
from forms_app.forms.self_check_questions import QUESTIONS
from forms_app.forms.text import Text, in_norway_and_denmark, say
from forms_app.language import current
from forms_app.language import lazy_gettext as _


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What the answers point to; `findings` come best first."""

    country: Country
    given: Given
    findings: tuple[Finding, ...]

    @property
    def answer(self) -> Finding:
        """The finding that answers the question people came with."""
        return next(one for one in self.findings if not one.right.is_beside)


def assess(country: Country, given: Given) -> Assessment:
    """Weigh the answers to all questions under the law of the country."""
    found = [find(right, given) for right in RIGHTS[country] if right.concerns.holds(given)]
    best_first = sorted(found, key=lambda one: list(Outcome).index(one.outcome))
    return Assessment(country=country, given=given, findings=tuple(best_first))


def questions_for(country: Country, concerns: str) -> type[StepForm]:
    """What is asked about this person under the law of the country."""
    return QUESTIONS[country, concerns == "child"]


def given_in(*forms: StepForm) -> dict[str, str]:
    """The answers of pages that are filled in."""
    return {name: value for form in forms for name, value in form.to_json().items() if value}


TITLE = _("Do I have a right to a coordinator?")

_LIKELY: Mapping[str, Text] = {
    "myself": _("You probably have a right to %(right)s."),
    "child": _("The child or the family probably has a right to %(right)s."),
    "other": _("The person probably has a right to %(right)s."),
}
_MAYBE: Mapping[str, Text] = {
    "myself": _("You may have a right to %(right)s."),
    "child": _("The child or the family may have a right to %(right)s."),
    "other": _("The person may have a right to %(right)s."),
}
_OFFERED = _("Your answers suggest that the municipality must offer %(right)s.")
_PERHAPS_OFFERED = _("Perhaps the municipality can offer %(right)s. You can always ask.")
_UNLIKELY = in_norway_and_denmark(
    _("Your answers do not point to a right to a coordinator now. You can apply all the same."),
    _("Your answers do not point to a certain plan or guide. You can ask for help all the same."),
)

VERDICTS: Mapping[Outcome, Text] = {
    Outcome.LIKELY: _("Probably"),
    Outcome.MAYBE: _("Perhaps"),
    Outcome.UNLIKELY: _("Probably not, but you can ask"),
}
SPEAKS: Mapping[bool | None, Text] = {True: _("Speaks for it"), False: _("Speaks against it"), None: _("Not settled")}

OPENING = in_norway_and_denmark("", _("Danish law gives no general right to a coordinator. But it has other help."))
CLOSING = in_norway_and_denmark(
    _("Only the municipality decides. You can always apply, whatever stands here, and it is free."),
    _("Only the municipality decides. You can always ask for help, whatever stands here."),
)


def headline(assessment: Assessment, context: Context) -> str:
    """The answer in one sentence."""
    finding = assessment.answer
    concerns = assessment.given["concerns"]
    texts: Mapping[Outcome, Text] = {
        Outcome.LIKELY: in_norway_and_denmark(_LIKELY[concerns], _OFFERED),
        Outcome.MAYBE: in_norway_and_denmark(_MAYBE[concerns], _PERHAPS_OFFERED),
        Outcome.UNLIKELY: _UNLIKELY,
    }
    words = say(texts[finding.outcome], context)
    return words if finding.outcome is Outcome.UNLIKELY else words % {"right": say(finding.right.name, context)}


@dataclass(frozen=True, kw_only=True)
class Citation:
    """Where a rule stands, with the official text."""

    title: str
    section: str
    address: str


def cite(source: str, rules: CountryRules) -> tuple[Citation, ...]:
    """ "PBRL § 2-5 b; HOL § 7-2" for people; each part begins with the key of a statute."""
    cited = []
    for part in source.split(";"):
        key, unused_blank, section = part.strip().partition(" ")
        statute = rules.statutes[key]
        cited.append(Citation(title=statute.title_in(current()), section=section, address=statute.address))
    return tuple(cited)


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One of the given answers and what it means."""

    question: str
    answer: str
    speaks: str


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A finding or a piece of advice in words; advice has only `text` and `law`."""

    text: str
    law: tuple[Citation, ...]
    title: str = ""
    verdict: str = ""
    outcome: Outcome | None = None
    reasons: tuple[Reason, ...] = ()


def explain(assessment: Assessment, forms: tuple[StepForm, ...], context: Context) -> Iterator[Explained]:
    """Every finding with the answers that led to it, in the words in which `forms` asked."""
    asked = {one.name: one for one in chain.from_iterable(form.questions() for form in forms) if isinstance(one, OneOf)}
    for finding in assessment.findings:
        name = say(finding.right.name, context)
        yield Explained(
            title=name[0].upper() + name[1:],
            verdict=say(VERDICTS[finding.outcome], context),
            outcome=finding.outcome,
            text=say(finding.right.gives, context),
            law=cite(finding.right.source, context.rules),
            reasons=tuple(
                Reason(
                    question=asked[question].label.text,
                    answer=asked[question].display(assessment.given[question])[0],
                    speaks=say(SPEAKS[speaks], context),
                )
                for question, speaks in finding.weighed.items()
            ),
        )


def advise(assessment: Assessment, context: Context) -> Iterator[Explained]:
    """What else is worth knowing for those who gave these answers."""
    for advice in ADVICE[assessment.country]:
        if advice.concerns.holds(assessment.given) is not False:
            yield Explained(text=say(advice.text, context), law=cite(advice.source, context.rules))
