"""The same form on paper: blank as PDF or Word, or with what the draft holds so far."""

from babel.lists import format_list
from flask import Response, g

from forms_app.countries import Country, rules_for
from forms_app.documents.blank_forms import KINDS
from forms_app.documents.paper import filled_paper
from forms_app.documents.pdf import PdfFailed, to_pdf
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


def view(definition: FormDefinition, *, pdf_failed: bool = False) -> Response:
    """Which papers there are: a blank form for each country that is served, and the draft, if there is one."""
    found = visit(definition)
    here = address(definition, PAPER, g.language)
    return page(
        "paper.html",
        in_all_languages(definition, PAPER),
        title=_("The form on paper"),
        status=503 if pdf_failed else 200,
        pdf_failed=pdf_failed,
        form_title=say(definition.title, present_context()),
        papers=[(_receivers(country), _named(here, country)) for country in portal().blank_forms.countries],
        draft_url=address(definition, DRAFT_PAPER, g.language) if isinstance(found, Visit) else None,
        start_url=address(definition, START, g.language),
    )


def blank(definition: FormDefinition, name: str) -> Response | None:
    """The blank form of that file name, such as "papir-no.pdf"; None where no file has that name."""
    kind = name.rpartition(".")[2]
    here, blank_forms = PAPER[g.language], portal().blank_forms
    for country in blank_forms.countries if kind in KINDS else ():
        if name == _named(here, country)[kind]:
            try:
                content = blank_forms.file(definition, country, g.language, kind)
            except PdfFailed:
                return view(definition, pdf_failed=True)
            return _download(content, kind, f"{definition.key}-{name}")
    return None


def draft(definition: FormDefinition) -> Response:
    """The draft as far as it has come, to go on with by pen."""
    found = visit(definition)
    if not isinstance(found, Visit):
        return to_start(definition)
    try:
        content = to_pdf(
            filled_paper(found.filled, [file.facts for file in found.draft.files]),
            language=g.language,
            title=say(definition.title, found.filled.context),
            made_at=portal().desk.clock(),
        )
    except PdfFailed:
        return view(definition, pdf_failed=True)
    return found.answer(_download(content, "pdf", f"{definition.key}-{DRAFT_PAPER[g.language]}"))


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
