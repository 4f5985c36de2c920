"""What a complaint waits for, in the few words of a list."""

from datetime import date

from forms_app.casework.complaints import NextStep, next_step
from forms_app.casework.inbox import InboxLine
from forms_app.countries import CountryRules
from forms_app.forms.definition import FormKey
from forms_app.language import gettext
from forms_app.storage.tables import CaseStatus


def step_words(line: InboxLine, rules: CountryRules, today: date) -> tuple[str, bool]:
    """What is to be done next, and whether at once; "" for no complaint, and for one that is over."""
    row = line.row
    if row.form != FormKey.COMPLAINT or row.status is CaseStatus.CLOSED or row.withdrawn_at:
        return "", False
    match next_step(row.complaint, rules, goes_straight_on=line.goes_on):
        case NextStep.RECONSIDER:
            return gettext("Look at the decision again"), False
        case NextStep.REPLY if row.next_deadline and row.next_deadline < today:
            return gettext("The complainant's time to answer has run out"), True
        case NextStep.REPLY:
            return gettext("Wait for the complainant's answer"), False
        case NextStep.FORWARD if line.goes_on:
            return gettext("Send the complaint on at once"), True
        case NextStep.FORWARD:
            return gettext("Send the complaint on"), False
    return (gettext("Sent on"), False) if row.complaint.forwarded_on else ("", False)
