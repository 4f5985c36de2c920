"""What the self-check asks: first whose law applies and whom it is about, then what that law depends on.

The wording speaks of the help and the needs, not of "you": the same questions serve those who ask for another.
"""

from collections.abc import Mapping
from typing import Any

from forms_app.countries import Country
from forms_app.forms.context import Context
from forms_app.forms.definition import StepForm, Typed
from forms_app.forms.questions import OneOf, Option
from forms_app.forms.rights import UNSURE
from forms_app.forms.text import Text, in_norway_and_denmark, with_facts
from forms_app.language import lazy_gettext as _

_COUNTRY_NAMES = {Country.NORWAY: _("In Norway"), Country.DENMARK: _("In Denmark")}
_I_DO_NOT_KNOW = Option(UNSURE, _("I do not know"))
_UNDER_AGE = _("A child or a young person under %(age)s")


def served_countries(context: Context) -> list[Country]:
    """The countries whose municipalities this deployment serves."""
    return [country for country in Country if any(one.country is country for one in context.municipalities)]


def _country_options(context: Context) -> list[Option]:
    return [Option(country, _COUNTRY_NAMES[country]) for country in served_countries(context)]


class Whom(StepForm):
    country = OneOf(
        _("Where do you live?"),
        hint=_("If you fill in for someone else, choose where they live. The rules of that country apply."),
        options=_country_options,
        missing=_("Choose a country."),
    )
    concerns = OneOf(
        _("Who is it about?"),
        options=[
            Option("myself", _("Myself")),
            Option(
                "child",
                in_norway_and_denmark(
                    with_facts(_UNDER_AGE, age="age_child_coordinator_until"),
                    with_facts(_UNDER_AGE, age="family_guide_age_until"),
                ),
                _("Also a child who is not born yet, and you yourself if you are that young."),
            ),
            Option("other", _("Another adult")),
        ],
        missing=_("Choose who it is about."),
    )

    def __init__(self, typed: Typed | None, *, context: Context, csrf: bool = False) -> None:
        """Where only one country is served, nobody is asked for it."""
        super().__init__(typed, context=context, csrf=csrf)
        if len(served_countries(context)) == 1:
            del self["country"]


def _yes_or_no(label: Text, hint: Text = "") -> Any:
    return OneOf(
        label,
        hint=hint,
        options=[Option("yes", _("Yes")), Option("no", _("No")), _I_DO_NOT_KNOW],
        missing=_("Answer yes or no, or that you do not know."),
    )


def _how_many(label: Text, hint: Text) -> Any:
    return OneOf(
        label,
        hint=hint,
        options=[
            Option("together", _("Two or more, and they must work together")),
            Option("apart", _("Two or more, but each can do its part alone")),
            Option("one", _("One")),
            _I_DO_NOT_KNOW,
        ],
        missing=_("Choose how many, or that you do not know."),
    )


_COMPLEX = _("Are the needs complex?")
_COMPLEX_HINT = _("For example when illness, home, school, work and money affect each other.")


class InNorway(StepForm):
    health_care = _yes_or_no(
        _("Is health or care help from the municipality needed?"),
        _("For example home nursing, respite or a support contact. The need counts, also before the help is granted."),
    )
    lasting = _yes_or_no(
        _("Is the help needed over time?"), _("That does not mean for ever. It is enough that it lasts a while.")
    )
    together = _how_many(
        _("How many places must the help come from?"),
        _("For example home nursing, physiotherapy, the hospital, the school or NAV."),
    )
    complex = _yes_or_no(_COMPLEX, _COMPLEX_HINT)


class ForChildInNorway(InNorway):
    """A family with a child may have a right to a child coordinator besides."""

    serious = _yes_or_no(
        _("Does the child have, or will it have, a serious illness, injury or disability?"),
        _("The law does not ask for a diagnosis. A child who is expected counts too."),
    )
    welfare = _yes_or_no(
        _("Does the family need other help too?"), _("For example from the kindergarten, the school or NAV.")
    )


class InDenmark(StepForm):
    together = _how_many(
        _("How many parts of the municipality must the help come from?"),
        _("For example the social department, the employment services and the rehabilitation."),
    )
    complex = _yes_or_no(_COMPLEX, _COMPLEX_HINT)
    reduced = _yes_or_no(
        _("Is the ability to function significantly reduced, or are there serious social problems?"),
        _("Significantly means that it is clearly felt in everyday life."),
    )
    working_age = _yes_or_no(_("Is the person under the age for the Danish state pension?"))


class ForChildInDenmark(StepForm):
    together = _how_many(
        _("How many parts of the municipality must the help come from?"),
        _("For example the family department, the school and the health visitor."),
    )
    complex = _yes_or_no(_COMPLEX, _COMPLEX_HINT)
    permanent = _yes_or_no(
        _("Is the child's ability to function reduced both significantly and permanently?"),
        _("Physically or mentally. It is clearly felt in everyday life, and is not expected to pass."),
    )
    support = OneOf(
        _("Does the child get support from the municipality today?"),
        options=[
            Option("at_home", _("Yes, and lives at home")),
            Option("placed", _("Yes, and is placed away from home")),
            Option("no", _("No")),
            _I_DO_NOT_KNOW,
        ],
        missing=_("Choose what fits, or that you do not know."),
    )
    youth = OneOf(
        with_facts(_("Has the child turned %(age)s?"), age="age_youth_plan"),
        options=[Option("yes", _("Yes")), Option("no", _("No"))],
        missing=_("Answer yes or no."),
    )


QUESTIONS: Mapping[tuple[Country, bool], type[StepForm]] = {
    (Country.NORWAY, False): InNorway,
    (Country.NORWAY, True): ForChildInNorway,
    (Country.DENMARK, False): InDenmark,
    (Country.DENMARK, True): ForChildInDenmark,
}
"""By whose law applies, and whether it is about a child."""
