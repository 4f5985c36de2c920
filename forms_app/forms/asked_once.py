"""Numbers that are easily mistyped: looked at softly, and never refused."""

from typing import Any

from forms_app.forms import checks
from forms_app.forms.questions import Line


class AskedOnce(Line):
    """Whoever is asked to look again may continue with the same words.

    What the citizen has been asked about travels in a hidden field, so that it passes next time.
    """

    kind = "asked_once"

    def process(self, formdata: Any, *rest: Any, **named: Any) -> None:
        """Read what is typed and what was asked about."""
        super().process(formdata, *rest, **named)
        asked = formdata.get(f"{self.name}-asked", "") if formdata else ""
        self.was_asked_about = bool(self.data) and asked == self.data

    def takes(self, field: str) -> bool:
        """The field, or what was asked about."""
        return field in (self.name, f"{self.name}-asked")


class NationalId(AskedOnce):
    """A national identity number."""

    input_mode = "numeric"
    width = 16
    own_checks = (checks.likely_national_id,)


class PowerReference(AskedOnce):
    """The reference of a power of attorney given here. Only its check character is looked at: whether there is such a
    one, and whose it is, is never said to whoever types it.
    """

    width = 16
    own_checks = (checks.likely_reference,)
