"""The block that stands for `{{ before.application }}`: what a form asks, made from the form itself."""

from datetime import date
from html import escape

from forms_app.countries import Country, rules_for
from forms_app.forms.context import Context
from forms_app.forms.definition import FormKey
from forms_app.forms.outline import Asked, Outline, OutlinedStep, outline
from forms_app.forms.registry import FORMS
from forms_app.language import Language, use
from forms_app.language import gettext as _
from forms_app.masthead import PAPER_SLUG, form_url
from forms_app.municipality import Deployment


def block(form_key: str, language: Language, country: Country, deployment: Deployment) -> str:
    """HTML: what to have at hand, which papers help, how long it takes, and every question in order.

    Its titles are no headings: the outline of the page is its author's.
    """
    # Nothing that a form asks depends on the day.
    context = Context(rules=rules_for(country), municipalities=deployment.municipalities, today=date.min)
    with use(language):
        return _block(outline(FORMS[FormKey(form_key)], context), paper=form_url(language, form_key) + PAPER_SLUG)


def _block(form: Outline, *, paper: str) -> str:
    time = _("It takes about %(minutes)s minutes. You can save and go on later.", minutes=form.minutes)
    parts = (
        _titled(_("Good to have at hand"), f"<ul>{_items(form.at_hand)}</ul>"),
        _titled(_("Attachments"), f"<p>{escape(form.attachments)}</p>") if form.attachments else "",
        _titled(_("How long it takes"), f"<p>{escape(time)}</p>"),
        f'<p><a href="{paper}">{escape(_("Get the form on paper"))}</a></p>',
        _questions(form, title=_("See every question in the form")),
    )
    return f'<div class="before">{"".join(parts)}</div>'


def _questions(form: Outline, *, title: str) -> str:
    what_is_needed = escape(_("You must answer only what is marked. All the rest is optional."))
    steps = "".join(map(_step, form.steps))
    return f"<details><summary>{escape(title)}</summary><p>{what_is_needed}</p><ol>{steps}</ol></details>"


def _titled(title: str, content: str) -> str:
    return f"<p><strong>{escape(title)}</strong></p>{content}"


def _items(texts: tuple[str, ...]) -> str:
    return "".join(f"<li>{escape(text)}</li>" for text in texts)


def _step(step: OutlinedStep) -> str:
    told = "".join(f"<p>{escape(text)}</p>" for text in (step.condition, step.intro) if text)
    return f"<li>{_titled(step.title, told)}<ul>{''.join(map(_question, step.questions))}</ul></li>"


def _question(question: Asked) -> str:
    required = _("must be answered")
    mark = f" <strong>({escape(required)})</strong>" if question.is_required else ""
    parts = f"<ul>{''.join(map(_question, question.parts))}</ul>" if question.parts else ""
    return f"<li>{escape(question.label)}{mark}{parts}</li>"
