"""The citizen's code on a card: to print, to keep, and to read aloud."""

from datetime import date

from forms_app.documents.blocks import Bullets, Card, Heading, Paragraph, PrintedBlock
from forms_app.language import format_date
from forms_app.language import gettext as _


def card(*, code: str, form: str, address: str, expires_on: date) -> list[PrintedBlock]:
    """`code` in groups with hyphens ("ABCD-EFGH-…"), `form` the title of what it belongs to, `address` where it is
    typed, and the last day on which an unsent draft is kept; in the current language.
    """
    return [
        Heading(_("Your code")),
        Paragraph(_("It belongs to: %(form)s.", form=form)),
        Card(tuple(code.split("-"))),
        Paragraph(_("Open %(address)s and type the code there.", address=address)),
        Paragraph(
            _(
                "Until you have sent the form, the code leads back to your draft. The draft is kept until %(day)s. "
                "After you have sent the form, the same code shows the receipt.",
                day=format_date(expires_on),
            )
        ),
        Heading(_("Take care of the card")),
        Bullets(
            (
                _("Nobody can give you the code if you lose it."),
                _("Whoever has the code can read what you have written."),
                _("Do not send the code by e-mail or as a message."),
            )
        ),
        Heading(_("If you read the code aloud on the telephone")),
        Bullets(
            (
                _("Read it only to someone who may see what you have written."),
                _("Say the number of the group first, then its four characters."),
                _("The code has digits and capital letters. It never has the letters I, L, O and U."),
                _("What looks like an O is a zero. What looks like an I or an L is the number one."),
                _("If one character is wrong, the website can say which group it is in."),
            )
        ),
    ]
