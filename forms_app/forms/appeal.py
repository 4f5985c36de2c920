"""Where a complaint goes and how long one has: the deadline as help, and what happens after it is sent."""

from datetime import date

from babel.lists import format_list

from forms_app.countries import Country, OutsideCalendar, last_day, moved_because
from forms_app.forms.context import Context
from forms_app.forms.days_off import DAYS_OFF
from forms_app.forms.own_target import COMPLAINT_TARGET, OwnTarget
from forms_app.forms.text import Chosen, Text, in_norway_and_denmark, say, with_facts
from forms_app.language import current, format_weekday, gettext
from forms_app.language import lazy_gettext as _

NORWAY, DENMARK = Country.NORWAY, Country.DENMARK

APPEAL_FACTS = {
    "health": ("appeal_health",),
    "social": ("appeal_social",),
    "benefits": ("appeal_benefits",),
    "social_dk": ("appeal",),
    "committee": ("appeal_committee",),
}
"""Which fact holds the time to complain, by kind of service."""

ALL_APPEAL_FACTS = {NORWAY: ("appeal_social", "appeal_health", "appeal_benefits"), DENMARK: ("appeal",)}
"""All of them, for those who are not sure."""


def appeal_deadlines(context: Context) -> dict[str, date]:
    """Fact name to last day, from the day the answer came or else the letter's date; empty when neither is known."""
    started = _started(context)
    if started is None:
        return {}
    try:
        return {
            name: last_day(started, context.rules.fact(name), context.country) for name in _applicable_facts(context)
        }
    except OutsideCalendar:
        return {}


def _started(context: Context) -> date | None:
    started = context.answers.get("received_date") or context.answers.get("letter_date")
    return date.fromisoformat(started) if started else None


def _applicable_facts(context: Context) -> tuple[str, ...]:
    return APPEAL_FACTS.get(str(context.answers.get("service")), ALL_APPEAL_FACTS[context.country])


def is_late(context: Context) -> bool:
    """Whether every deadline that can apply has passed today for certain.

    The time runs from the day the answer came, so the letter's date alone never makes a complaint late.
    """
    return bool(context.answers.get("received_date")) and _may_have_passed(context)


def _may_have_passed(context: Context) -> bool:
    days = appeal_deadlines(context).values()
    return bool(days) and max(days) < context.today


def deadline_help(context: Context) -> list[str]:
    """The last day of each deadline that can apply, or the times where no date is known, and what if it has passed."""
    days = appeal_deadlines(context)
    if not days:
        return [*_times_without_a_date(context), _late_sentence(context)]
    lines = [_last_day(name, day, context) + _why_later(name, context) for name, day in days.items()]
    lines.append(gettext("This is help only. If the letter gives another date, that date counts."))
    return [*lines, _late_sentence(context)]


def _last_day(name: str, day: date, context: Context) -> str:
    if context.answers.get("received_date"):
        return gettext(
            "The last day is %(day)s. The deadline is %(time)s from the day you got the answer.",
            time=context.rules.fact(name).phrase(current()),
            day=format_weekday(day),
        )
    return gettext(
        "The last day is %(day)s or later. The deadline is %(time)s. It counts from the day you got the "
        "letter, and that may be later than its date.",
        time=context.rules.fact(name).phrase(current()),
        day=format_weekday(day),
    )


def _why_later(name: str, context: Context) -> str:
    """A further sentence where the period ends on a day that is no working day; "" elsewhere."""
    started = _started(context)
    moved = moved_because(started, context.rules.fact(name), context.country) if started else None
    if moved is None:
        return ""
    why = gettext(
        "The time runs out on %(day)s (%(reason)s), so the deadline moves to the next working day.",
        day=format_weekday(moved.counted),
        reason=DAYS_OFF[moved.reason],
    )
    return f" {why}"


def _times_without_a_date(context: Context) -> list[str]:
    times = [context.rules.fact(name).phrase(current()) for name in _applicable_facts(context)]
    if len(times) == 1:
        return [gettext("You have %(time)s from the day you got the answer.", time=times[0])]
    return [
        gettext(
            "You have %(times)s from the day you got the answer. It depends on the service.",
            times=format_list(times, "or", locale=current().locale),
        )
    ]


def time_to_complain(context: Context) -> str:
    """How long there is, counted in words from the day the answer came."""
    return " ".join(_times_without_a_date(context))


def _late_sentence(context: Context) -> str:
    if is_late(context):
        return say(_LATE, context)
    if _may_have_passed(context):
        return gettext("The deadline may have passed. It depends on the day you got the letter. Send it anyway.")
    return gettext("You can send the complaint after the deadline too.")


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


def tell_flags(context: Context) -> frozenset[str]:
    """ "late" where that is certain."""
    return frozenset({"late"}) if is_late(context) else frozenset()


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


def goes_straight_on(context: Context) -> bool:
    """Whether the complaint is for others than the municipality from the start, or comes so late that they decide."""
    return bool(_goes_past_the_municipality(context))


def _goes_past_the_municipality(context: Context) -> Text:
    """What happens to a complaint that the municipality does not look at itself; "" where it does.

    Norway: NAV's own benefits. Denmark: the committee's decisions (BARN § 146) and whatever is late (RSBEK § 13).
    """
    service = context.answers.get("service")
    if service == "benefits":
        return _TO_NAV
    if service == "committee":
        return _TO_THE_BOARD
    return _LATE_TO_THE_BOARD if context.rules.complaints.late_goes_on and is_late(context) else ""


def _first(context: Context) -> Text:
    return _goes_past_the_municipality(context) or _LOOKS_AGAIN


def _second(context: Context) -> Text:
    return "" if _goes_past_the_municipality(context) else _THEN_THE_BOARD


def obligations(context: Context) -> tuple[str, ...]:
    """Denmark: reassessment (RSBEK § 11), where the municipality looks at the case at all. Norway sets no limit."""
    reconsider = context.rules.complaints.reconsider
    return () if reconsider is None or goes_straight_on(context) else (reconsider.name,)


def own_targets(context: Context) -> tuple[OwnTarget, ...]:
    """The municipality's own, where it has one: for every complaint, so that the date alone tells nothing of what it is
    about.
    """
    target = context.municipality.complaint_target if context.municipality else None
    return (OwnTarget.of(COMPLAINT_TARGET, target),) if target else ()


NEXT_STEPS: tuple[Text, ...] = (
    Chosen(_first),
    Chosen(_second),
    _("If you have sent the complaint to the wrong place, we send it on."),
)
"""What the citizen is told happens next."""
