"""What the web server in front shows where the portal cannot answer: the same pages, written into files."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask

from forms_app.language import Language, set_current
from forms_app.language import lazy_gettext as _
from forms_app.web import locale
from forms_app.web.error_page import error_page
from forms_app.web.errors import PAGES
from forms_app.web.templating import TEMPLATES, read_templates

_TEXTS: Mapping[str, tuple[Any, Any]] = {
    "bad": PAGES[400],
    "missing": PAGES[404],
    "too-large": PAGES[413],
    "long-address": (
        _("The address is too long"),
        _("Something was added to it on the way here. Start from the front page."),
    ),
    "much-sent-along": (
        _("Your browser sends too much"),
        _(
            "With every page it sends more than we can take, usually cookies of this site. Delete them, and type your "
            "code to go on where you were; or use another browser."
        ),
    ),
    "much-asked": (
        _("Too much at once"),
        _(
            "More pages were asked for from your network than we can give at once. What you have saved is kept. Try "
            "again in a minute."
        ),
    ),
    "busy": (
        _("The service does not answer just now"),
        _(
            "What you have saved is kept. What you wrote last may not be: go back, and it usually still stands on the "
            "page. If you were sending and saw no receipt, send again: it is never received twice. Try again in a "
            "minute."
        ),
    ),
}
_IN_ALL = "all"


def front_pages(*, demo: bool) -> Iterator[tuple[str, str]]:
    """Name and content of each file: `busy.nb.html`, and `busy.all.html` for addresses that name no language."""
    app = Flask(__name__, static_folder=None, template_folder=str(TEMPLATES))
    read_templates(app)
    locale.speak(app)
    # What other pages may have at their top.
    app.context_processor(lambda: {"refused": None, "closed": ()})
    for name, (title, text) in _TEXTS.items():
        for spoken in (*Language, None):
            path = f"/{spoken}/" if spoken else "/"
            with app.test_request_context(path):
                set_current(spoken or Language.NB)
                page = error_page(title, text, spoken=spoken, path=path, demo=demo)
            yield f"{name}.{spoken or _IN_ALL}.html", page
