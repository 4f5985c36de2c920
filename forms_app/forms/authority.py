"""The right to act for another who is not one's child: how it can be shown. The form is taken whatever is answered
here, and the case worker told what is missing."""

from collections.abc import Mapping
from typing import Any

from forms_app.forms.ages import SIGNS_FROM, has_turned, is_too_young
from forms_app.forms.asked_once import PowerReference
from forms_app.forms.context import Context
from forms_app.forms.definition import Step, StepForm, slugs
from forms_app.forms.questions import OneOf, Option, Paragraphs
from forms_app.forms.roles import FOR_ADULT
from forms_app.forms.text import Chosen, Text, in_norway_and_denmark, say, with_facts
from forms_app.language import lazy_gettext as _


def _for_role(unknown: Text = "", **texts: Text) -> Chosen:
    """The text for whoever fills in; `unknown` on paper, where everybody reads the same."""
    return Chosen(lambda context: texts.get(str(context.answers.get("role")), unknown))


class Authority(StepForm):
    authority = OneOf(
        _("How can you show that you act for the person?"),
        options=[
            Option(
                "attached",
                _("I add a paper to this form"),
                _for_role(
                    _("For example a signed power of attorney."),
                    other=_("For example a signed power of attorney. You choose the file on the page for attachments."),
                    guardian=_(
                        "The paper that appoints you, or the lasting power of attorney. You choose the file on the "
                        "page for attachments."
                    ),
                    professional=_("A consent in writing. You choose the file on the page for attachments."),
                ),
            ),
            Option(
                "given_here",
                _("The person has given power of attorney on this website"),
                _("Write its reference below, if you have it."),
            ),
            Option(
                "invite",
                _("The person confirms it on this website"),
                _(
                    "When you have sent the form, you get an invitation code to give to the person. It shows who has "
                    "sent which form for whom, and nothing else that you write. The form is received at once."
                ),
                on_paper=False,
            ),
            Option("later", _("I send it later")),
            Option(
                "by_role",
                _for_role(
                    _(
                        "I am appointed as guardian, act by a lasting power of attorney, or have the consent as a "
                        "professional"
                    ),
                    other=_("In another way, which I describe below"),
                    guardian=_("I am appointed as guardian, or the lasting power of attorney is in force"),
                    professional=_("The person has given me their consent"),
                ),
            ),
        ],
    )
    authority_reference = PowerReference(
        _("Reference of the power of attorney"),
        hint=_("If it was given here: eight characters from its receipt, like K7M2-9QXK."),
    )
    authority_note = Paragraphs(_("Anything we should know about this"), rows=3)


_WHO_MAY_ACT = _for_role(
    other=in_norway_and_denmark(
        with_facts(
            _(
                "Whoever acts for another by a power of attorney should be %(age)s or more, or an organisation that "
                "the person is a member of. You may still send this form."
            ),
            age="age_agent",
        ),
        "",
    ),
    professional=_("Write below how and when the person gave their consent, if you have no paper about it."),
)


def _help(context: Context) -> list[str]:
    return list(filter(None, [say(_WHO_MAY_ACT, context)]))


AUTHORITY = Step(
    key="authority",
    slugs=slugs("fullmakt", "fullmakt", "fuldmagt"),
    title=_("Your right to act for the person"),
    intro=_("You can send the form now even if nothing is ready. The case worker asks for what is missing."),
    form=Authority,
    read_more="power_of_attorney",
    only_if=FOR_ADULT,
    help=_help,
)


def attach_help(context: Context) -> list[str]:
    """A reminder on the page for attachments to those who said that they would add a paper there."""
    if context.answers.get("authority") != "attached":
        return []
    return [str(_("You wanted to add a paper that shows that you act for the person. Choose it here."))]


def is_invited(answers: Mapping[str, Any]) -> bool:
    """Whether the sender wants the person to confirm it here; `answers` by step."""
    return bool(answers.get(AUTHORITY.key, {}).get("authority") == "invite")


def tell_flags(context: Context) -> frozenset[str]:
    """ "unconfirmed" where a case worker must find out whether the sender may send this."""
    return frozenset({"unconfirmed"}) if _is_open_who_may_send(context) else frozenset()


def _is_open_who_may_send(context: Context) -> bool:
    role, born = context.answers.get("role"), context.answers.get("birth_date")
    if role == "myself":
        return is_too_young(born, context)
    if role == "child":
        return bool(born) and has_turned(SIGNS_FROM[context.country], str(born), context)
    return role in FOR_ADULT.answers
