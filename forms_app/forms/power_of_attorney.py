"""A power of attorney: who gives it, who gets it, what for and how long. It counts once the municipality has
confirmed it."""

from typing import Any

from forms_app.countries import Country
from forms_app.forms.ages import PARENTS_SIGN
from forms_app.forms.asked_once import NationalId
from forms_app.forms.checks import not_in_the_future
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, FormKey, Step, StepForm, slugs
from forms_app.forms.people import MUNICIPALITY, NAME_HINT, NATIONAL_ID, NATIONAL_ID_HINT, REACH, attachments
from forms_app.forms.questions import (
    AnyOf,
    Day,
    Email,
    Line,
    OneOf,
    Option,
    Paragraphs,
    Phone,
    Tick,
)
from forms_app.forms.text import in_norway_and_denmark, with_facts
from forms_app.language import lazy_gettext as _

NORWAY, DENMARK = Country.NORWAY, Country.DENMARK


class Grantor(StepForm):
    filled_in_by = OneOf(
        _("Who fills in this form?"),
        options=[
            Option("grantor", _("I give the power of attorney myself")),
            Option("agent", _("I get the power of attorney, and fill in for the one who gives it")),
        ],
        missing=_("Choose who fills in."),
    )
    grantor_name = Line(
        _("Name of the one who gives the power of attorney"),
        hint=NAME_HINT,
        missing=_("Write the name of the one who gives it."),
    )
    grantor_birth_date = Day(_("Date of birth"), hint=PARENTS_SIGN, checked=[not_in_the_future])
    grantor_national_id = NationalId(NATIONAL_ID, hint=NATIONAL_ID_HINT)
    grantor_address = Paragraphs(_("Address"), rows=3, hint=_("Leave it empty if it is secret."))


class Agent(StepForm):
    agent_kind = OneOf(
        _("Who gets the power of attorney?"),
        options=[
            Option(
                "person",
                _("A person"),
                in_norway_and_denmark(
                    with_facts(_("An adult of %(age)s or more."), age="age_agent"),
                    _("Someone to trust."),
                ),
            ),
            Option("organisation", _("An organisation that the one who gives it is a member of"), only_in=NORWAY),
        ],
        missing=_("Choose who gets the power of attorney."),
    )
    agent_name = Line(_("Name of the person or the organisation"), missing=_("Write the name."))
    agent_relation = Line(_("Who they are to the one who gives it"), hint=_("For example sister, friend or adviser."))
    agent_phone = Phone(_("Their phone"))
    agent_email = Email(_("Their e-mail"))
    agent_address = Paragraphs(_("Their postal address"), rows=3)


class Scope(StepForm):
    may = AnyOf(
        _("What may they do?"),
        options=[
            Option("apply", _("Apply for services")),
            Option("see_papers", _("See the papers in the case")),
            Option("receive_letters", _("Receive letters from the municipality")),
            Option("complain", _("Send complaints")),
            Option("attend_meetings", _("Come to meetings and speak there")),
        ],
        missing=_("Choose at least one thing they may do."),
    )
    health_information = OneOf(
        _("May they see information about the health of the one who gives it?"),
        options=[Option("yes", _("Yes")), Option("no", _("No"))],
        missing=_("Answer yes or no."),
    )
    letters_to = OneOf(
        _("Who should get the letters?"),
        options=[
            Option("both", _("Both")),
            Option("agent", _("Only the one with power of attorney")),
            Option("grantor", _("Only the one who gives it")),
        ],
    )


class Matter(StepForm):
    case_scope = OneOf(
        _("Which case is it for?"),
        options=[
            Option(
                "coordination",
                in_norway_and_denmark(_("Coordinator and individual plan"), _("Plan and coordination")),
            ),
            Option(
                "all_health_and_care",
                in_norway_and_denmark(_("All health and care services"), _("All social services")),
            ),
            Option("one_case", _("One certain case, which I describe below")),
        ],
        missing=_("Choose which case it is for."),
    )
    case_description = Paragraphs(
        _("Describe the case"), hint=_("For example a case number, or what it is about."), rows=3
    )


class Period(StepForm):
    valid_from = Day(_("Applies from"), hint=_("Leave it empty to let it apply as soon as it is confirmed."))
    valid_to = Day(_("Applies until"), hint=_("Leave it empty to let it apply until it is withdrawn."))

    def validate(self, extra_validators: Any = None) -> bool:
        """It cannot end before it begins."""
        is_valid: bool = super().validate(extra_validators)
        if self.valid_from.data and self.valid_to.data and self.valid_to.data < self.valid_from.data:
            self.valid_to.errors = [_("The last day is before the first day. Check the two dates.")]
            return False
        return is_valid


class Signature(StepForm):
    confirmed = Tick(
        _(
            "What stands here is right, and the one who gives the power of attorney wants it and understands "
            "what it means."
        ),
        missing=_("Tick the box if this is right. Otherwise go back and change it."),
    )


def _flags(unused_context: Context) -> frozenset[str]:
    """A typed name is no signature (LAW.md 4.7): every power of attorney waits for the municipality's confirmation."""
    return frozenset({"unconfirmed"})


STEPS = (
    MUNICIPALITY,
    Step(
        key="grantor",
        slugs=slugs("fullmaktsgiver", "fullmaktsgivar", "fuldmagtsgiver"),
        title=_("Who gives the power of attorney"),
        form=Grantor,
    ),
    Step(
        key="agent",
        slugs=slugs("fullmektig", "fullmektig", "fuldmagtshaver"),
        title=_("Who gets the power of attorney"),
        form=Agent,
    ),
    Step(
        key="scope",
        slugs=slugs("omfang", "omfang", "omfang"),
        title=_("What it covers"),
        intro=_("The one who gives it decides how much, and can withdraw it at any time."),
        form=Scope,
    ),
    Step(key="matter", slugs=slugs("sak", "sak", "sag"), title=_("Which case"), form=Matter),
    Step(
        key="period",
        slugs=slugs("periode", "periode", "periode"),
        title=_("From when and until when"),
        form=Period,
    ),
    attachments(_("If you have a signed paper, you can add it. It is not required.")),
    REACH,
    Step(
        key="signature",
        slugs=slugs("bekreft", "stadfest", "bekraeft"),
        title=_("Confirm"),
        intro=_(
            "This form has no electronic signature. The municipality contacts the one who gives the power of "
            "attorney to "
            "confirm it before it counts."
        ),
        intro_on_paper=_("The one who gives the power of attorney signs at the end of this form."),
        form=Signature,
    ),
)

POWER_OF_ATTORNEY = FormDefinition(
    key=FormKey.POWER_OF_ATTORNEY,
    version=1,
    title=_("Give power of attorney"),
    send_label=_("Send the power of attorney"),
    sent_title=_("We have received the power of attorney"),
    at_hand=(
        _("The name of the one who gives it and of the one who gets it."),
        _("What they may do, and for how long."),
        _("A signed paper, if you have one. It is not required."),
    ),
    next_steps=(
        _("A case worker contacts the one who gives the power of attorney to confirm it."),
        _("When it is confirmed, the one who got it can do what it allows."),
        _("It can be withdrawn at any time: with your code, or by calling or writing to the municipality."),
    ),
    steps=STEPS,
    signed_by=_("Signature of the one who gives the power of attorney"),
    summary_questions=("grantor_name", "agent_name"),
    person_questions=("grantor_name", "grantor_birth_date", "grantor_national_id"),
    tell_flags=_flags,
)
