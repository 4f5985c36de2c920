"""The page that says what went wrong: in the language of the address, or in all three where it names none."""

from collections.abc import Mapping
from typing import Any

from flask import g, render_template

from forms_app.intake import uploads
from forms_app.language import Language, format_size, use
from forms_app.language import lazy_gettext as _
from forms_app.masthead import masthead, page_url

_TO_FRONT = _("To the front page")


def limits() -> Mapping[str, Any]:
    """What texts name of the limits for uploads, in the current language."""
    return {
        "each": format_size(uploads.MOST_BYTES_EACH),
        "all": format_size(uploads.MOST_BYTES_IN_ALL),
        "most": uploads.MOST_FILES,
    }


def error_page(title: Any, text: Any, *, spoken: Language | None, path: str, demo: bool) -> str:
    """The page at `path`; `title` and `text` are messages."""
    g.language = spoken or Language.NB
    parts = []
    for language in [spoken] if spoken else list(Language):
        with use(language):
            parts.append((language, str(title), str(text) % limits(), f"/{language}/", str(_TO_FRONT)))
    homes = {language: f"/{language}/" for language in Language}
    frame = masthead(g.language, demo=demo, current_path=path, languages=homes)
    return render_template(
        "error.html", masthead=frame, title=parts[0][1], language=g.language, parts=parts, page_url=page_url
    )
