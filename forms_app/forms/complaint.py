"""The complaint about a decision. It is taken whenever it comes and however little is known; deadlines are help,
not a door."""

from forms_app.countries import Country
from forms_app.forms import appeal, authority
from forms_app.forms.appeal import NEXT_STEPS, deadline_help, goes_straight_on, obligations, own_targets
from forms_app.forms.checks import not_in_the_future
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, FormKey, Step, StepForm, slugs
from forms_app.forms.people import REACH, SUMMARY_QUESTIONS, WHO, attachments, target_group
from forms_app.forms.questions import Day, Line, OneOf, Option, Paragraphs, Tick
from forms_app.forms.text import in_norway_and_denmark, with_facts
from forms_app.language import lazy_gettext as _

NORWAY, DENMARK = Country.NORWAY, Country.DENMARK


class Service(StepForm):
    service = OneOf(
        _("What is the decision about?"),
        hint=_("The deadline depends on it. If you are not sure, choose that."),
        options=[
            Option(
                "health",
                _("Coordinator, individual plan, or another health and care service"),
                with_facts(_("The deadline is %(time)s."), time="appeal_health"),
                only_in=NORWAY,
            ),
            Option(
                "social",
                _("Social services at the NAV office, such as financial assistance"),
                with_facts(_("The deadline is %(time)s."), time="appeal_social"),
                only_in=NORWAY,
            ),
            Option(
                "benefits",
                _("Benefits from NAV, such as attendance allowance"),
                with_facts(
                    _("The deadline is %(time)s. The complaint is for NAV itself; we send it on."),
                    time="appeal_benefits",
                ),
                only_in=NORWAY,
            ),
            Option(
                "social_dk",
                _("Help from the municipality, such as a plan, support or a companion"),
                with_facts(_("The deadline is %(time)s."), time="appeal"),
                only_in=DENMARK,
            ),
            Option(
                "committee",
                _("A decision by the municipality's children and youth committee"),
                with_facts(
                    _("The deadline is %(time)s. The complaint is for %(body)s itself; we send it on."),
                    time="appeal",
                    body="appeal_body",
                ),
                only_in=DENMARK,
            ),
            Option("unsure", _("I am not sure")),
        ],
        missing=_("Choose what it is about, or that you are not sure."),
    )


class Decision(StepForm):
    decision = Paragraphs(
        _("Which decision do you complain about?"),
        hint=in_norway_and_denmark(
            _("For example: no to a coordinator. If you never got an answer, write that."),
            _("For example: no to a companion. If you never got an answer, write that."),
        ),
        rows=3,
    )
    decision_reference = Line(
        _("Case number or reference"), hint=_("It is in the letter. Leave it empty if you do not have it.")
    )
    letter_date = Day(_("The date on the letter"), checked=[not_in_the_future])
    received_date = Day(
        _("The day you got the answer"),
        hint=_("The deadline counts from this day. Leave it empty if you are not sure."),
        checked=[not_in_the_future],
    )


class Change(StepForm):
    wanted_change = Paragraphs(_("What do you want changed?"), rows=4)
    why = Paragraphs(
        _("Why do you disagree?"),
        hint=_("You need not give reasons, but it helps us understand. You may write in any language."),
        rows=8,
    )
    suspend = Tick(
        _("I ask that the decision is not carried out until the complaint has been decided."), only_in=NORWAY
    )


class Deadline(StepForm):
    late_reason = Paragraphs(
        _("If the complaint comes after the deadline: why?"),
        hint=_("For example illness, or that you did not get the letter. Everyone can send, also after the deadline."),
        rows=4,
    )


STEPS = (
    *WHO,
    Step(
        key="service",
        slugs=slugs("tjeneste", "teneste", "omraade"),
        title=_("What it is about"),
        form=Service,
    ),
    Step(
        key="decision",
        slugs=slugs("vedtaket", "vedtaket", "afgoerelsen"),
        title=_("The decision"),
        intro=_("Fill in what you know. You can complain even if you do not have the letter."),
        form=Decision,
    ),
    Step(
        key="change",
        slugs=slugs("endring", "endring", "aendring"),
        title=_("What should change"),
        form=Change,
    ),
    Step(
        key="deadline",
        slugs=slugs("frist", "frist", "frist"),
        title=_("The deadline"),
        form=Deadline,
        help=deadline_help,
        read_more="complaint",
    ),
    attachments(_("The letter with the decision can help, and other papers if you have some. None of it is required.")),
    REACH,
)


def _flags(context: Context) -> frozenset[str]:
    return appeal.tell_flags(context) | authority.tell_flags(context)


COMPLAINT = FormDefinition(
    key=FormKey.COMPLAINT,
    version=1,
    title=_("Complain about a decision"),
    send_label=_("Send the complaint"),
    sent_title=_("We have received the complaint"),
    at_hand=(
        _("The letter with the answer, if you have it."),
        _("The day you got the answer."),
        _("What you want changed. You need not give reasons."),
    ),
    next_steps=NEXT_STEPS,
    steps=STEPS,
    target_group=target_group,
    summary_questions=SUMMARY_QUESTIONS,
    obligations=obligations,
    own_targets=own_targets,
    goes_on=goes_straight_on,
    tell_flags=_flags,
)
