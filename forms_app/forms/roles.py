"""Whom a form is filled in for: the question on which much of the rest depends."""

from forms_app.forms.definition import Step, StepForm, only_if, slugs
from forms_app.forms.questions import OneOf, Option
from forms_app.language import lazy_gettext as _

FOR_CHILD = only_if("role", "child", words=_("Only if you fill in for your child."))
FOR_ADULT = only_if(
    "role", "other", "guardian", "professional", words=_("Only if you fill in for someone who is not your child.")
)
FOR_ANOTHER = only_if(
    "role", "child", "other", "guardian", "professional", words=_("Only if you fill in for someone else.")
)
FOR_MYSELF = only_if("role", "myself", words=_("Only if you fill in for yourself."))


class Role(StepForm):
    role = OneOf(
        _("Who are you filling in this form for?"),
        options=[
            Option("myself", _("For myself")),
            Option("child", _("For my child"), _("Also for a child who is not born yet.")),
            Option(
                "other",
                _("For another person, with power of attorney"),
                _("You can send the power of attorney later."),
            ),
            Option("guardian", _("As a guardian, or by a lasting power of attorney")),
            Option("professional", _("As a professional, with the person's consent")),
        ],
        missing=_("Choose who you are filling in for."),
    )


ROLE = Step(
    key="role",
    slugs=slugs("hvem", "kven", "hvem"),
    title=_("Who it is for"),
    form=Role,
)
