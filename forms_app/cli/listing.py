"""A line of the inbox, for people and for programs."""

from datetime import UTC, datetime
from typing import Any

from forms_app.casework.inbox import InboxLine
from forms_app.cli.terminal import one_line

CANNOT_BE_OPENED = "cannot be opened"


def as_text(line: InboxLine) -> str:
    """One line for a terminal: nothing that was typed or stored can break it in two."""
    row = line.row
    marks = {
        "withdrawn": bool(row.withdrawn_at),
        "revoked": bool(row.revoked_at),
        "new": bool(row.news_at),
        f"additions: {row.additions}": bool(row.additions),
        "late": row.is_late,
        "unconfirmed": row.is_unconfirmed,
        "unscanned": row.is_unscanned,
        "given up": bool(row.deliveries_given_up),
        "mail given up": row.mail_given_up,
        CANNOT_BE_OPENED: line.summary is None,
    }
    cells = [
        one_line(row.reference),
        row.accepted_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M"),
        f"{one_line(row.municipality):14}",
        f"{one_line(row.form):18}",
        f"{row.status:12}",
        one_line(next(iter(line.names.values()), "-")),
        f"due {row.next_deadline} {one_line(row.next_kind or '')}" if row.next_deadline else "",
        " ".join(mark for mark, is_set in marks.items() if is_set),
    ]
    return "  ".join(cells).rstrip()


def as_json(line: InboxLine) -> dict[str, Any]:
    """All that is known of the case, exactly as it was typed."""
    row = line.row
    return {
        "reference": row.reference,
        "form": row.form,
        "municipality": row.municipality,
        "language": row.language,
        "accepted_at": row.accepted_at.isoformat(),
        "status": row.status,
        "is_late": row.is_late,
        "is_unconfirmed": row.is_unconfirmed,
        "is_unscanned": row.is_unscanned,
        "opened_at": _moment(row.opened_at),
        "handed_over_at": _moment(row.handed_over_at),
        "withdrawn_at": _moment(row.withdrawn_at),
        "revoked_at": _moment(row.revoked_at),
        "news_at": _moment(row.news_at),
        "target_group": row.target_group,
        "next_deadline": row.next_deadline.isoformat() if row.next_deadline else None,
        "next_kind": row.next_kind,
        "attachments": row.attachments,
        "additions": row.additions,
        "deliveries_given_up": row.deliveries_given_up,
        "mail_given_up": row.mail_given_up,
        "summary": None if line.summary is None else dict(line.names),
        "fault": CANNOT_BE_OPENED if line.summary is None else None,
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
