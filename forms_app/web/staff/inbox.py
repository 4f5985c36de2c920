"""The inbox: the list, what narrows it, and the search that never stands in an address."""

import uuid
from collections.abc import Mapping
from dataclasses import replace

from flask import Response, make_response, redirect, request

from forms_app.casework import inbox as listing
from forms_app.casework import names
from forms_app.casework.deeds import STATUS_NAMES
from forms_app.casework.inbox import InboxPage
from forms_app.casework.same_person import KnownTo
from forms_app.clock import local_date
from forms_app.countries import rules_for
from forms_app.forms.definition import FormKey
from forms_app.language import gettext, ngettext
from forms_app.language import lazy_gettext as _
from forms_app.references.reference import WrongReference, parse_reference
from forms_app.storage import inbox_counts, submissions
from forms_app.storage.engine import reading
from forms_app.storage.inbox_counts import InboxCounts
from forms_app.storage.inbox_order import Flag, InboxPosition, Wanted
from forms_app.storage.staff import members
from forms_app.storage.tables import CaseStatus, TargetGroup
from forms_app.web.staff.colleagues import colleagues
from forms_app.web.staff.doors import CASE_WORKERS, staff_page, visitor
from forms_app.web.staff.frame import MENU, page
from forms_app.web.staff.inbox_lines import Desk, ShownLine, grouped, shown
from forms_app.web.staff.inbox_query import (
    ALL,
    MINE,
    NOBODYS,
    OPEN,
    OVERDUE,
    PAST_TARGET,
    SOON,
    UNREAD,
    InboxQuery,
    read_query,
)
from forms_app.web.staff.office import office
from forms_app.web.staff.own_case import same_person
from forms_app.web.staff.words import FLAG_NAMES, FORM_NAMES, GROUP_NAMES, waited

MENU.append(("/staff/inbox", _("Inbox"), CASE_WORKERS))

_LONGEST_SEARCH = 200
_MOST_OVERDUE = 5
Options = list[tuple[str, str]]


@staff_page("/inbox", any_of=CASE_WORKERS)
def inbox_page() -> Response:
    """What needs a human soonest comes first."""
    query, after = read_query(request.args)
    desk = desk_of_visitor()
    wanted = query.wanted(visitor().municipality, member=visitor().id, today=desk.today)
    found = _listed(wanted, after)
    desk = replace(desk, known_to=_known_to(found))
    with reading(office().engine) as connection:
        counts = inbox_counts.counts(connection, visitor().municipality, today=desk.today, member=visitor().id)
        number = inbox_counts.count(connection, wanted) if query.is_narrowed else None
    return page(
        "inbox.html",
        title=gettext("Inbox"),
        groups=grouped(found.lines, desk),
        overdue=_most_overdue(desk) if after is None and not query.is_narrowed else [],
        overdue_url=InboxQuery(due=OVERDUE).url(),
        query=query,
        tallies=_tallies(counts, desk),
        menus=_menus(query),
        found=None if number is None else ngettext("%(num)d case found", "%(num)d cases found", number),
        next_url=query.url(found.next) if found.next else None,
        is_first=after is None,
    )


@staff_page("/inbox/search", any_of=CASE_WORKERS, methods=["POST"])
def search() -> Response:
    """Cases by a reference or a part of a name, which is posted so that it is written down nowhere."""
    typed = request.form.get("q", "").strip()[:_LONGEST_SEARCH]
    reference = _reference(typed)
    if reference:
        return make_response(redirect(f"/staff/case/{reference}", 303))
    place, services = visitor().municipality, office()
    answer = names.search(
        services.names, services.engine, services.clock, services.identities, place, typed, actor=visitor().actor
    )
    found = _listed(Wanted(municipality=place, among=answer.ids))
    return page(
        "search.html",
        title=gettext("Search"),
        groups=grouped(found.lines, replace(desk_of_visitor(), known_to=_known_to(found))),
        typed=typed,
        found=ngettext("%(num)d case found", "%(num)d cases found", len(answer.ids)),
        unread=_unread(answer.unread),
        is_cut=len(found.lines) < len(answer.ids),
    )


def _unread(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "%(num)d case has not been looked through yet: its name is just being read. Search again in a moment.",
        "%(num)d cases have not been looked through yet: their names are just being read. Search again in a moment.",
        number,
    )


def desk_of_visitor() -> Desk:
    """Today, where whoever is logged in is at work."""
    services = office()
    country = services.deployment.municipality(visitor().municipality).country
    with reading(services.staff) as connection:
        people = members.names(connection)
    today = local_date(services.clock(), rules_for(country).time_zone)
    return Desk(today=today, country=country, names=people, member=visitor().id)


def _listed(wanted: Wanted, after: InboxPosition | None = None) -> InboxPage:
    services = office()
    return listing.page(
        services.engine, services.clock, services.identities, wanted, after=after, actor=visitor().actor
    )


def _known_to(found: InboxPage) -> Mapping[uuid.UUID, KnownTo]:
    """Who works with the same person, for the open cases on the page that nobody has."""
    rows = [one.row for one in found.lines if one.summary]
    nobodys = [row.submission_id for row in rows if row.assignee is None and row.status is not CaseStatus.CLOSED]
    return same_person().known_to(visitor().municipality, nobodys) if nobodys else {}


def _most_overdue(desk: Desk) -> list[ShownLine]:
    """The few cases that are longest past their date, wherever else they stand in the list."""
    services, place = office(), visitor().municipality
    with reading(services.engine) as connection:
        among = inbox_counts.longest_overdue(connection, place, today=desk.today, limit=_MOST_OVERDUE)
    found = _listed(Wanted(municipality=place, among=frozenset(among)))
    order = {id: place for place, id in enumerate(among)}
    return [shown(line, desk) for line in sorted(found.lines, key=lambda line: order[line.row.submission_id])]


def _reference(typed: str) -> str | None:
    """The reference that was typed, if a case of this municipality has it."""
    try:
        reference = parse_reference(typed)
    except WrongReference:
        return None
    with reading(office().engine) as connection:
        row = submissions.by_reference(connection, reference)
    return reference if row and row.municipality == visitor().municipality else None


def _tallies(counts: InboxCounts, desk: Desk) -> list[tuple[int, str, str, str, str]]:
    """Number, words, a remark, address and urgency of each heap."""
    oldest = ""
    if counts.oldest_unread_at:
        since = local_date(counts.oldest_unread_at, rules_for(desk.country).time_zone)
        oldest = gettext("the oldest %(waited)s", waited=waited(since, desk.today, desk.country))
    return [
        (counts.overdue, gettext("Overdue"), "", InboxQuery(due=OVERDUE).url(), "over"),
        (counts.unread, gettext("Not read"), oldest, InboxQuery(status=UNREAD).url(), "soon"),
        (counts.soon, gettext("Due within a week"), "", InboxQuery(due=SOON).url(), "soon"),
        *([_past_target(counts)] if _own_target() else []),
        (counts.nobodys, gettext("Without a case worker"), "", InboxQuery(who=NOBODYS).url(), "later"),
        (counts.mine, gettext("Mine"), "", InboxQuery(who=MINE).url(), "later"),
        (counts.all, gettext("All open"), "", InboxQuery().url(), "later"),
    ]


def _past_target(counts: InboxCounts) -> tuple[int, str, str, str, str]:
    return counts.past_target, gettext("Past our own target"), "", InboxQuery(due=PAST_TARGET).url(), "soon"


def _own_target() -> bool:
    """Whether the municipality has set itself one for complaints."""
    return office().deployment.municipality(visitor().municipality).complaint_target is not None


def _menus(query: InboxQuery) -> list[tuple[str, str, str, Options]]:
    """Name, label, what is chosen and the options of each menu that narrows the list."""
    everything = ("", gettext("All"))
    statuses = [(OPEN, gettext("All open")), (UNREAD, gettext("Not read")), (ALL, gettext("All, also closed"))]
    whose = [(MINE, gettext("Mine")), (NOBODYS, gettext("Nobody")), *((str(one.id), one.name) for one in colleagues())]
    dates = [(OVERDUE, gettext("Overdue")), (SOON, gettext("Overdue or due within a week"))]
    if _own_target():
        dates.append((PAST_TARGET, gettext("Past our own target for complaints")))
    options: dict[str, tuple[str, Options]] = {
        "form": (gettext("Form"), [everything, *((key, str(FORM_NAMES[key])) for key in FormKey)]),
        "group": (gettext("Who it is for"), [everything, *((key, str(GROUP_NAMES[key])) for key in TargetGroup)]),
        "status": (gettext("Status"), [*statuses, *((key, str(STATUS_NAMES[key])) for key in CaseStatus)]),
        "who": (gettext("Case worker"), [everything, *whose]),
        "due": (gettext("Next date"), [everything, *dates]),
        "flag": (gettext("Marked with"), [everything, *((key, str(FLAG_NAMES[key])) for key in Flag)]),
    }
    return [(name, label, getattr(query, name), found) for name, (label, found) in options.items()]
