"""The one table from what went wrong to what a citizen is told to do next."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, current_app, make_response, request
from werkzeug.exceptions import HTTPException

from forms_app import log
from forms_app.books.journal import JournalUnwritable
from forms_app.files import refusals
from forms_app.files.refusals import UploadRefused
from forms_app.intake import uploads
from forms_app.intake.canaries import NotConfirmed
from forms_app.intake.drafts import UnknownDraft
from forms_app.intake.submit import NotAccepted
from forms_app.language import lazy_gettext as _
from forms_app.sealing.attached import BindingMismatch
from forms_app.sealing.drafts import DraftUnreadable
from forms_app.sealing.envelope import CannotOpen
from forms_app.storage.engine import DatabaseBusy, DatabaseClosed
from forms_app.web.error_page import error_page, limits
from forms_app.web.locale import language_of
from forms_app.web.portal import portal
from forms_app.web.security import discard_body

_log = log.logger("web")

UPLOAD_SENTENCES: Mapping[type[UploadRefused], Any] = {
    refusals.EmptyFile: _("The file is empty. Choose it again, or send it later."),
    uploads.FileTooLarge: _("The file is larger than %(each)s. Make it smaller or split it, or send it on paper."),
    uploads.TooManyFiles: _("There are %(most)s files already. Remove one first, or put several pages in one file."),
    uploads.TooMuchInAll: _("All files together are larger than %(all)s. Remove one first, or send the rest on paper."),
    refusals.UnknownKind: _("We cannot open this kind of file. Save it as PDF, or take a photo of it."),
    refusals.IsArchive: _("This is several files packed into one. Unpack it, and add the files one by one."),
    refusals.Encrypted: _("The file opens with a password only. Save it without the password, or take a photo of it."),
    refusals.Broken: _(
        "The file cannot be opened: it is damaged, or a part of it is missing. Open it yourself to see that it is "
        "whole, save it anew as PDF, or take a photo of it."
    ),
    refusals.TooBigUnpacked: _(
        "The file grows too large when it is opened. Save it as PDF or with fewer pixels, or take a new photo."
    ),
    refusals.HasMacros: _(
        "The document holds macros, or parts that come from other programs or places. Save it as PDF, and add the PDF."
    ),
    refusals.HasVirus: _(
        "The virus scanner found something harmful in the file. Take a photo of what it shows, or send it on paper."
    ),
}

PAGES: Mapping[int, tuple[Any, Any]] = {
    400: (_("Something did not work"), _("Go back, and try once more. What you have saved is kept.")),
    404: (_("This page does not exist"), _("The address may be mistyped, or the page has moved.")),
    405: (_("This page does not exist"), _("The address may be mistyped, or the page has moved.")),
    409: (
        _("This cannot be shown"),
        _(
            "What is kept under your code does not belong together: something was swapped or damaged. Nothing of it is "
            "shown. Contact the municipality, and give your reference if you have one."
        ),
    ),
    413: (
        _("The files are too large"),
        _(
            "One file can be up to %(each)s, and all files together up to %(all)s. None of these was stored. "
            "What you have saved is kept: go back."
        ),
    ),
    500: (
        _("Something went wrong with us"),
        _(
            "What you have saved is kept. If you were sending and saw no receipt, send again: it is never "
            "received twice. Try again in a few minutes."
        ),
    ),
    503: (
        _("We cannot take it just now"),
        _(
            "What you have saved is kept. If you were sending and saw no receipt, send again: it is never "
            "received twice. Try again in a minute."
        ),
    ),
}

_NOT_SAVED = _(
    "What stands on this page could not be saved just now. It is all here below: press the button again in a minute."
)
_NOT_SAVED_MOVING = _(
    "We are moving the service. It takes some minutes, and what stands on this page cannot be saved meanwhile. It is "
    "all here below: press the button again in a little while. What you saved before is kept."
)

_MOVING: tuple[Any, Any] = (
    _("We are moving the service"),
    _(
        "It takes some minutes, and nothing new can be stored meanwhile. What you have saved is kept, and you can read "
        "it. If you were sending and saw no receipt, send again later: it is never received twice."
    ),
)

_STATUS_OF: Mapping[type[Exception], int] = {
    DatabaseBusy: 503,
    DatabaseClosed: 503,
    # The server is gone, the disk is full, or every connection is taken.
    sa.exc.OperationalError: 503,
    sa.exc.TimeoutError: 503,
    JournalUnwritable: 503,
    NotAccepted: 503,
    NotConfirmed: 503,
    UnknownDraft: 404,
    BindingMismatch: 409,
    CannotOpen: 409,
    DraftUnreadable: 409,
}


def sentence(error: UploadRefused) -> str:
    """Why a file was not taken and what to do instead, in the current language."""
    return str(UPLOAD_SENTENCES[type(error)]) % limits()


def not_saved(error: DatabaseBusy) -> str:
    """Why a page of questions that is shown again was not saved, in the current language."""
    return str(_NOT_SAVED_MOVING if isinstance(error, DatabaseClosed) else _NOT_SAVED)


def answer_errors(app: Flask) -> None:
    """Give every error a page of its own, and write down its class."""

    @app.errorhandler(HTTPException)
    def known(error: HTTPException) -> Response:
        if error.response is not None:
            return make_response(error.response)
        if error.code == 413:
            discard_body()
        return _page(error.code if error.code in PAGES else 400)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        status = _STATUS_OF.get(type(error), 500)
        route = request.url_rule.rule if request.url_rule else None
        _log.error("request failed", error=type(error).__name__, route=route, status=status)
        return _page(status, is_moving=isinstance(error, DatabaseClosed))


def _page(status: int | None, *, is_moving: bool = False) -> Response:
    """In the language of the address; where it names none, in all three. Staff have pages of their own."""
    own: Callable[..., Response] | None = current_app.extensions.get(f"trouble_page_of_{request.blueprint}")
    if own:
        return own(status or 500, is_moving=is_moving)
    title, text = _MOVING if is_moving else PAGES[status or 500]
    spoken = language_of(request.path)
    body = error_page(title, text, spoken=spoken, path=request.path, demo=portal().demo)
    return make_response(body, status or 500)
