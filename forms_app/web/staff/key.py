"""What to do when what citizens send cannot be opened here."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from forms_app.language import gettext
from forms_app.language import lazy_gettext as _
from forms_app.web.staff.doors import ANYBODY, staff_page, visitor
from forms_app.web.staff.frame import page
from forms_app.web.staff.office import KeyTrouble, office

_TITLES: Mapping[KeyTrouble | None, Any] = {
    KeyTrouble.MISSING: _("The opening key is missing"),
    KeyTrouble.WRONG: _("The opening key is not the right one"),
    None: _("The opening key is here"),
}
_WHY: Mapping[KeyTrouble | None, Any] = {
    KeyTrouble.MISSING: _(
        "This service was started without a key that opens what citizens send: the file is not there, cannot be read, "
        "or holds no key."
    ),
    KeyTrouble.WRONG: _(
        "The keys that this service was started with are others than those that is sealed to for your municipality now."
    ),
    None: _("This service has a key that opens what citizens send to your municipality now."),
}


@staff_page("/key", any_of=ANYBODY)
def key() -> Response:
    """Why nothing can be opened, and who mends it."""
    trouble = office().key_trouble(visitor().municipality)
    sentences = [_WHY[trouble]]
    if trouble:
        sentences += [
            _("Nothing is lost: what citizens send is received and kept, sealed, and deadlines run as usual."),
            _(
                "Those who run the service put the right file where PORTAL_OPENING_KEYS_FILE says, and start this "
                "service again. `portal check` and `portal keys status` tell them what is wrong. If the working key is "
                "lost for good, the recovery key in the safe opens everything."
            ),
        ]
    return page(
        "message.html",
        title=str(_TITLES[trouble]),
        sentences=[str(one) for one in sentences],
        link=("/staff/", gettext("To the start")),
    )
