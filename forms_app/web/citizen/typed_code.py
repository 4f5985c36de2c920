"""What is said of a code that was mistyped."""

from forms_app.language import gettext as _
from forms_app.sealing.codes import WrongCode


def what_is_wrong(wrong: WrongCode) -> str:
    """The group to look at, if only one is wrong. Nothing was looked up, so it says nothing of what there is."""
    if wrong.group is None:
        return _("This is not a whole code. A code has seven groups of four letters and digits.")
    return _(
        "Probably something is wrong in group %(group)s of the code. Compare it with the code you wrote down.",
        group=wrong.group,
    )
