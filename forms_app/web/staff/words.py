"""What the staff pages call things: statuses, sources, legal dates, days."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from forms_app.countries import Country, working_days_between
from forms_app.forms.definition import FormKey
from forms_app.forms.own_target import COMPLAINT_TARGET
from forms_app.language import gettext, ngettext
from forms_app.language import lazy_gettext as _
from forms_app.storage.inbox_order import Flag
from forms_app.storage.tables import AnsweredBy, Source, TargetGroup

FORM_NAMES: Mapping[FormKey, Any] = {
    FormKey.APPLICATION: _("Application"),
    FormKey.POWER_OF_ATTORNEY: _("Power of attorney"),
    FormKey.COMPLAINT: _("Complaint"),
}
GROUP_NAMES: Mapping[TargetGroup, Any] = {
    TargetGroup.CHILDREN: _("Children and families"),
    TargetGroup.ADULTS: _("Adults"),
}
FLAG_NAMES: Mapping[Flag, Any] = {
    Flag.LATE: _("Came after the deadline"),
    Flag.UNCONFIRMED: _("Right to act not confirmed"),
    Flag.UNSCANNED: _("File not checked"),
    Flag.FAILED: _("Delivery failed"),
    Flag.TAKEN_BACK: _("Taken back"),
    Flag.FAMILY: _("Joined with other cases"),
}
SOURCE_NAMES: Mapping[Source, Any] = {
    Source.ONLINE: _("Sent on this website"),
    Source.PAPER: _("On paper"),
    Source.PHONE: _("By telephone"),
    Source.VISIT: _("In a visit"),
}
ANSWERED_BY_NAMES: Mapping[AnsweredBy, Any] = {
    AnsweredBy.DIGITAL_POST: _("Digital post"),
    AnsweredBy.LETTER: _("Letter"),
    AnsweredBy.MEETING: _("In a meeting"),
    AnsweredBy.PHONE: _("By telephone"),
}
DEADLINE_NAMES: Mapping[str, Any] = {
    "preliminary_answer": _("Answer, or say why it takes longer"),
    "reassessment": _("Change the decision, or send the complaint on"),
    "reassessment_short": _("Change the decision, or send the complaint on"),
    "partial_reply": _("The complainant's answer, where a part was changed"),
    "forward_after_reply": _("Send the complaint on after the answer"),
    COMPLAINT_TARGET: _("Change the decision, or send the complaint on"),
}
"""By the fact that a date was counted from, or the name of the municipality's own target."""


def deadline_name(fact: str) -> str:
    """What is due; a date that another part of the program gives a case is named by its fact."""
    return str(DEADLINE_NAMES.get(fact, fact))


def working_days(number: int) -> str:
    """ "3 working days"."""
    return ngettext("%(num)d working day", "%(num)d working days", number)


def waited(since: date, today: date, country: Country) -> str:
    """How long something has lain, in working days."""
    number = working_days_between(since, today, country)
    return gettext("waited %(days)s", days=working_days(number)) if number else gettext("came in today")


def when_due(fact: str, due_on: date, today: date, country: Country) -> tuple[str, str]:
    """How a date stands to today, in words, and which of "over", "soon" and "later" it is."""
    if fact == COMPLAINT_TARGET:
        return _when_aimed(due_on, today, country)
    if due_on < today:
        number = max(1, working_days_between(due_on, today, country))
        return gettext("Overdue by %(days)s", days=working_days(number)), "over"
    if due_on == today:
        return gettext("Due today"), "soon"
    left = working_days_between(today, due_on, country)
    if (due_on - today).days <= 7:
        return gettext("Due in %(days)s", days=working_days(left)), "soon"
    return gettext("In %(days)s", days=working_days(left)), "later"


def _when_aimed(due_on: date, today: date, country: Country) -> tuple[str, str]:
    """The municipality's own target is named so, and it is never overdue: nobody has a right that ends with it."""
    urgency = "soon" if (due_on - today).days <= 7 else "later"
    if due_on == today:
        return gettext("The municipality's own target: today"), urgency
    number = working_days(max(1, working_days_between(min(due_on, today), max(due_on, today), country)))
    if due_on < today:
        return gettext("The municipality's own target: %(days)s ago", days=number), urgency
    return gettext("The municipality's own target: in %(days)s", days=number), urgency


def short_date(day: date) -> str:
    """Day, month and year in figures, which all three languages write alike: "3.11.2026"."""
    return f"{day.day}.{day.month}.{day.year}"
