"""What a web server starts: `forms_app.wsgi:app`."""

from forms_app import log
from forms_app.app import create_app
from forms_app.settings import from_environ

log.configure()
app = create_app(from_environ())
