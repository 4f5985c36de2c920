"""Two traps for programs that fill in whatever form they find. Whoever is caught is asked once more, never refused.

The page that asks has no traps, so a person's second press always counts. A page that shows a form again, after a
mistake or a lost session, has no time trap either: its reader has waited already.
"""

from flask import current_app, request
from itsdangerous import BadSignature, Signer

from forms_app.web.portal import portal

LEFT_EMPTY = "subject"
"""A field that only programs see. Its name is one that they like to fill in and that stands for nothing in the address
books of browsers and password managers, which know names, addresses, companies and websites."""

SHOWN_AT = "shown_at"


def shown_now(page: str) -> str:
    """What a page carries that is shown for the first time: when that was, signed; empty for any other."""
    if request.method != "GET":
        return ""
    return _signer(page).sign(str(int(portal().desk.clock().timestamp()))).decode()


def looks_automatic(page: str) -> bool:
    """Whether the field for programs is filled in, or the button was pressed sooner than anybody reads.

    A page without a time, with another's, or one that was open for days tells nothing.
    """
    return bool(request.form.get(LEFT_EMPTY)) or _was_too_fast(page)


def _was_too_fast(page: str) -> bool:
    try:
        shown_at = int(_signer(page).unsign(request.form.get(SHOWN_AT, "")))
    except BadSignature:
        return False
    services = portal()
    # With clocks that differ between hosts a page may come from a moment ahead.
    return 0 <= services.desk.clock().timestamp() - shown_at < services.fastest_seconds


def _signer(page: str) -> Signer:
    secret = current_app.secret_key
    assert secret
    return Signer(secret, salt=f"shown {page}")
