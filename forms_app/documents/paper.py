"""A form on paper: blank, or with what a draft holds so far, made from the same definition as the pages."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from forms_app.countries import Country, rules_for
from forms_app.documents.blocks import (
    Address,
    Answered,
    Bullets,
    Heading,
    Paragraph,
    PrintedBlock,
    Signature,
    ToFill,
)
from forms_app.documents.submission import File
from forms_app.forms.answers import FilledForm, new_context
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, Step, StepForm
from forms_app.forms.paper import PaperQuestion, WriteOn
from forms_app.forms.questions import Question
from forms_app.forms.text import say
from forms_app.language import Language, format_date, format_size
from forms_app.language import gettext as _
from forms_app.masthead import FORM_SLUGS
from forms_app.municipality import Deployment, Municipality


def blank_context(deployment: Deployment, country: Country) -> Context:
    """What a blank form knows: the country's rules and its municipalities, on the day the rules were last checked."""
    return new_context(deployment.of_country(country), country, checked_at(country))


def checked_at(country: Country) -> datetime:
    """When somebody last compared a fact of the country with the law: the date of its blank forms, so that the same
    rules make the same file.
    """
    latest = max(fact.checked_on for fact in rules_for(country).facts.values())
    return datetime(latest.year, latest.month, latest.day, 12, tzinfo=UTC)


def file_name(definition: FormDefinition, country: Country, language: Language, ending: str) -> str:
    """The name of a blank form among those of its language, such as "klage-dk.pdf"."""
    return f"{FORM_SLUGS[definition.key][language]}-{rules_for(country).region_code.lower()}.{ending}"


def blank_paper(definition: FormDefinition, context: Context) -> list[PrintedBlock]:
    """The whole form under the rules of `context` in the current language, with every step that anyone can meet."""
    return [
        Heading(say(definition.title, context)),
        Paragraph(_("You can fill in this form with a pen and send it by post, or hand it in.")),
        Paragraph(_how_to_fill_in()),
        Heading(_("Good to have at hand")),
        Bullets(tuple(say(text, context) for text in definition.at_hand)),
        *_steps(definition, context, None, ()),
        *_end(definition, context),
    ]


def filled_paper(filled: FilledForm, files: Sequence[File]) -> list[PrintedBlock]:
    """A draft to go on with on paper: what is answered, and the rest to fill in.

    The caller has filled the form in the current language.
    """
    definition, context = filled.definition, filled.context
    return [
        Heading(say(definition.title, context)),
        Paragraph(_("This is your draft as far as you have come. It has not been sent.")),
        Paragraph(
            _(
                "Fill in the rest with a pen and send it by post, or continue on the website with your code. Do not do "
                "both."
            )
        ),
        Paragraph(_how_to_fill_in()),
        *_steps(definition, context, filled, files),
        *_end(definition, context),
    ]


def _how_to_fill_in() -> str:
    return _(
        "Write what you know, and leave the rest empty. Only what is marked “%(mark)s” is needed. If there is not "
        "enough room, use a sheet of your own.",
        mark=_("Must be answered").lower(),
    )


def _steps(
    definition: FormDefinition, context: Context, filled: FilledForm | None, files: Sequence[File]
) -> Iterator[PrintedBlock]:
    """Every step that this citizen meets or, as far as answers are missing, can meet."""
    for step in definition.steps:
        is_open = step.only_if is not None and step.only_if.question not in context.answers
        if not (step.is_met(context) or (is_open and step.only_in in (None, context.country))):
            continue
        done = filled.at(step) if filled else None
        known = done.context if done else context
        yield Heading(say(step.title, known), step.key)
        if is_open and step.only_if:
            yield Paragraph(say(step.only_if.words, known))
        yield from _introduction(step, known)
        yield from (
            _papers(files) if step.takes_files else _questions(done.form if done else step.form(None, context=known))
        )


def _introduction(step: Step, context: Context) -> Iterator[PrintedBlock]:
    told = [say(step.intro_on_paper or step.intro, context), *(step.help(context) if step.help else ())]
    yield from (Paragraph(text) for text in told if text)


def _questions(form: StepForm) -> Iterator[PrintedBlock]:
    for question in form.questions():
        yield _answered(question) if question.to_json() else ToFill(question.paper())


def _answered(question: Question) -> Answered:
    return Answered(question.paper().label, question.display(question.to_json()))


def _papers(files: Sequence[File]) -> Iterator[PrintedBlock]:
    """What lies in the envelope; files of the draft must be printed, as the paper cannot hold them."""
    if files:
        yield Answered(_("Files"), tuple(f"{file.name} ({format_size(file.size)})" for file in files))
        yield Paragraph(_("These files are in the draft on the website only. Put copies of them in the envelope."))
    label, hint = _("Papers in the envelope"), _("Write what they are. Send copies and keep the originals.")
    yield ToFill(PaperQuestion(label, hint, is_required=False, shape=WriteOn(lines=3)))


def _end(definition: FormDefinition, context: Context) -> Iterator[PrintedBlock]:
    yield Heading(_("Sign and send"))
    yield Signature(say(definition.signed_by, context) or _("Your signature"))
    yield Paragraph(_("Send the form to the municipality you have chosen."))
    chosen = context.municipality
    yield from _addresses((chosen,) if chosen else context.municipalities)
    yield Heading(_("What happens now"))
    yield Bullets(tuple(text for text in (say(one, context) for one in definition.next_steps) if text))
    yield from _privacy()
    yield Paragraph(
        _(
            "Version %(version)s of the form. The rules it follows were last checked on %(day)s.",
            version=definition.version,
            day=format_date(checked_at(context.country).date()),
        )
    )


def _addresses(municipalities: Sequence[Municipality]) -> Iterator[Address]:
    """Those that are known, and room for one that is not."""
    unknown = [one.name for one in municipalities if not one.contact.postal_address]
    for one in municipalities:
        if one.contact.postal_address:
            yield Address(one.name, tuple(one.contact.postal_address.splitlines()))
    if unknown:
        yield Address(", ".join(unknown), ())


def _privacy() -> Iterator[PrintedBlock]:
    """What people must be told where they are asked (GDPR article 13), without what is about the website."""
    yield Heading(_("What happens to what you write"))
    told = {
        _("Who is responsible"): _("The municipality you send to. You can ask its data protection officer."),
        _("Why"): _(
            "To handle what you ask for. The law requires it of the municipality; it does not rest on your consent."
        ),
        _("Who reads it"): _(
            "Only the case workers who handle it. It may be about health, and they have a duty of confidentiality. A "
            "complaint may go on to those who decide it."
        ),
        _("How long it is kept"): _("As long as the case and the archive rules require."),
        _("Your rights"): _(
            "You can see what is kept, have it corrected, and complain to the data protection authority."
        ),
    }
    yield from (Answered(about, (sentence,)) for about, sentence in told.items())
