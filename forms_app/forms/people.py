"""The steps about people and how to reach them, which all three forms share.

Nothing here is required for the sake of order: a child may not be born yet, a number may not exist, an address may
be secret. What is asked is a name to speak to and one way to answer.
"""

from collections.abc import Mapping
from typing import Any

from forms_app.forms.ages import PARENTS_SIGN, has_turned
from forms_app.forms.asked_once import NationalId
from forms_app.forms.authority import AUTHORITY, attach_help
from forms_app.forms.checks import not_in_the_future
from forms_app.forms.context import Context
from forms_app.forms.definition import Step, StepForm, slugs
from forms_app.forms.questions import Day, Email, Line, OneOf, Option, Paragraphs, Phone, Upload
from forms_app.forms.roles import FOR_ADULT, FOR_ANOTHER, FOR_CHILD, FOR_MYSELF, ROLE
from forms_app.forms.text import NationalIdName, Text, in_norway_and_denmark, with_facts
from forms_app.language import lazy_gettext as _


def _municipality_options(context: Context) -> list[Option]:
    return [Option(one.key, one.name) for one in context.municipalities]


class Municipality(StepForm):
    municipality = OneOf(
        _("Which municipality do you live in?"),
        hint=_("If you fill in for someone else, choose where they live. The rules of that country apply."),
        options=_municipality_options,
        missing=_("Choose the municipality."),
    )


MUNICIPALITY = Step(
    key="municipality",
    slugs=slugs("kommune", "kommune", "kommune"),
    title=_("Municipality"),
    form=Municipality,
)


NAME_HINT = _("If your name or address is protected, write the name you want us to use.")
NATIONAL_ID = NationalIdName()
NATIONAL_ID_HINT = _(
    "It helps us find the right person. Leave it empty if you do not have one or do not want to give it."
)


class Myself(StepForm):
    name_of_person = Line(_("Your name"), hint=NAME_HINT, missing=_("Write your name."), autocomplete="name")
    birth_date = Day(_("Your date of birth"), hint=PARENTS_SIGN, checked=[not_in_the_future])
    national_id = NationalId(NATIONAL_ID, hint=NATIONAL_ID_HINT)
    address = Paragraphs(
        _("Your address"), rows=3, hint=_("Leave it empty if it is secret."), autocomplete="street-address"
    )


class Child(StepForm):
    child_is_born = OneOf(
        _("Is the child born?"),
        options=[Option("born", _("Yes")), Option("expected", _("No, we are expecting a child"))],
    )
    name_of_person = Line(_("The child's name"), hint=_("Leave it empty if the child has no name yet."))
    birth_date = Day(
        _("The child's date of birth"),
        hint=in_norway_and_denmark(
            with_facts(
                _("A young person of %(age)s or more decides on health care and signs. You may still send this form."),
                age="age_health",
            ),
            with_facts(
                _(
                    "From %(age)s on, other rules apply, and the young person asks for help. You may still send "
                    "this form."
                ),
                age="age_adult",
            ),
        ),
        checked=[not_in_the_future],
    )
    national_id = NationalId(NATIONAL_ID, hint=NATIONAL_ID_HINT)


class Another(StepForm):
    name_of_person = Line(
        _("The person's name"),
        hint=_("If the name or address is protected, write the name they want us to use."),
        missing=_("Write the name of the person."),
    )
    birth_date = Day(_("The person's date of birth"), checked=[not_in_the_future])
    national_id = NationalId(NATIONAL_ID, hint=NATIONAL_ID_HINT)
    address = Paragraphs(_("The person's address"), rows=3, hint=_("Leave it empty if it is secret."))


class Sender(StepForm):
    sender_name = Line(_("Your name"), hint=NAME_HINT, missing=_("Write your name."), autocomplete="name")
    sender_relation = Line(
        _("Who you are to the person"),
        hint=_("For example mother, brother, guardian, public health nurse or case worker, and where you work."),
    )


MYSELF = Step(
    key="myself",
    slugs=slugs("om-deg", "om-deg", "om-dig"),
    title=_("About you"),
    form=Myself,
    only_if=FOR_MYSELF,
)
SENDER = Step(
    key="sender",
    slugs=slugs("du-som-fyller-ut", "du-som-fyller-ut", "dig-der-udfylder"),
    title=_("About you who fill in"),
    form=Sender,
    only_if=FOR_ANOTHER,
)
CHILD = Step(
    key="child",
    slugs=slugs("om-barnet", "om-barnet", "om-barnet"),
    title=_("About the child"),
    form=Child,
    only_if=FOR_CHILD,
)
ANOTHER = Step(
    key="another",
    slugs=slugs("om-personen", "om-personen", "om-personen"),
    title=_("About the person"),
    form=Another,
    only_if=FOR_ADULT,
)


class Parents(StepForm):
    parental_responsibility = OneOf(
        in_norway_and_denmark(
            _("Does anyone else have parental responsibility for the child?"),
            _("Does anyone else have custody of the child?"),
        ),
        options=[
            Option("alone", _("No, only me")),
            Option("shared", _("Yes, someone else too")),
            Option("unsure", _("I do not know")),
        ],
    )
    parents_agree = OneOf(
        _("If you share it: do you agree about this?"),
        options=[
            Option("yes", _("Yes")),
            Option("no", _("No")),
            Option("not_asked", _("We have not talked about it")),
        ],
    )
    parents_note = Paragraphs(_("Anything we should know about this"), rows=3)


PARENTS = Step(
    key="parents",
    slugs=slugs("foreldre", "foreldre", "foraeldre"),
    title=_("Parents"),
    intro=_(
        "We ask so that the case worker knows. This form does not notify another parent, and one of you can send "
        "it alone."
    ),
    form=Parents,
    only_if=FOR_CHILD,
)


class Attachments(StepForm):
    files = Upload(
        _("Choose files"),
        hint=_("PDF, Word, photos (JPEG, PNG, HEIC) or plain text. Up to 10 files, 25 MB each and 60 MB in all."),
    )


def attachments(intro: Text) -> Step:
    """The step where files are added; `intro` says which ones help."""
    return Step(
        key="attachments",
        slugs=slugs("vedlegg", "vedlegg", "bilag"),
        title=_("Attachments"),
        intro=intro,
        form=Attachments,
        takes_files=True,
        help=attach_help,
    )


class Reach(StepForm):
    phone = Phone(_("Phone"), autocomplete="tel")
    email = Email(
        _("E-mail"),
        hint=_("We only write that something has happened, never what it is about."),
        autocomplete="email",
    )
    post = Paragraphs(_("Postal address for letters"), rows=3)
    careful = Paragraphs(
        _("Is there anything we should be careful about when we contact you?"),
        hint=_("For example times that do not suit you, or someone who must not hear about this."),
        rows=3,
    )
    interpreter = Line(_("If you need an interpreter: which language?"), hint=_("Also sign language."))
    written_form = OneOf(
        _("Which language should we write to you in?"),
        options=[
            Option("nb", _("Bokmål")),
            Option("nn", _("Nynorsk")),
            Option("da", _("Danish")),
            Option("other", _("Something else")),
        ],
    )
    other_form = Line(
        _("If something else: what suits you?"),
        hint=_("For example another language, easy to read, or large print."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """One way to reach people is enough, and it is the only thing they must give."""
        is_valid: bool = super().validate(extra_validators)
        ways = (self.phone, self.email, self.post)
        if any(way.data for way in ways):
            return is_valid
        self.phone.errors = [_("Give us one way to reach you: phone, e-mail or postal address.")]
        return False


REACH = Step(
    key="reach",
    slugs=slugs("kontakt", "kontakt", "kontakt"),
    title=_("How we reach you"),
    intro=_("One way is enough."),
    form=Reach,
)


def sender_email(answers: Mapping[str, Any]) -> str | None:
    """The e-mail address of whoever sent these answers, by step; never that of somebody they write about."""
    reach = answers.get(REACH.key)
    email = reach.get("email") if isinstance(reach, Mapping) else None
    return email if isinstance(email, str) and email else None


WHO = (MUNICIPALITY, ROLE, SENDER, MYSELF, CHILD, ANOTHER, AUTHORITY, PARENTS)
"""Who sends, and who it is about: the first steps of the application and the complaint."""

SUMMARY_QUESTIONS = ("name_of_person", "sender_name")


def target_group(context: Context) -> str:
    """ "children" for whoever has not come of age, born or not; "adults" for the others and where no age is known."""
    if context.answers.get("role") == "child":
        return "children"
    born = context.answers.get("birth_date")
    return "adults" if not born or has_turned("age_adult", born, context) else "children"
