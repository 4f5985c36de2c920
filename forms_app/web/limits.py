"""What a page says when an address has done a thing too often: when to try again, and whom to call instead.

A view asks `refused` and shows its page as it was; the sentence and the status are added to whatever page that is.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Flask, Response, g, request

from forms_app.countries import rules_for
from forms_app.intake.limits import Refused
from forms_app.language import format_time_of_day
from forms_app.language import lazy_gettext as _
from forms_app.masthead import contact_url
from forms_app.storage.limits import Counted
from forms_app.web.portal import portal

_SENTENCES: Mapping[Counted, Any] = {
    Counted.CODE: _(
        "Many codes that lead nowhere have been typed from the network you use, perhaps by others. You can try again "
        "at %(time)s."
    ),
    Counted.DRAFT: _(
        "Many forms have been started from the network you use, perhaps by others. You can go on at %(time)s. Nothing "
        "you have written is lost."
    ),
    Counted.SUBMISSION: _(
        "Many forms have been sent from the network you use, perhaps by others. Yours is not sent yet, but all of it "
        "is saved. You can send it at %(time)s."
    ),
    Counted.UPLOAD: _(
        "Many files have been stored from the network you use, perhaps by others. What stands in the list is stored. "
        "You can add more at %(time)s."
    ),
    Counted.INVITATION: _(
        "Many people have been asked to confirm something from the network you use, perhaps by others. You can ask "
        "at %(time)s. Nothing you have written is lost."
    ),
}
_NOT_STORED = _("The file was not stored: there have been too many in a short time. You can add more at %(time)s.")
_CANNOT_LOOK = _("We cannot look up codes just now. You can try again at %(time)s.")


def refused(counted: Counted) -> bool:
    """Count one more for whoever asks. If that is too many, the page that is answered says so."""
    found = portal().limits.refuse(counted, request.remote_addr or "")
    if found:
        g.refused = found
    return found is not None


def uncount(counted: Counted) -> None:
    """Count one less for whoever asks: it was no guess."""
    portal().limits.take_back(counted, request.remote_addr or "")


def why_not_stored() -> str:
    """Said of a single file that was refused."""
    return _filled_in(_NOT_STORED, g.refused)


def tell(app: Flask) -> None:
    """Let every page say what was refused to whom it concerns, and every answer to machines."""

    @app.context_processor
    def refusal() -> dict[str, Any]:
        found: Refused | None = g.get("refused")
        if found is None:
            return {"refused": None}
        to_call = [one for one in portal().deployment.municipalities if one.contact.phone]
        sentence = _SENTENCES[found.counted] if found.is_counted else _CANNOT_LOOK
        return {"refused": _filled_in(sentence, found), "to_call": to_call, "contact_page": contact_url(g.language)}

    @app.after_request
    def say_when(response: Response) -> Response:
        found: Refused | None = g.get("refused")
        if found and response.mimetype == "text/html" and response.status_code // 100 != 3:
            response.status_code = 429 if found.is_counted else 503
            response.headers["Retry-After"] = str(_seconds_until(found))
        return response


def _filled_in(sentence: Any, found: Refused) -> str:
    """Names the minute in which it is surely over."""
    zone = rules_for(portal().deployment.usual_country(g.language)).time_zone
    return str(sentence) % {"time": format_time_of_day(found.again_at + timedelta(minutes=1), zone)}


def _seconds_until(found: Refused) -> int:
    return max(1, round((found.again_at - portal().limits.clock()).total_seconds()))
