"""What is asked of someone for whom another has sent a form, and who was given an invitation code."""

from forms_app.forms.definition import StepForm
from forms_app.forms.questions import Line, OneOf, Option, Paragraphs, Phone
from forms_app.language import lazy_gettext as _


class Confirmation(StepForm):
    """Nothing but the answer is needed: whoever is invited may keep their name to themselves."""

    confirmation = OneOf(
        _("Do you agree that it was sent for you?"),
        options=[Option("agree", _("Yes, I agree")), Option("disagree", _("No, I do not agree"))],
        missing=_("Choose whether you agree."),
    )
    confirmation_words = Paragraphs(_("Do you want to say anything about it?"), rows=4)
    confirmation_name = Line(_("Your name"), autocomplete="name")
    confirmation_phone = Phone(_("Your phone"), hint=_("So that the case worker can call you."), autocomplete="tel")
