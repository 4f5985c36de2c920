"""The staff pages over cases of every kind, served by this very process: no worker changes anything meanwhile."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from forms_app.app import create_app
from forms_app.cli import demo
from forms_app.cli.demo_staff import hire
from forms_app.language import Language
from forms_app.settings import REPOSITORY, LoginProvider, Settings, from_environ
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema, migrate
from forms_app.web.staff.doors import COOKIE
from forms_app.web.staff.office import office
from tests.acceptance.journeys import AT_HOME
from tests.browser.staff_cases import Cases
from tests.unlimited import UNLIMITED

NOWHERE = "http://127.0.0.1:9"
"""A provider that does not answer: whoever is to be logged in is let in by `StaffPortal.cookie`."""
_RULES = "".join(f'\n[[retention]]\nform = "{form}"\noutcome = "answered"\ndays = 0\n' for form in ("application",))
EMPTY = "kristiansand"
"""A municipality that nobody has sent anything to."""


@dataclass(frozen=True, kw_only=True)
class StaffPortal:
    """Where it answers, with the opening key and without, and the references of each municipality's cases."""

    app: Flask
    root: str
    keyless: str
    cases: Mapping[str, Mapping[str, str]]

    def cookie(self, who: str, place: str) -> dict[str, str]:
        """What the browser of somebody holds who is at work for that municipality."""
        with self.app.app_context():
            door = office().door
        secret = door.log_in(issuer=NOWHERE, subject=who, id_token="")
        known = door.visitor(secret)
        assert known
        door.move(secret, known, place)
        return {"name": COOKIE, "value": secret, "domain": urlsplit(self.root).hostname or "", "path": "/"}


@contextmanager
def staff_portal(data: Path, *, ordinary: Mapping[Language, int]) -> Iterator[StaffPortal]:
    """Over a data folder as a demonstration makes it; with so many ordinary cases for each language."""
    settings = _settings(data)
    engine, staff = make_engine(settings.database_url), make_engine(settings.staff_database_url)
    migrate(staff, Schema.STAFF)
    hire(staff, NOWHERE, frozenset(one.key for one in settings.deployment.municipalities))
    cases = {
        AT_HOME[language][0]: Cases(settings, engine, staff, AT_HOME[language][0]).prepare(ordinary=number)
        for language, number in ordinary.items()
    }
    app = create_app(settings)
    with _served(app) as root, _served(create_app(replace(settings, opening_keys=None))) as keyless:
        yield StaffPortal(app=app, root=root, keyless=keyless, cases=cases)
    engine.dispose()
    staff.dispose()


def prepared(data: Path) -> Path:
    """The folder, with the keys and the database of a demonstration in it."""
    demo.prepare(data)
    engine = make_engine(from_environ({"PORTAL_DATA": str(data)}).database_url)
    migrate(engine)
    engine.dispose()
    return data


def _settings(data: Path) -> Settings:
    portal_toml = data / "portal.toml"
    portal_toml.write_text((REPOSITORY / "portal.toml").read_text("utf-8") + _RULES, "utf-8")
    settings = from_environ({"PORTAL_DATA": str(data), "PORTAL_CONFIG": str(portal_toml), **UNLIMITED})
    login = LoginProvider(issuer=NOWHERE, client_id="portal", secret="", levels=(), subject_claim="sub", own_address="")
    return replace(settings, login=login)


class _Quiet(WSGIRequestHandler):
    """Prints no line for each request."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    """The address that it answers at."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
