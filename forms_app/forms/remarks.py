"""What a case worker should look at first in what was sent, worked out from the answers and the facts of the country.

It is never stored and never shown to a citizen: it says what to find out, and refuses nobody.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from forms_app.countries import Country
from forms_app.forms.ages import SIGNS_FROM, has_turned, is_too_young
from forms_app.forms.context import Context
from forms_app.forms.roles import FOR_ADULT
from forms_app.forms.text import Text, in_norway_and_denmark, say, with_facts
from forms_app.language import gettext
from forms_app.language import lazy_gettext as _
from forms_app.references.reference import WrongReference, parse_reference

_GROWN_UP = with_facts(
    _("The young person had turned %(age)s when a parent sent this. From that age a parent needs a power of attorney."),
    age="age_adult",
)
_DECIDES: Mapping[Country, Text] = {
    Country.NORWAY: with_facts(
        _(
            "The young person had turned %(age)s when a parent sent this. From that age young people decide on health "
            "care and sign themselves."
        ),
        age="age_health",
    ),
}
_TOO_YOUNG = in_norway_and_denmark(
    with_facts(
        _(
            "The person it is about had not turned %(age)s when this was sent. Until then it is usually those with "
            "parental responsibility who sign."
        ),
        age="age_health",
    ),
    with_facts(
        _(
            "The person it is about had not turned %(age)s when this was sent. Until then it is usually those with "
            "custody who sign."
        ),
        age="age_adult",
    ),
)
_NOT_TOLD = _("This service has not told any other parent.")
_SHARED: Mapping[str | None, Any] = {
    "no": _("The parents do not agree about this."),
    "not_asked": _("The parents have not talked about this."),
    None: _("It is not known whether the parents agree about this."),
}
_UNSURE = in_norway_and_denmark(
    _("The sender does not know whether anyone else has parental responsibility."),
    _("The sender does not know whether anyone else has custody."),
)
_SHOWN_BY: Mapping[str | None, Any] = {
    "invite": _(
        "The sender has got a code with which the person can confirm on the website. The answer comes as a message of "
        "its own."
    ),
    "later": _("The paper that shows the right to act is to come later."),
    None: _("The sender has not said how they can show that they act for the person."),
}
_BY_ROLE: Mapping[str, Any] = {
    "other": _("The sender says that they may act for the person in another way. See the note."),
    "guardian": _(
        "The sender says that they are a guardian or act by a lasting power of attorney. Nobody has checked it."
    ),
    "professional": _("The sender says that they have the person's consent as a professional. Nobody has checked it."),
}


def remarks(context: Context, *, has_files: bool) -> list[str]:
    """In the current language; `context` knows the answers and the day on which they came."""
    answers = context.answers
    if answers.get("role") == "child":
        return [*_about_the_age_of_a_child(context), *_about_the_parents(context)]
    found = []
    born = answers.get("birth_date") or answers.get("grantor_birth_date")
    if answers.get("role") != "guardian" and is_too_young(born, context):
        found.append(say(_TOO_YOUNG, context))
    if answers.get("role") in FOR_ADULT.answers:
        found += _about_the_right_to_act(answers, has_files=has_files)
    return found


def _about_the_age_of_a_child(context: Context) -> Iterator[str]:
    born = context.answers.get("birth_date")
    if born and has_turned("age_adult", born, context):
        yield say(_GROWN_UP, context)
    elif born and has_turned(SIGNS_FROM[context.country], born, context):
        yield say(_DECIDES[context.country], context)


def _about_the_parents(context: Context) -> Iterator[str]:
    share, agree = (context.answers.get(name) for name in ("parental_responsibility", "parents_agree"))
    if share == "unsure":
        yield say(_UNSURE, context)
    elif agree == "no" or (share == "shared" and agree != "yes"):
        yield str(_SHARED[agree])
    else:
        return
    yield str(_NOT_TOLD)


def _about_the_right_to_act(answers: Mapping[str, Any], *, has_files: bool) -> Iterator[str]:
    shown_by, reference = answers.get("authority"), answers.get("authority_reference")
    if shown_by == "attached":
        yield _of_a_paper(has_files=has_files)
    elif shown_by == "by_role":
        yield str(_BY_ROLE[answers["role"]])
    elif shown_by != "given_here":
        yield str(_SHOWN_BY[shown_by])
    elif not reference:
        yield gettext(
            "The person is said to have given power of attorney here. No reference was given, so look for it by name."
        )
    if reference:
        yield _of_a_reference(reference)


def _of_a_paper(*, has_files: bool) -> str:
    if has_files:
        return gettext("A paper that shows the right to act should be among the files. Nobody has looked at it yet.")
    return gettext("A paper that shows the right to act was to be among the files, but no file came.")


def _of_a_reference(typed: str) -> str:
    try:
        reference = parse_reference(typed)
    except WrongReference:
        return gettext("Reference of a power of attorney given here: %(reference)s. It is mistyped.", reference=typed)
    return gettext(
        "Reference of a power of attorney given here: %(reference)s. It has not been compared with anything.",
        reference=reference,
    )
