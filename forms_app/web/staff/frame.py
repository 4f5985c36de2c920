"""The frame of every staff page, in the language of the municipality."""

from collections.abc import Iterator
from typing import Any

from flask import Response, g, make_response, render_template, request

from forms_app.casework.access import Role, Visitor
from forms_app.countries import rules_for
from forms_app.language import current, format_time_of_day, gettext
from forms_app.masthead import Link, Masthead
from forms_app.web.post_form import PostForm
from forms_app.web.staff.office import office

_ = gettext

MENU: list[tuple[str, Any, frozenset[Role]]] = []
"""Address, label and the roles that see it; the pages add themselves."""
_ORDER = ("/staff/inbox", "/staff/new", "/staff/coordinators", "/staff/figures", "/staff/retention", "/staff/audit")


def menu() -> list[tuple[str, Any, frozenset[Role]]]:
    """The entries in order."""
    return sorted(MENU, key=lambda entry: _ORDER.index(entry[0]))


def page(template: str, *, title: str, status: int = 200, **values: Any) -> Response:
    """Render a staff page, for whoever is logged in or for nobody."""
    known: Visitor | None = g.get("visitor")
    body = render_template(
        f"staff/{template}",
        title=title,
        language=current(),
        masthead=_masthead(known),
        visitor=known,
        places=_places(known),
        key_trouble=office().key_trouble(known.municipality) if known else None,
        idle_at=known.idle_at if known else None,
        idle_warning=idle_warning(known) if known else "",
        form=values.pop("form", None) or PostForm(),
        refused=None,
        **values,
    )
    return make_response(body, status)


def idle_warning(known: Visitor) -> str:
    """What somebody reads who has not done anything for a while."""
    zone = rules_for(office().deployment.municipality(known.municipality).country).time_zone
    return gettext(
        "You have not done anything for a while. At %(time)s you are logged out. What you have typed stays on the "
        "page.",
        time=format_time_of_day(known.idle_at, zone),
    )


def _places(known: Visitor | None) -> list[tuple[str, str]]:
    """Key and name of the municipalities that they can be at work for, where there is a choice."""
    if known is None or len(known.member.roles) < 2:
        return []
    return [(one.key, one.name) for one in office().deployment.municipalities if one.key in known.member.roles]


def _masthead(known: Visitor | None) -> Masthead:
    deployment = office().deployment
    place = f": {deployment.name_of(known.municipality)}" if known else ""
    return Masthead(
        language=current(),
        site_name=_("Case handling") + place,
        home_url="/staff/",
        skip_label=_("Skip to the content"),
        demo=deployment.demo,
        demo_text=_("Demo. This is not an official service. Do not send real information."),
        menu_label=_("Main menu"),
        menu=tuple(_menu(known)),
        languages_label="",
        languages=(),
        languages_form="",
        footer_label="",
        footer_links=(),
        footer_note="",
    )


def _menu(known: Visitor | None) -> Iterator[Link]:
    for url, label, roles in menu():
        if known and roles & known.roles:
            yield Link(label=str(label), url=url, is_current=request.path.startswith(url))
