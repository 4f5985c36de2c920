"""The same form on paper: blank as PDF or Word, or with what the draft holds so far."""

from babel.lists import format_list
from flask import Response, g

from forms_app.countries import Country, rules_for
from forms_app.documents.docx import to_docx
from forms_app.documents.paper import blank_context, blank_paper, checked_at, filled_paper
from forms_app.documents.pdf import to_pdf
from forms_app.forms.definition import FormDefinition
from forms_app.forms.text import say
from forms_app.language import gettext as _
from forms_app.web.addresses import DRAFT_PAPER, PAPER, START, address, in_all_languages
from forms_app.web.citizen.visit import Visit, page, present_context, to_start, visit
from forms_app.web.portal import portal

_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def view(definition: FormDefinition) -> Response:
    """Which papers there are: a blank form for each country that is served, and the draft, if there is one."""
    found = visit(definition)
    here = address(definition, PAPER, g.language)
    return page(
        "paper.html",
        in_all_languages(definition, PAPER),
        title=_("The form on paper"),
        form_title=say(definition.title, present_context()),
        papers=[(_receivers(country), _named(here, country)) for country in _served()],
        draft_url=address(definition, DRAFT_PAPER, g.language) if isinstance(found, Visit) else None,
        start_url=address(definition, START, g.language),
    )


def blank(definition: FormDefinition, name: str) -> Response | None:
    """The blank form of that file name, such as "papir-no.pdf"; None where no file has that name."""
    kind = name.rpartition(".")[2]
    here = PAPER[g.language]
    country = (
        next((one for one in _served() if name == _named(here, one)[kind]), None) if kind in _MEDIA_TYPES else None
    )
    if country is None:
        return None
    context = blank_context(portal().deployment, country)
    make = to_pdf if kind == "pdf" else to_docx
    content = make(
        blank_paper(definition, context),
        language=g.language,
        title=say(definition.title, context),
        made_at=checked_at(country),
    )
    return _download(content, kind, f"{definition.key}-{name}")


def draft(definition: FormDefinition) -> Response:
    """The draft as far as it has come, to go on with by pen."""
    found = visit(definition)
    if not isinstance(found, Visit):
        return to_start(definition)
    content = to_pdf(
        filled_paper(found.filled, [file.facts for file in found.draft.files]),
        language=g.language,
        title=say(definition.title, found.filled.context),
        made_at=portal().desk.clock(),
    )
    return found.answer(_download(content, "pdf", f"{definition.key}-{DRAFT_PAPER[g.language]}"))


def _served() -> list[Country]:
    return [country for country in Country if portal().deployment.of_country(country)]


def _named(folder: str, country: Country) -> dict[str, str]:
    code = rules_for(country).region_code.lower()
    return {kind: f"{folder}-{code}.{kind}" for kind in _MEDIA_TYPES}


def _receivers(country: Country) -> str:
    """The places whose form it is: "Arendal, Kristiansand og Bjørnafjorden"."""
    names = [one.name for one in portal().deployment.of_country(country)]
    return format_list(names, locale=g.language.locale)


def _download(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, mimetype=_MEDIA_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
