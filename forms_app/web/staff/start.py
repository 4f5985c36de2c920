"""Puts the staff surface into an application."""

from collections.abc import Sequence
from pathlib import Path

from flask import Flask, Response, g, request
from pyrage.x25519 import Identity

from forms_app import log
from forms_app.casework.access import NotAllowed
from forms_app.clock import Clock
from forms_app.language import Language, set_current
from forms_app.language import gettext as _
from forms_app.sealing.keys import load_identities
from forms_app.sealing.secret_files import KeyFileUnreadable
from forms_app.settings import Settings
from forms_app.storage.engine import make_engine
from forms_app.web.staff import (
    audit,
    case_deeds,
    case_files,
    complaint,
    coordinators,
    family,
    figures,
    hand_over,
    home,
    inbox,
    key,
    keying,
    login,
    retention,
    trouble,
)
from forms_app.web.staff.doors import blueprint
from forms_app.web.staff.frame import page
from forms_app.web.staff.office import Office, keep, office
from forms_app.web.staff.trouble import trouble_page

PAGES = (
    audit,
    case_deeds,
    case_files,
    complaint,
    coordinators,
    family,
    figures,
    hand_over,
    home,
    inbox,
    key,
    keying,
    retention,
    trouble,
)
"""Importing them is what adds their pages."""
_log = log.logger("staff")


def open_office(app: Flask, settings: Settings, clock: Clock) -> None:
    """Add the pages and their services. They are there without an opening key too, and say what to do about it."""
    assert settings.login
    services = Office(
        deployment=settings.deployment,
        engine=make_engine(settings.database_url),
        staff=make_engine(settings.staff_database_url),
        clock=clock,
        identities=_identities(settings.opening_keys),
        recipients=settings.recipients,
        login=settings.login,
        client=login.make_client(app, settings.login),
    )
    keep(app.extensions, services)
    app.extensions[f"trouble_page_of_{blueprint.name}"] = trouble_page
    app.register_blueprint(blueprint)


def _identities(path: Path | None) -> Sequence[Identity]:
    try:
        return load_identities(path) if path else ()
    except KeyFileUnreadable as error:
        _log.error("opening_key_unreadable", error=type(error).__name__)
        return ()


@blueprint.before_request
def _speak() -> None:
    """Until somebody is known, the language is the one of ours that their browser asks for, or the first one's."""
    g.pop("visitor", None)
    ours = [one.default_language for one in office().deployment.municipalities]
    asked = (one.partition("-")[0] for one in request.accept_languages.values())
    set_current(next((Language(one) for one in asked if one in ours), ours[0]))


@blueprint.after_request
def _allow_the_provider(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", login.policy(office().login))
    return response


@blueprint.errorhandler(NotAllowed)
def _not_allowed(unused_error: NotAllowed) -> Response:
    """The same for what does not exist: who may not see a case is not told whether there is one."""
    return page(
        "message.html",
        title=_("You cannot see this page"),
        status=403,
        sentences=[_("Your role does not reach this far, or there is nothing here. Ask your leader if you need it.")],
        link=("/staff/", _("To the start")),
    )
