"""What the address of an inbox page asks for. It can be kept as a bookmark: nothing in it is about a citizen."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from forms_app.forms.definition import FormKey
from forms_app.storage.inbox_order import Flag, InboxPosition, Wanted
from forms_app.storage.tables import CaseStatus, TargetGroup

Choice = TypeVar("Choice", bound=StrEnum)

OPEN, ALL, UNREAD = "open", "all", "unread"
MINE, NOBODYS = "mine", "nobody"
OVERDUE, SOON, PAST_TARGET = "overdue", "week", "target"


@dataclass(frozen=True, kw_only=True)
class InboxQuery:
    """As it was chosen: "" lets all through. `status` is a status, OPEN, UNREAD or ALL; `who` is MINE, NOBODYS or the
    id of a colleague; `family` is the id that joined cases share.
    """

    form: str = ""
    group: str = ""
    status: str = OPEN
    who: str = ""
    due: str = ""
    flag: str = ""
    family: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was chosen."""
        return self != InboxQuery()

    def url(self, after: InboxPosition | None = None) -> str:
        """The address that asks for this, beginning after a row."""
        chosen = {name: value for name, value in vars(self).items() if value != getattr(InboxQuery(), name)}
        if after:
            chosen["after"] = _written(after)
        return "/staff/inbox" + (f"?{urlencode(chosen)}" if chosen else "")

    def wanted(self, municipality: str, *, member: uuid.UUID, today: date) -> Wanted:
        """What to look for; `member` asks, `today` is the municipality's day."""
        days = {OVERDUE: 0, SOON: 8}.get(self.due)
        return Wanted(
            municipality=municipality,
            form=_one_of(FormKey, self.form),
            target_group=_one_of(TargetGroup, self.group),
            status=_one_of(CaseStatus, self.status),
            is_open=self.status in (OPEN, UNREAD),
            is_unopened=self.status == UNREAD,
            assignee=member if self.who == MINE else _id(self.who),
            is_nobodys=self.who == NOBODYS,
            due_before=None if days is None else today + timedelta(days=days),
            target_before=today if self.due == PAST_TARGET else None,
            flag=_one_of(Flag, self.flag),
            family=_id(self.family),
        )


def read_query(arguments: Mapping[str, str]) -> tuple[InboxQuery, InboxPosition | None]:
    """What is asked for, and the row to begin after; what makes no sense is left out."""
    given = {name: arguments.get(name, "") for name in InboxQuery.__dataclass_fields__}
    sound: dict[str, Any] = {
        "form": _kept(FormKey, given["form"]),
        "group": _kept(TargetGroup, given["group"]),
        "status": given["status"] if given["status"] in (*CaseStatus, ALL, UNREAD) else OPEN,
        "who": given["who"] if given["who"] in (MINE, NOBODYS) or _id(given["who"]) else "",
        "due": given["due"] if given["due"] in (OVERDUE, SOON, PAST_TARGET) else "",
        "flag": _kept(Flag, given["flag"]),
        "family": given["family"] if _id(given["family"]) else "",
    }
    return InboxQuery(**sound), _read(arguments.get("after", ""))


def _one_of(kind: type[Choice], value: str) -> Choice | None:
    return kind(value) if value in set(kind) else None


def _kept(kind: type[StrEnum], value: str) -> str:
    return value if value in set(kind) else ""


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _written(position: InboxPosition) -> str:
    at = position.accepted_at.astimezone(UTC).replace(tzinfo=None)
    return "_".join((str(position.rank), str(position.due_on), at.isoformat(), position.submission_id.hex))


def _read(text: str) -> InboxPosition | None:
    try:
        rank, due_on, at, id = text.split("_")
        return InboxPosition(
            rank=int(rank),
            due_on=date.fromisoformat(due_on),
            accepted_at=datetime.fromisoformat(at).replace(tzinfo=UTC),
            submission_id=uuid.UUID(id),
        )
    except ValueError:
        return None
