"""What citizens are told about how their draft is kept: saved when, until which day, and what is found no more."""

from dataclasses import dataclass
from datetime import date

from forms_app.clock import local_date
from forms_app.intake.drafts import kept_until
from forms_app.language import format_date, format_moment, format_time_of_day, ngettext
from forms_app.language import gettext as _
from forms_app.web.citizen.visit import Visit
from forms_app.web.portal import portal


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """Both as sentences; `last_saved` is empty while nothing is saved."""

    last_saved: str
    until: str


def keeping(found: Visit) -> Keeping:
    """When the draft was last saved, in the citizen's own zone, and until when it is kept."""
    return Keeping(
        last_saved="" if found.draft.is_empty else _last_saved(found),
        until=_("We keep the draft until %(day)s.", day=format_date(last_day(found))),
    )


def last_day(found: Visit) -> date:
    """The last day on which the draft is kept if it is not saved again."""
    return kept_until(found.draft.saved_at, days=portal().draft_days, zone=_zone(found))


def nothing_found() -> str:
    """The same for a code that nobody ever had, for one that has expired, and for one whose draft was deleted."""
    return _("We find nothing for this code. If you have sent something, call the municipality.")


def how_long() -> str:
    """The rule, which says nothing about any one draft."""
    return ngettext(
        "A draft that is not sent is deleted %(num)d day after it was last saved.",
        "A draft that is not sent is deleted %(num)d days after it was last saved.",
        portal().draft_days,
    )


def _last_saved(found: Visit) -> str:
    saved_at, zone = found.draft.saved_at, _zone(found)
    if local_date(saved_at, zone) == local_date(portal().desk.clock(), zone):
        return _("Last saved at %(time)s.", time=format_time_of_day(saved_at, zone))
    return _("Last saved %(moment)s.", moment=format_moment(saved_at, zone))


def _zone(found: Visit) -> str:
    return found.filled.context.rules.time_zone
