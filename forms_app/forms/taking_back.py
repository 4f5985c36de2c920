"""What it means to take back a form that was sent, in words: an application, a complaint, a power of attorney."""

from collections.abc import Mapping
from dataclasses import dataclass

from forms_app.forms.appeal import time_to_complain
from forms_app.forms.definition import FormKey
from forms_app.forms.text import Chosen, Text, in_norway_and_denmark
from forms_app.language import lazy_gettext as _


@dataclass(frozen=True, kw_only=True)
class TakingBack:
    """`title` is also what the button says, `meaning` what is told before it is pressed, and `done` after."""

    title: Text
    meaning: tuple[Text, ...]
    done: Text


_NOTHING_IS_ERASED = _("Nothing is erased. The municipality keeps its papers as the archive rules require.")

TAKING_BACK: Mapping[FormKey, TakingBack] = {
    FormKey.APPLICATION: TakingBack(
        title=in_norway_and_denmark(_("Withdraw the application"), _("Withdraw the request")),
        meaning=(
            _("The municipality is told that you no longer want what you asked for, and ends the case."),
            _NOTHING_IS_ERASED,
            _("You can send a new one whenever you want."),
        ),
        done=in_norway_and_denmark(_("You have withdrawn the application."), _("You have withdrawn the request.")),
    ),
    FormKey.COMPLAINT: TakingBack(
        title=_("Withdraw the complaint"),
        meaning=(
            _("The municipality is told that you no longer complain. Then the decision stands as it is."),
            _("You can send the complaint again while the deadline runs."),
            Chosen(time_to_complain),
            _NOTHING_IS_ERASED,
        ),
        done=_("You have withdrawn the complaint."),
    ),
    FormKey.POWER_OF_ATTORNEY: TakingBack(
        title=_("Revoke the power of attorney"),
        meaning=(
            _("The municipality is told that the power of attorney no longer counts."),
            _("Tell the one who got it too. This service does not write to them."),
            _NOTHING_IS_ERASED,
            _("You can give a new one whenever you want."),
        ),
        done=_("You have revoked the power of attorney."),
    ),
}
