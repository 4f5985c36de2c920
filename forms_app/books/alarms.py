"""The alarms: what each is called, and what whoever is told of it can do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class AlarmKind(StrEnum):
    """Every alarm there is. The value is the event in the log and the label in the metrics, and never changes."""

    BOOKS_GAP = "books_gap"
    BOOKS_UNREADABLE = "books_unreadable"
    RECEIPT_NOT_SHOWN = "receipt_not_shown"
    CASES_UNOPENED_1_DAY = "cases_unopened_1_day"
    CASES_UNOPENED_3_DAYS = "cases_unopened_3_days"
    CASES_UNOPENED_5_DAYS = "cases_unopened_5_days"
    DELIVERY_GIVEN_UP = "delivery_given_up"
    DELIVERY_OVERDUE = "delivery_overdue"
    WORKER_SILENT = "worker_silent"
    CERTIFICATE_ENDS = "certificate_ends"
    CANARY_UNCONFIRMED = "canary_unconfirmed"
    SIGNING_KEY_OLD = "signing_key_old"
    DRILL_DUE = "drill_due"
    FACTS_DUE = "facts_due"


UNOPENED = {
    1: AlarmKind.CASES_UNOPENED_1_DAY,
    3: AlarmKind.CASES_UNOPENED_3_DAYS,
    5: AlarmKind.CASES_UNOPENED_5_DAYS,
}
"""By whole working days since the day on which a case came in."""


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Something is wrong now with `count` things. `subject` is a municipality, a channel, a host or the like; with the
    kind it makes the alarm the same as a minute ago. Neither it nor the `names` (some references) nor the `detail`
    (what the code says) is ever personal.
    """

    kind: AlarmKind
    subject: str = ""
    count: int = 1
    names: tuple[str, ...] = ()
    detail: str = ""


MEANING = {
    AlarmKind.BOOKS_GAP: (
        "The books do not close: what citizens have receipts for is not what is stored and handed over.",
        "Run `portal books`, which names every reference. Copy the database and the journals before you do more.",
    ),
    AlarmKind.BOOKS_UNREADABLE: (
        "The books cannot be closed, because a journal cannot be read.",
        "Run `portal books`, which says which one. See PORTAL_JOURNALS.",
    ),
    AlarmKind.RECEIPT_NOT_SHOWN: (
        "Something is stored that no journal knew of for ten minutes. The worker has noted it now.",
        "A process died between storing and showing the receipt. If it is many, a journal was lost or is not read.",
    ),
    AlarmKind.CASES_UNOPENED_1_DAY: (
        "Nobody has opened these cases for a whole working day.",
        "Tell the municipality's case workers.",
    ),
    AlarmKind.CASES_UNOPENED_3_DAYS: (
        "Nobody has opened these cases for three whole working days.",
        "Tell the leader of the municipality's case workers.",
    ),
    AlarmKind.CASES_UNOPENED_5_DAYS: (
        "Nobody has opened these cases for five whole working days.",
        "Call the municipality: nobody reads what it gets.",
    ),
    AlarmKind.DELIVERY_GIVEN_UP: (
        "The municipality's own system did not take these, and nobody tries again.",
        "They stand first in the inbox, with the reason. Case workers read them there meanwhile.",
    ),
    AlarmKind.DELIVERY_OVERDUE: (
        "These came in more than four hours ago and are still owed.",
        "See that a worker runs, and what its log says of this channel.",
    ),
    AlarmKind.WORKER_SILENT: (
        "A worker has not been there for two minutes, and did not end as it should.",
        "Look at that host, and start the worker.",
    ),
    AlarmKind.CERTIFICATE_ENDS: (
        "The certificate of the site ends soon, or cannot be read.",
        "Renew it, and let the web server read the new one.",
    ),
    AlarmKind.CANARY_UNCONFIRMED: (
        "Nobody has shown for ten minutes that what citizens send can be opened, so nothing is accepted.",
        "See that the worker runs with the opening key of these recipients: `portal keys status`.",
    ),
    AlarmKind.SIGNING_KEY_OLD: (
        "A signing key is older than two years.",
        "Make a new one with `portal keys new --signing`, and keep the public half of the old one.",
    ),
    AlarmKind.DRILL_DUE: (
        "It is more than a year ago that somebody opened a sample with the recovery key.",
        "Run `portal keys drill export`, and follow it.",
    ),
    AlarmKind.FACTS_DUE: (
        "What the law or a municipality says must be looked at again within a month, or should have been.",
        "Run `portal facts`, and look at review_by in portal.toml.",
    ),
}
"""What is wrong, and what to do."""


def joined(found: Iterable[Alarm]) -> list[Alarm]:
    """One for each kind and subject, in a fixed order."""
    by_key: dict[tuple[str, str], Alarm] = {}
    for one in found:
        by_key.setdefault((one.kind, one.subject), one)
    return [by_key[key] for key in sorted(by_key)]
