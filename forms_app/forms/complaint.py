"""The complaint about a decision. It is taken whenever it comes and however little is known; deadlines are help,
not a door."""

from datetime import date

from babel.lists import format_list

from forms_app.countries import Country, CountryRules, OutsideCalendar, last_day
from forms_app.forms.checks import not_in_the_future
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, FormKey, Step, StepForm, slugs
from forms_app.forms.people import REACH, SUMMARY_QUESTIONS, WHO, attachments, target_group
from forms_app.forms.questions import Day, Line, OneOf, Option, Paragraphs, Tick
from forms_app.forms.text import Chosen, Text, in_norway_and_denmark, say, with_facts
from forms_app.language import current, format_weekday, gettext
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


APPEAL_FACTS = {
    "health": ("appeal_health",),
    "social": ("appeal_social",),
    "benefits": ("appeal_benefits",),
    "social_dk": ("appeal",),
    "committee": ("appeal",),
}
"""Which fact holds the time to complain, by kind of service."""

ALL_APPEAL_FACTS = {NORWAY: ("appeal_social", "appeal_health", "appeal_benefits"), DENMARK: ("appeal",)}
"""All of them, for those who are not sure."""


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


def appeal_deadlines(context: Context) -> dict[str, date]:
    """Fact name to last day, from the day the answer came or else the letter's date; empty when neither is known."""
    started = context.answers.get("received_date") or context.answers.get("letter_date")
    if not started:
        return {}
    try:
        return {
            name: last_day(date.fromisoformat(started), context.rules.fact(name), context.country)
            for name in _applicable_facts(context)
        }
    except OutsideCalendar:
        return {}


def _applicable_facts(context: Context) -> tuple[str, ...]:
    return APPEAL_FACTS.get(str(context.answers.get("service")), ALL_APPEAL_FACTS[context.country])


def is_late(context: Context) -> bool:
    """Whether every deadline that can apply has passed today."""
    days = appeal_deadlines(context).values()
    return bool(days) and max(days) < context.today


def _deadline_help(context: Context) -> list[str]:
    days = appeal_deadlines(context)
    if not days:
        return [*_times_without_a_date(context.rules, context), _late_sentence(context)]
    lines = [
        gettext(
            "The last day is %(day)s. The deadline is %(time)s from the day you got the answer.",
            time=context.rules.fact(name).phrase(current()),
            day=format_weekday(day),
        )
        if context.answers.get("received_date")
        else gettext(
            "The last day is %(day)s or later. The deadline is %(time)s. It counts from the day you got the "
            "letter, and that may be later than its date.",
            time=context.rules.fact(name).phrase(current()),
            day=format_weekday(day),
        )
        for name, day in days.items()
    ]
    lines.append(gettext("This is help only. If the letter gives another date, that date counts."))
    return [*lines, _late_sentence(context)]


def _times_without_a_date(rules: CountryRules, context: Context) -> list[str]:
    times = [rules.fact(name).phrase(current()) for name in _applicable_facts(context)]
    if len(times) == 1:
        return [gettext("You have %(time)s from the day you got the answer.", time=times[0])]
    return [
        gettext(
            "You have %(times)s from the day you got the answer. It depends on the service.",
            times=format_list(times, "or", locale=current().locale),
        )
    ]


def _late_sentence(context: Context) -> str:
    if not is_late(context):
        return gettext("You can send the complaint after the deadline too.")
    return say(_LATE, context)


_LATE = in_norway_and_denmark(
    with_facts(
        _(
            "The deadline seems to have passed. Send it anyway: it can still be heard if there is a good "
            "reason, up to %(time)s after the decision."
        ),
        time="appeal_latest",
    ),
    with_facts(
        _(
            "The deadline seems to have passed. Send it anyway: the municipality sends it on to %(body)s, "
            "which can disregard the deadline for a special reason."
        ),
        body="appeal_body",
    ),
)


def _flags(context: Context) -> frozenset[str]:
    return frozenset({"late"}) if is_late(context) else frozenset()


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
        help=_deadline_help,
        read_more="complaint",
    ),
    attachments(_("The letter with the decision can help, and other papers if you have some. None of it is required.")),
    REACH,
)

_LOOKS_AGAIN = in_norway_and_denmark(
    _("The municipality looks at the case again, and can change its answer."),
    with_facts(
        _("The municipality looks at the case again within %(time)s. If it needs longer, it tells you."),
        time="reassessment",
    ),
)
_THEN_THE_BOARD = in_norway_and_denmark(
    with_facts(
        _("If the municipality does not change its answer as you want, it sends the case to %(body)s, which decides."),
        body="appeal_body",
    ),
    with_facts(
        _(
            "If the municipality stands by its decision, it sends the case to %(body)s. If you get it partly "
            "your way, you have %(time)s to say whether you still complain."
        ),
        body="appeal_body",
        time="partial_reply",
    ),
)
_TO_NAV = _("The municipality sends the complaint on to NAV, which handles it and tells you what happens.")
_TO_THE_BOARD = with_facts(
    _("The municipality sends the complaint on to %(body)s, which decides. You can also send it there yourself."),
    body="appeal_body",
)
_LATE_TO_THE_BOARD = with_facts(
    _("A complaint that comes after the deadline goes to %(body)s at once, which decides whether to hear it."),
    body="appeal_body",
)


def _goes_past_the_municipality(context: Context) -> Text:
    """What happens to a complaint that the municipality does not look at itself; "" where it does.

    Norway: NAV's own benefits. Denmark: the committee's decisions (BARN § 146) and whatever is late (RSBEK § 13).
    """
    service = context.answers.get("service")
    if service == "benefits":
        return _TO_NAV
    if service == "committee":
        return _TO_THE_BOARD
    return {DENMARK: _LATE_TO_THE_BOARD}.get(context.country, "") if is_late(context) else ""


def _first(context: Context) -> Text:
    return _goes_past_the_municipality(context) or _LOOKS_AGAIN


def _second(context: Context) -> Text:
    return "" if _goes_past_the_municipality(context) else _THEN_THE_BOARD


def _obligations(context: Context) -> tuple[str, ...]:
    """Denmark: reassessment (RSBEK § 11), where the municipality looks at the case at all. Norway sets no limit."""
    if _goes_past_the_municipality(context):
        return ()
    return {DENMARK: ("reassessment",)}.get(context.country, ())


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
    next_steps=(
        Chosen(_first),
        Chosen(_second),
        _("If you have sent the complaint to the wrong place, we send it on."),
    ),
    steps=STEPS,
    target_group=target_group,
    summary_questions=SUMMARY_QUESTIONS,
    obligations=_obligations,
    tell_flags=_flags,
)
