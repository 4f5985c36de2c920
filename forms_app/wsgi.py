"""What a web server starts: `forms_app.wsgi:app`."""

from flask import Flask

from forms_app import log
from forms_app.settings import from_environ, share_measurements


def _made() -> Flask:
    settings = from_environ()
    log.configure(level=settings.operations.log_level)
    share_measurements()
    # Only now: what measures looks once, when it is imported, whether it shares a folder.
    from forms_app.app import create_app

    return create_app(settings)


app = _made()
