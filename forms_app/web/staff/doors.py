"""Every staff page says who may see it, in one table; whoever may not is told so before anything is read.

A page is added with `@staff_page("/case/<reference>", any_of=CASE_WORKERS)`.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Blueprint, Response, current_app, g, make_response, redirect, request
from flask.typing import ResponseReturnValue

from forms_app.casework.access import Role, Visitor
from forms_app.language import gettext as _
from forms_app.language import set_current
from forms_app.web.post_form import PostForm
from forms_app.web.staff.office import office
from forms_app.web.staff.resending import resend_page

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

blueprint = Blueprint("staff", __name__, url_prefix="/staff")

ANYBODY = frozenset(Role)
CASE_WORKERS = frozenset({Role.CASE_WORKER, Role.UNIT_LEADER})
LEADERS = frozenset({Role.UNIT_LEADER})
AUDITORS = frozenset({Role.AUDITOR})

NEEDED: dict[str, frozenset[Role]] = {}
"""By endpoint: the roles of which a visitor needs one."""

COOKIE = "staff"


def staff_page(rule: str, *, any_of: Iterable[Role], methods: Iterable[str] = ("GET",)) -> Callable[[View], View]:
    """Add a page for members of staff who have one of these roles where they are at work.

    The view finds the visitor as `visitor()`. What it opens may belong to another municipality: it asks again.
    """

    def add(view: View) -> View:
        NEEDED[f"{blueprint.name}.{view.__name__}"] = frozenset(any_of)

        @wraps(view)
        def guarded(**values: Any) -> ResponseReturnValue:
            known = greet()
            if known is None:
                return _to_login()
            known.demand(any_of)
            if request.method == "POST" and not PostForm().validate():
                return resend_page(_("Send it once more"), status=400)
            return view(**values)

        blueprint.add_url_rule(rule, view_func=guarded, methods=list(methods))
        return view

    return add


def greet() -> Visitor | None:
    """Find out who asks, and speak the language of where they are at work; None where nobody has logged in."""
    secret = secret_of_cookie()
    known = office().door.visitor(secret) if secret else None
    if known:
        g.visitor = known
        set_current(office().deployment.municipality(known.municipality).default_language)
    return known


def visitor() -> Visitor:
    """Who asks for this page."""
    found = g.visitor
    assert isinstance(found, Visitor)
    return found


def secret_of_cookie() -> str:
    """What the browser holds; "" where it holds nothing."""
    return request.cookies.get(_cookie_name(), "")


def write_cookie(response: Response, secret: str) -> None:
    """Keep the secret until the browser is closed; the session behind it ends sooner."""
    response.set_cookie(_cookie_name(), secret, httponly=True, samesite="Lax", secure=_is_secure())


def forget_cookie(response: Response) -> None:
    """Take the secret off the browser."""
    response.delete_cookie(_cookie_name(), httponly=True, samesite="Lax", secure=_is_secure())


def _to_login() -> Response:
    """A page is asked for again after logging in; what was typed is shown, to be sent again."""
    if request.method == "GET":
        return make_response(redirect(f"/staff/login?next={quote(request.full_path.rstrip('?'))}", 303))
    return resend_page(_("You have been logged out"), status=401)


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _cookie_name() -> str:
    return f"{'__Host-' if _is_secure() else ''}{COOKIE}"
