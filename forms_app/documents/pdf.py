"""Blocks as a PDF that screen readers and archives can use: PDF/UA-1 and PDF/A-3a in one file.

typst sets the page by `page.typ` with the fonts it carries, so that a file looks the same wherever it is made, and
claims the conformance.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from forms_app.documents.blocks import PrintedBlock, Table
from forms_app.documents.characters import REPLACEMENT, breakable, plain, printable, unmarked
from forms_app.errors import PortalError
from forms_app.language import Language, use
from forms_app.language import gettext as _

_TEMPLATE = Path(__file__).with_name("page.typ")
_PREPARATIONS: tuple[Callable[[str], str], ...] = (printable, unmarked, plain)
"""Each shows less than the one before, and is tried when that one fails."""
_LONGEST_TITLE = 150  # It stands at the foot of every page.
_LONGEST_WORD = 30
_LONGEST_WORD_IN_CELL = 14


class PdfFailed(PortalError):
    """A PDF could not be made; what it would have shown is stored all the same."""


def to_pdf(
    blocks: Iterable[PrintedBlock],
    *,
    language: Language,
    title: str,
    made_at: datetime,
    attachment: bytes | None = None,
    attachment_name: str = "",
) -> bytes:
    """The same bytes for the same input. `attachment` is JSON that goes along in the file. Raises PdfFailed."""
    listed = list(blocks)
    attached = _attached(attachment, attachment_name)
    for prepare in _PREPARATIONS:
        page = {
            "title": _prepared(title[:_LONGEST_TITLE], prepare),
            "blocks": _prepared(listed, prepare),
            **_frame(language),
        }
        page["is_lossy"] = REPLACEMENT in json.dumps(page["blocks"], ensure_ascii=False)
        pdf = _compiled({"page": json.dumps(page), **attached}, made_at)
        if pdf:
            return pdf
    raise PdfFailed


def _attached(attachment: bytes | None, name: str) -> dict[str, str]:
    if attachment is None:
        return {}
    try:
        return {"attachment": attachment.decode(), "attachment_name": name}
    except UnicodeDecodeError:
        raise PdfFailed("attachment") from None


def _frame(language: Language) -> dict[str, Any]:
    """What the template itself says, and in which language."""
    with use(language):
        return {
            "language": language,
            "region": language.locale.partition("_")[2],
            "words": {
                "page": _("Page"),
                "of": _("of"),
                "not_answered": _("Not answered"),
                "required": _("Must be answered"),
                "tick_one": _("Tick one."),
                "tick_several": _("You can tick more than one."),
                "day": _("Day"),
                "month": _("Month"),
                "year": _("Year"),
                "date": _("Date"),
                "unknown_address": _("Write the postal address of the municipality here."),
                "group": _("Group"),
                "lossy": _(
                    "Some characters cannot be printed here and are shown as %(box)s. What you wrote is kept as you "
                    "wrote it.",
                    box=REPLACEMENT,
                ),
            },
        }


def _prepared(value: Any, prepare: Callable[[str], str], longest: int = _LONGEST_WORD) -> Any:
    """Blocks as plain data for the template: each object names its class, and every text can be set."""
    if isinstance(value, str):
        return breakable(prepare(value), longest)
    if isinstance(value, list | tuple):
        return [_prepared(one, prepare, longest) for one in value]
    if is_dataclass(value):
        longest = _LONGEST_WORD_IN_CELL if isinstance(value, Table) else longest
        inner = {one.name: _prepared(getattr(value, one.name), prepare, longest) for one in fields(value)}
        return {"is": type(value).__name__, **inner}
    return value


def _compiled(inputs: dict[str, str], made_at: datetime) -> bytes | None:
    try:
        return typst.compile(
            _template(),
            sys_inputs=inputs,
            font_paths=_fonts(),
            pdf_standards=["a-3a", "ua-1"],
            timestamp=int(made_at.timestamp()),
        )
    except Exception:
        # Its message quotes the text that it stumbled over, which no log may hold.
        return None
    except BaseException as error:
        # A panic inside typst is not an Exception.
        if type(error).__name__ == "PanicException":
            return None
        raise


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
