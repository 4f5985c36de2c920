"""What a case page says besides the answers: dates with their law, who may act, files, and what has happened."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from forms_app.casework.deeds import STATUS_NAMES, said, who
from forms_app.casework.opening import OpenedCase, OpenedSending
from forms_app.casework.status import CaseHistory
from forms_app.countries import CountryRules, UnknownFact
from forms_app.documents.filenames import numbered_name
from forms_app.documents.follow_up import title_of
from forms_app.documents.submission import notes_of
from forms_app.files.kinds import Kind
from forms_app.forms.follow_up import FollowUpKind, kind_of
from forms_app.forms.own_target import COMPLAINT_TARGET
from forms_app.forms.self_check import Citation, cite
from forms_app.intake.timeline import STATUS_TEXTS
from forms_app.language import format_date, format_moment, format_size, gettext
from forms_app.sealing.submission import SentFile
from forms_app.storage.audit import AuditEntry
from forms_app.storage.case_events import CaseEvent
from forms_app.storage.cases import Deadline
from forms_app.web.staff.words import ANSWERED_BY_NAMES, deadline_name, when_due

SHOWN_IN_BROWSER = frozenset({Kind.PDF, Kind.JPEG, Kind.PNG, Kind.GIF, Kind.WEBP, Kind.TEXT})
"""Of these a checked copy can be looked at without being downloaded."""
_NOT_SAFE = frozenset({"active", "unchecked"})
_STATUS = "status "


@dataclass(frozen=True, kw_only=True)
class ShownDate:
    """A date with the law it stands in; `words` says how far off it is, `done_on` when it was met. `is_own` is the
    municipality's own target, which stands in no law.
    """

    kind: str
    name: str
    day: str
    words: str
    urgency: str
    done_on: str
    laws: tuple[Citation, ...]
    is_own: bool

    @property
    def source(self) -> str:
        """Where it comes from."""
        if self.is_own:
            return gettext("The municipality's own target. No law sets this date.")
        return "; ".join(f"{law.title} {law.section}" for law in self.laws)


@dataclass(frozen=True, kw_only=True)
class ShownFile:
    """A file that was sent. `number` is 0 for the form and that of what was sent later, `position` counts from 1."""

    number: int
    position: int
    name: str
    size: str
    notes: tuple[str, ...]
    is_shown: bool
    """Whether the browser may show it."""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """A line of the history."""

    when: str
    who: str
    what: str
    times: int


def dates_of(deadlines: Iterable[Deadline], rules: CountryRules, today: date) -> list[ShownDate]:
    """Every date of a case, as stored: the nearest first."""
    return [_shown_date(one, rules, today) for one in deadlines]


def _shown_date(one: Deadline, rules: CountryRules, today: date) -> ShownDate:
    words, urgency = when_due(one.fact, one.due_on, today, rules.country)
    return ShownDate(
        kind=one.kind,
        name=deadline_name(one.fact),
        day=format_date(one.due_on),
        words="" if one.done_on else words,
        urgency="later" if one.done_on else urgency,
        done_on=format_date(one.done_on) if one.done_on else "",
        laws=_law(one.fact, rules),
        is_own=one.fact == COMPLAINT_TARGET,
    )


def _law(name: str, rules: CountryRules) -> tuple[Citation, ...]:
    try:
        return cite(rules.fact(name).source, rules)
    except (UnknownFact, KeyError):
        # A fact may have been renamed since the date was counted, or stand on no statute.
        return ()


def files_of(case: OpenedCase) -> list[tuple[str, list[ShownFile]]]:
    """The files of each sending under its title; "" for the form itself."""
    sendings = [("", 0, case.files), *((_title(one), _number(one), one.files) for one in case.later)]
    return [
        (title, [_shown_file(file, number, position) for position, file in enumerate(files, start=1)])
        for title, number, files in sendings
        if files
    ]


def _title(one: OpenedSending) -> str:
    return title_of(one.kind or FollowUpKind.ADDITION, _number(one))


def _number(one: OpenedSending) -> int:
    kind = kind_of(one.submission.answers)
    number: int = one.submission.answers[kind]["number"] if kind else 0
    return number


def file_at(case: OpenedCase, number: int, position: int) -> SentFile | None:
    """The file at a place."""
    sendings = {0: case.files, **{_number(one): one.files for one in case.later}}
    files = sendings.get(number, ())
    return files[position - 1] if 1 <= position <= len(files) else None


def is_shown_in_browser(file: SentFile) -> bool:
    """Whether what we made of it, or found whole and still, may be looked at in a browser."""
    return file.facts.kind in SHOWN_IN_BROWSER and (file.cleaned is not None or not _NOT_SAFE & set(file.facts.flags))


def _shown_file(file: SentFile, number: int, position: int) -> ShownFile:
    return ShownFile(
        number=number,
        position=position,
        name=numbered_name(position, file.facts.name),
        size=format_size(file.facts.size),
        notes=tuple(notes_of(file.facts)),
        is_shown=is_shown_in_browser(file),
    )


def happenings(
    known: CaseHistory, entries: Iterable[AuditEntry], names: Mapping[uuid.UUID, str], zone: str
) -> list[Happening]:
    """What everybody did with the case, the newest first; the same deed again and again on one day is one line."""
    events = {(event.at, f"{_STATUS}{event.status}"): event for event in known.events}
    lines = [
        (format_date(entry.at.date()), who(entry.actor, names), _what(entry, events, names), entry) for entry in entries
    ]
    found = []
    for (unused_day, actor, what), same in groupby(reversed(lines), key=lambda line: line[:3]):
        repeated = [line[3] for line in same]
        when = format_moment(repeated[0].at, zone)
        found.append(Happening(when=when, who=actor, what=what, times=len(repeated)))
    return found


def _what(entry: AuditEntry, events: Mapping[tuple[datetime, str], CaseEvent], names: Mapping[uuid.UUID, str]) -> str:
    event = events.get((entry.at, entry.action))
    return ". ".join(_of_event(event)) if event else said(entry.action, names)


def _of_event(event: CaseEvent) -> Iterator[str]:
    yield str(STATUS_NAMES[event.status])
    if event.answered_on and event.answered_by:
        yield f"{format_date(event.answered_on)}, {ANSWERED_BY_NAMES[event.answered_by]}"
    if event.text:
        yield str(STATUS_TEXTS[event.text]).rstrip(".")
