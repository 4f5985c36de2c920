"""Codes on cards: the citizen's own, to keep, and one to hand to somebody who is asked to confirm."""

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
        Bullets((_("Read it only to someone who may see what you have written."), *_read_aloud())),
    ]


def invitation_card(*, code: str, municipality: str, address: str) -> list[PrintedBlock]:
    """For someone who is asked to confirm what another has sent; in the current language.

    It may be left lying about, so it says neither who has sent something nor what.
    """
    return [
        Heading(_("Invitation code")),
        Paragraph(
            _(
                "Someone has sent a form to %(municipality)s for you, and asks you to confirm it.",
                municipality=municipality,
            )
        ),
        Card(tuple(code.split("-"))),
        Paragraph(_("Open %(address)s and type the code there.", address=address)),
        Paragraph(_("There you see who has sent which form. Then you can say whether you agree.")),
        Heading(_("Take care of the card")),
        Bullets(
            (
                _("Whoever has the code can answer once, in your place. Let nobody else have it."),
                _("You need not answer. You can call the municipality instead."),
            )
        ),
        Heading(_("If you read the code aloud on the telephone")),
        Bullets(_read_aloud()),
    ]


def _read_aloud() -> tuple[str, ...]:
    return (
        _("Say the number of the group first, then its four characters."),
        _("The code has digits and capital letters. It never has the letters I, L, O and U."),
        _("What looks like an O is a zero. What looks like an I or an L is the number one."),
        _("If one character is wrong, the website can say which group it is in."),
    )
