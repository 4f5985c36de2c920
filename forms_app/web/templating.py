"""Where the pages' templates are, and how strictly they are read."""

from pathlib import Path

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined

_WEB = Path(__file__).parent
TEMPLATES = _WEB / "templates"


def read_templates(app: Flask) -> None:
    """Those of the forms, which the application was made with, and the frame that they share with the site."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    assert app.jinja_loader
    app.jinja_loader = ChoiceLoader([app.jinja_loader, FileSystemLoader(_WEB)])
