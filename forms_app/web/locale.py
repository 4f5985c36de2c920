"""The language of a request is the first segment of its address; templates speak it."""

from flask import Flask, request

from forms_app import language
from forms_app.language import Language


def speak(app: Flask) -> None:
    """Set the language before anything else happens, and give the templates their words."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        language.gettext, language.ngettext, newstyle=True, pgettext=language.pgettext
    )
    app.jinja_env.filters.update(size=language.format_size, moment=language.format_moment, day=language.format_date)
    app.before_request(lambda: language.set_current(language_of(request.path) or Language.NB))


def language_of(path: str) -> Language | None:
    """The language that an address names, if any."""
    first = path.lstrip("/").partition("/")[0]
    return Language(first) if first in set(Language) else None
