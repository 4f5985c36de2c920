"""What is asked of an answer. Each message says what to do, and none refuses a citizen for their circumstances."""

from collections.abc import Callable
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from wtforms.validators import StopValidation, ValidationError

from forms_app.countries import national_id
from forms_app.forms.context import Context
from forms_app.language import gettext as _
from forms_app.references.reference import WrongReference, parse_reference

Check = Callable[[Any, Any], None]
"""Called with the form and the field; raises wtforms.ValidationError."""


class WhenEmpty:
    """Nothing more is checked of a question that was left empty; a `message` makes that an error. Blanks, and
    characters that nobody sees, are no answer.
    """

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, unused_form: Any, field: Any) -> None:
        if field.data or field.process_errors:
            return
        field.errors = []
        raise StopValidation(str(self.message))


def at_most(characters: int) -> Check:
    """Refuse text that no form can need; the limit guards the server, not the citizen."""

    def check(unused_form: Any, field: Any) -> None:
        surplus = len(field.data or "") - characters
        if surplus > 0:
            raise ValidationError(
                _(
                    "This is %(count)s characters too long. Shorten it, or add it as an attachment.",
                    count=surplus,
                )
            )

    return check


def possible_phone(unused_form: Any, field: Any) -> None:
    """Any country's number that could exist; spaces and punctuation are welcome."""
    context: Context = field.meta.context
    try:
        number = phonenumbers.parse(field.data, context.rules.region_code)
        possible = phonenumbers.is_possible_number(number)
    except phonenumbers.NumberParseException:
        possible = False
    if not possible:
        raise ValidationError(
            _("Check the phone number. Write it with all its digits, and with + and the country code if it is foreign.")
        )


def possible_email(unused_form: Any, field: Any) -> None:
    """An address that could exist. Nobody outside is asked whether it does."""
    try:
        validate_email(field.data, check_deliverability=False)
    except EmailNotValidError:
        raise ValidationError(_("Check the e-mail address. It must look like name@example.org.")) from None


def not_in_the_future(unused_form: Any, field: Any) -> None:
    """A day that has been, or today."""
    if field.data and field.data > field.meta.context.today:
        raise ValidationError(_("This day has not been yet. Check the year."))


def likely_national_id(unused_form: Any, field: Any) -> None:
    """Ask once to look again, then take the number as it stands: people do have numbers that no rule knows."""
    context: Context = field.meta.context
    verdict = national_id.check(field.data, context.country, allow_test=context.takes_test_numbers)
    if verdict is national_id.Verdict.OK or field.was_asked_about:
        return
    raise ValidationError(
        _("This number looks mistyped. Check it. If it is right, or you are unsure, just continue once more.")
    )


def likely_reference(unused_form: Any, field: Any) -> None:
    """Ask once to look again where the check character does not fit; nothing is looked up."""
    try:
        parse_reference(field.data)
    except WrongReference:
        if not field.was_asked_about:
            raise ValidationError(
                _(
                    "This reference looks mistyped. Compare it with the receipt of the power of attorney. If it is "
                    "right, or you are unsure, just continue once more."
                )
            ) from None
