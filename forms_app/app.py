"""The one place where the parts meet."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from forms_app.books.journal import IssueJournal
from forms_app.clock import Clock, utc_now
from forms_app.documents.blank_forms import BlankForms
from forms_app.intake.canaries import Canaries
from forms_app.intake.limits import Limits
from forms_app.intake.submit import Desk
from forms_app.sealing.signature import load_signing_key
from forms_app.settings import Settings, Surface
from forms_app.storage.engine import DatabaseBusy, make_engine
from forms_app.web import citizen, closed, errors, limits, locale, operations, security, timing
from forms_app.web.places import Places
from forms_app.web.portal import Portal, keep
from forms_app.web.templating import TEMPLATES, read_templates

_WEB = Path(__file__).parent / "web"
_SHARED = _WEB / "shared"
_A_MINUTE = 60
_FILES_IN_MEMORY = 2


def create_app(settings: Settings, *, clock: Clock = utc_now) -> Flask:
    """The surfaces that the settings name, and /health, on one port. Without staff it never reads the opening key."""
    app = Flask(__name__, static_folder=None, template_folder=str(TEMPLATES))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="session" if settings.demo else "__Host-session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=not settings.demo,
        WTF_CSRF_TIME_LIMIT=None,
    )
    read_templates(app)
    timing.time_requests(app)
    places = Places(_FILES_IN_MEMORY)
    _keep_services(app, settings, clock, places)
    locale.speak(app)
    security.protect(app, places, secure=not settings.demo)
    limits.tell(app)
    closed.tell(app)
    errors.answer_errors(app)
    if Surface.CITIZEN in settings.surfaces:
        app.register_blueprint(citizen.blueprint)
    if Surface.STAFF in settings.surfaces and settings.login:
        _let_staff_in(app, settings, clock)
    app.register_blueprint(operations.blueprint)
    if settings.trusted_proxies:
        # Their word is taken for the address only: which host was asked, and how, is nobody's to choose.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0)  # type: ignore[method-assign]
    _serve_files(app, settings)
    return app


def _let_staff_in(app: Flask, settings: Settings, clock: Clock) -> None:
    # Imported here only, so that a process for citizens never has the code that opens.
    from forms_app.web.staff.start import open_office

    open_office(app, settings, clock)


def _keep_services(app: Flask, settings: Settings, clock: Clock, places: Places) -> None:
    settings.journal.parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    canaries = Canaries(
        engine=engine,
        clock=clock,
        secret_key=settings.secret_key,
        recipients=settings.recipients,
        demanded=not settings.demo,
    )
    # The worker should find them before the first citizen comes; without a database /ready tells.
    with suppress(sa.exc.DBAPIError, DatabaseBusy):
        canaries.unconfirmed()
    services = Portal(
        deployment=settings.deployment,
        blank_forms=BlankForms(deployment=settings.deployment, built=settings.paper),
        desk=Desk(
            engine=engine,
            clock=clock,
            signer=load_signing_key(settings.signing_key),
            confirms_by_mail=settings.mail is not None,
            canaries=canaries,
        ),
        canaries=canaries,
        journal=IssueJournal(settings.journal),
        recipients=settings.recipients,
        places=places,
        scanner=settings.virus_scanner,
        draft_days=settings.draft_days,
        site_address=settings.site_address,
        limits=Limits(
            engine=engine,
            clock=clock,
            secret=settings.secret_key,
            per_hour=settings.per_hour,
            codes_alarm=settings.codes_alarm,
        ),
        fastest_seconds=settings.fastest_seconds,
    )
    keep(app.extensions, services)


class _Files(WhiteNoise):
    """Serves what was built, and nothing whose name begins with a dot."""

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        if not Path(path).name.startswith("."):
            super().add_file_to_dictionary(url, path, stat_cache)


def _serve_files(app: Flask, settings: Settings) -> None:
    """The built site at the root, and the styles of the forms beside it; a real web server may take this over."""
    files = _Files(
        app.wsgi_app,
        root=settings.site if settings.site.is_dir() else None,
        index_file=True,
        max_age=_A_MINUTE,
        # They are for our own pages.
        allow_all_origins=False,
        add_headers_function=security.static_headers(secure=not settings.demo),
    )
    files.add_files(str(_WEB / "static"), prefix="static/forms/")
    files.add_files(str(_SHARED), prefix="static/shared/")
    if settings.assets.is_dir():
        files.add_files(str(settings.assets), prefix="static/assets/")
    app.wsgi_app = files  # type: ignore[method-assign]
