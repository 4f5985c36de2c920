"""The application for a coordinator or an individual plan; in Denmark a request for a plan and coordination.

Denmark has no general right to a coordinator, so its form asks for what its law has. Sources: the facts files.
"""

from forms_app.countries import Country
from forms_app.forms.authority import tell_flags
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, FormKey, RowForm, Step, StepForm, slugs
from forms_app.forms.people import REACH, SUMMARY_QUESTIONS, WHO, attachments, target_group
from forms_app.forms.questions import AnyOf, Line, Menu, OneOf, Option, Paragraphs, Tick
from forms_app.forms.rows import Rows
from forms_app.forms.text import in_norway_and_denmark, with_facts
from forms_app.language import lazy_gettext as _

NORWAY, DENMARK = Country.NORWAY, Country.DENMARK


class Needs(StepForm):
    wanted = AnyOf(
        _("What are you asking for?"),
        hint=_("Choose one or more. It is fine not to be sure."),
        options=[
            Option("coordinator", _("A coordinator"), only_in=NORWAY),
            Option(
                "child_coordinator",
                _("A child coordinator"),
                _("For families that have or expect a child with serious illness, injury or disability."),
                only_in=NORWAY,
            ),
            Option(
                "individual_plan",
                _("An individual plan"),
                _("You can have a coordinator without a plan."),
                only_in=NORWAY,
            ),
            Option("joint_plan", _("One joint plan for the help I get"), only_in=DENMARK),
            Option("contact_person", _("Coordination and one contact person"), only_in=DENMARK),
            Option(
                "family_guide",
                _("A family guide"),
                _("For families with a child with significantly and permanently reduced function."),
                only_in=DENMARK,
            ),
            Option("unsure", _("I am not sure. Help me find out.")),
        ],
        missing=_("Choose what you are asking for, or that you are not sure."),
    )
    related = AnyOf(
        _("Do you also need any of this?"),
        hint=_("Tick it, and the case worker knows. Some of it may need an application of its own."),
        options=[
            Option("support_contact", _("Support contact, or leisure with assistance"), only_in=NORWAY),
            Option("respite", _("Respite for the family"), only_in=NORWAY),
            Option("personal_assistance", _("User-controlled personal assistance"), only_in=NORWAY),
            Option("carers_allowance", _("Carer's allowance"), only_in=NORWAY),
            Option("companion", _("A companion outside the home"), only_in=DENMARK),
            Option("support_person", _("A support and contact person"), only_in=DENMARK),
            Option("relief", _("Respite care"), only_in=DENMARK),
            Option("lost_earnings", _("Compensation for lost earnings"), only_in=DENMARK),
        ],
    )


class Situation(StepForm):
    situation = Paragraphs(
        _("What is the situation?"),
        hint=_("What takes time and strength? A few words are enough. You may write in any language."),
        rows=8,
    )
    goals = Paragraphs(
        _("What matters most to you? What should become better?"),
        hint=_("Your own goals, big or small: sleep, school, work, fewer meetings, someone to call."),
    )


class Body(RowForm):
    kind = Menu(
        _("What is it?"),
        options=[
            Option("gp", _("General practitioner")),
            Option("hospital", _("Hospital or habilitation service")),
            Option("school", _("Kindergarten or school")),
            Option("municipal", _("Another service in the municipality")),
            Option("nav", _("NAV"), only_in=NORWAY),
            Option("job_centre", _("The municipality's employment services"), only_in=DENMARK),
            Option(
                "child_welfare",
                in_norway_and_denmark(_("Child welfare"), _("The children and families department")),
            ),
            Option("organisation", _("An organisation, or someone else")),
        ],
    )
    body_name = Line(_("Name of the place"))
    contact = Line(_("Contact person, phone or e-mail"))
    may_exchange = OneOf(
        _("May we exchange information with them about this?"),
        hint=_("You can change your mind at any time."),
        options=[Option("yes", _("Yes")), Option("no", _("No")), Option("ask_first", _("Ask me first"))],
    )


class Bodies(StepForm):
    bodies = Rows(
        _("Who helps today?"),
        row_form=Body,
        row_title=_("Place"),
        add_label=_("Add another place"),
        hint=_("Leave it empty if there are none, or if you would rather tell us later."),
    )


_FOR_ANOTHER = _("If you fill in for someone else, tick this only if the person agrees, or you can decide for them.")


class Consents(StepForm):
    consent_plan = Tick(
        in_norway_and_denmark(
            _("Yes to a coordinator being appointed or an individual plan being made, if there is a right to it."),
            _("Yes to one joint plan instead of several, if the municipality can make one."),
        ),
        hint=_FOR_ANOTHER,
    )
    consent_obtain = Tick(
        _(
            "Yes, the municipality may exchange information with the places I have marked with yes, as far "
            "as this case needs it. It counts only when this is ticked."
        ),
        hint=_FOR_ANOTHER,
    )


STEPS = (
    *WHO,
    Step(key="needs", slugs=slugs("behov", "behov", "behov"), title=_("What you ask for"), form=Needs),
    Step(
        key="situation",
        slugs=slugs("situasjonen", "situasjonen", "situationen"),
        title=_("The situation and your goals"),
        intro=_("Write as much or as little as you like. You do not need to prove anything here."),
        form=Situation,
    ),
    Step(
        key="bodies",
        slugs=slugs("hvem-hjelper", "kven-hjelper", "hvem-hjaelper"),
        title=_("Places that help"),
        intro=_("The list shows the case worker who must work together."),
        form=Bodies,
    ),
    attachments(
        _(
            "A statement from a doctor or another professional, and letters with decisions, can help. None of it "
            "is required."
        )
    ),
    REACH,
    Step(
        key="consents",
        slugs=slugs("samtykke", "samtykke", "samtykke"),
        title=_("Consent"),
        intro=in_norway_and_denmark(
            _(
                "You choose. Without consent we handle the case with what we have, and you can withdraw a "
                "consent at any time."
            ),
            _(
                "You choose. As a rule the municipality needs your consent to obtain information from others. "
                "Without it the "
                "case is decided on what there is. You can withdraw a consent at any time."
            ),
        ),
        form=Consents,
        read_more="how_to_apply",
    ),
)


def _obligations(context: Context) -> tuple[str, ...]:
    """Norway has one limit for all municipalities; in Denmark each sets and publishes its own (RSL § 3)."""
    return {NORWAY: ("preliminary_answer",)}.get(context.country, ())


APPLICATION = FormDefinition(
    key=FormKey.APPLICATION,
    version=1,
    title=in_norway_and_denmark(
        _("Apply for a coordinator or an individual plan"), _("Request for a plan and coordination")
    ),
    send_label=in_norway_and_denmark(_("Send the application"), _("Send the request")),
    sent_title=in_norway_and_denmark(_("We have received the application"), _("We have received the request")),
    at_hand=(
        _("The name of the person the help is for. A child who is not born yet needs no name."),
        _("Which places help today, such as school, hospital or doctor, if you know."),
        _("Papers that tell about the situation, if you have some. Attachments are not required."),
    ),
    next_steps=(
        _("A case worker in the municipality reads what you have sent, and contacts you if something is unclear."),
        in_norway_and_denmark(
            with_facts(
                _("If you have no answer within %(time)s, you shall be told why and when the answer can be expected."),
                time="preliminary_answer",
            ),
            _(
                "The municipality sets its own time limits and publishes them. If it cannot keep the limit, it "
                "must tell you "
                "in writing when you can expect an answer."
            ),
        ),
        in_norway_and_denmark(
            _("You get an answer. You can complain if you disagree, and the answer should say how."),
            _("You get an answer. You can complain if you disagree, and the answer must say how."),
        ),
    ),
    steps=STEPS,
    target_group=target_group,
    summary_questions=SUMMARY_QUESTIONS,
    obligations=_obligations,
    tell_flags=tell_flags,
)
