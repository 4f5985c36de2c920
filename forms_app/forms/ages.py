"""Who may sign, by age: help to those who fill in, and word to the case worker. Nobody is refused for it."""

from forms_app.countries import Country
from forms_app.forms.context import Context
from forms_app.forms.text import in_norway_and_denmark, with_facts
from forms_app.language import lazy_gettext as _

SIGNS_FROM = {Country.NORWAY: "age_health", Country.DENMARK: "age_adult"}
"""The fact with the age from which one signs oneself, and no longer those with parental responsibility."""

PARENTS_SIGN = in_norway_and_denmark(
    with_facts(
        _("Under %(age)s it is usually those with parental responsibility who sign. You may still send this form."),
        age="age_health",
    ),
    with_facts(
        _("Under %(age)s it is usually those with custody who sign. You may still send this form."), age="age_adult"
    ),
)


def has_turned(fact: str, born: str, context: Context) -> bool:
    """Whether someone `born` (an ISO date) has reached the age that the fact holds."""
    birthday = f"{int(born[:4]) + context.rules.fact(fact).number:04}{born[4:]}"
    return birthday <= context.today.isoformat()


def is_too_young(born: str | None, context: Context) -> bool:
    """Whether someone is known not to have reached the age from which one signs oneself."""
    return bool(born) and not has_turned(SIGNS_FROM[context.country], str(born), context)
