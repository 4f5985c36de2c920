"""The leader's page: who waits for a coordinator, who has room for one more, and how many everybody can have."""

import uuid

from flask import Response, make_response, redirect, request

from forms_app.casework.coordinators import MOST, NotAtWork, Register, WrongCapacity
from forms_app.language import gettext
from forms_app.language import lazy_gettext as _
from forms_app.storage.tables import TargetGroup
from forms_app.web.staff.colleagues import case_workers
from forms_app.web.staff.doors import LEADERS, staff_page, visitor
from forms_app.web.staff.frame import MENU, page
from forms_app.web.staff.office import office
from forms_app.web.staff.words import GROUP_NAMES, short_date, working_days

MENU.append(("/staff/coordinators", _("Coordinators"), LEADERS))


@staff_page("/coordinators", any_of=LEADERS, methods=["GET", "POST"])
def coordinators() -> Response:
    """Who has waited too long stands on top."""
    problem = ""
    if request.method == "POST":
        problem = _set_capacity()
        if not problem:
            return make_response(redirect("/staff/coordinators", 303))
    return _shown(problem)


def _set_capacity() -> str:
    """What is wrong with what was typed; "" when it was noted."""
    number = request.form.get("capacity", "").strip()
    try:
        member_id, group = uuid.UUID(request.form.get("member", "")), TargetGroup(request.form.get("group", ""))
    except ValueError:
        return gettext("Choose a colleague, and whom they coordinate for.")
    try:
        capacity = int(number) if number.isascii() and number.isdigit() else -1
        _register().set_capacity(member_id, group, capacity, actor=visitor().actor)
    except WrongCapacity:
        return gettext("Write how many, with figures: 0 to %(most)s. 0 takes them off the list.", most=MOST)
    except NotAtWork:
        return gettext("Choose a colleague, and whom they coordinate for.")
    return ""


def _shown(problem: str) -> Response:
    place = office().deployment.municipality(visitor().municipality)
    found = _register().overview(within=place.coordinator_within_days)
    return page(
        "coordinators.html",
        title=gettext("Coordinators"),
        status=422 if problem else 200,
        problem=problem,
        where="capacity" if request.form.get("member") else "member",
        typed=request.form if problem else {},
        within=working_days(place.coordinator_within_days),
        waiting=[
            (
                one,
                _group(one.target_group),
                short_date(one.since),
                working_days(one.days),
            )
            for one in found.waiting
        ],
        groups=[
            (GROUP_NAMES[group], [one for one in found.coordinators if one.target_group is group])
            for group in TargetGroup
        ],
        colleagues=case_workers(place.key),
        group_names=GROUP_NAMES,
    )


def _group(group: TargetGroup | None) -> str:
    return str(GROUP_NAMES[group]) if group else "–"


def _register() -> Register:
    services = office()
    place = services.deployment.municipality(visitor().municipality)
    return Register(
        engine=services.engine,
        staff=services.staff,
        clock=services.clock,
        municipality=place.key,
        country=place.country,
    )
