"""The cookies that hold a citizen's code: for each form one for the draft, and one for what was sent last.

They are two so that looking at a receipt, or beginning anew, never takes the other away.
"""

from collections.abc import Iterable
from enum import StrEnum

from flask import Response, current_app, request

from forms_app.forms.definition import FormKey
from forms_app.sealing.codes import Code, WrongCode

HOURS_SINCE_LAST_USE = 12
_SHARED = "shared."


class Kept(StrEnum):
    """What the code in a cookie leads to."""

    DRAFT = "draft"
    RECEIPT = "receipt"


def read(kept: Kept, form: FormKey) -> tuple[Code, bool] | None:
    """The code, and whether the computer is shared with others; None where there is no cookie."""
    value = request.cookies.get(_name(kept, form), "")
    try:
        return Code.parse(value.removeprefix(_SHARED)), value.startswith(_SHARED)
    except WrongCode:
        return None


def write(response: Response, kept: Kept, form: FormKey, code: Code, *, is_shared: bool) -> None:
    """Keep the code for some hours, or on a shared computer until the browser is closed."""
    response.set_cookie(
        _name(kept, form),
        (_SHARED if is_shared else "") + code.shown,
        max_age=None if is_shared else HOURS_SINCE_LAST_USE * 3600,
        httponly=True,
        samesite="Lax",
        secure=_is_secure(),
    )


def forget(response: Response, form: FormKey, which: Iterable[Kept] = tuple(Kept)) -> None:
    """Take the codes of a form off this computer."""
    for kept in which:
        response.delete_cookie(_name(kept, form), httponly=True, samesite="Lax", secure=_is_secure())


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _name(kept: Kept, form: FormKey) -> str:
    # Browsers accept the prefix over https only, and then no neighbour domain can set the cookie.
    return f"{'__Host-' if _is_secure() else ''}{kept}-{form}"
