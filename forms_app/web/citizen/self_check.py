"""The self-check: a few questions, answered at once and forgotten.

It is asked in two rounds on one page: first where and about whom, for the other questions depend on it. Answers come
by POST only, so that they stand in no address and no log. Nothing is stored and nothing changes by a post, so there is
nothing that another site could make a browser do: no CSRF token is needed, and with it no session cookie.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request

from forms_app.countries import Country
from forms_app.forms.answers import new_context
from forms_app.forms.application import APPLICATION
from forms_app.forms.context import Context
from forms_app.forms.definition import FormKey, StepForm, Typed
from forms_app.forms.self_check import (
    CLOSING,
    OPENING,
    TITLE,
    Assessment,
    advise,
    assess,
    explain,
    given_in,
    headline,
    questions_for,
)
from forms_app.forms.self_check_questions import Whom
from forms_app.forms.text import say
from forms_app.language import Language
from forms_app.language import gettext as _
from forms_app.masthead import contact_url, form_url, page_url
from forms_app.web.addresses import single_page
from forms_app.web.citizen.visit import page
from forms_app.web.portal import portal

PAGE = single_page("self_check")

_LAW_OF_THE_GUIDANCE: Mapping[Language, Country] = {
    Language.NB: Country.NORWAY,
    Language.NN: Country.NORWAY,
    Language.DA: Country.DENMARK,
}
"""Whose law the pages in each language are about, apart from the short ones about the other country."""


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """The page as far as it is answered. `rest` is None until it is known whom it is about."""

    context: Context
    whom: StepForm
    rest: StepForm | None = None
    assessment: Assessment | None = None
    is_faulty: bool = False


def view() -> Response:
    """Ask, and answer when everything is answered."""
    return _show(_read(_posted()) if request.method == "POST" else _begin())


def _begin() -> _Asked:
    context = _context(portal().deployment.usual_country(g.language))
    return _Asked(context=context, whom=Whom({"country": [context.country]}, context=context))


def _read(typed: Typed) -> _Asked:
    usual = _context(portal().deployment.usual_country(g.language))
    whom = Whom(typed, context=usual)
    if not whom.validate():
        return _Asked(context=usual, whom=whom, is_faulty=True)
    known = given_in(whom)
    context = _context(Country(known.get("country", usual.country)))
    whom = Whom(typed, context=context)
    asks = questions_for(context.country, known["concerns"])
    rest = asks(typed, context=context)
    if rest.validate():
        assessment = assess(context.country, given_in(whom, rest))
        return _Asked(context=context, whom=whom, rest=rest, assessment=assessment)
    if typed.get("asked") == [asks.__name__]:
        return _Asked(context=context, whom=whom, rest=rest, is_faulty=True)
    # Questions that were not on the page before are not missed yet.
    return _Asked(context=context, whom=whom, rest=asks(typed, context=context))


def _posted() -> Typed:
    return {name: request.form.getlist(name) for name in request.form}


def _context(country: Country) -> Context:
    services = portal()
    return new_context(services.deployment.municipalities, country, services.desk.clock())


def _show(asked: _Asked) -> Response:
    context = asked.context
    return page(
        "self_check.html",
        PAGE,
        title=say(TITLE, context),
        status=422 if asked.is_faulty else 200,
        whom=list(asked.whom.questions()),
        rest=list(asked.rest.questions()) if asked.rest else [],
        asked=type(asked.rest).__name__ if asked.rest else "",
        is_faulty=asked.is_faulty,
        result=_result(asked, asked.rest, asked.assessment) if asked.rest and asked.assessment else None,
        contact_url=contact_url(g.language),
    )


def _result(asked: _Asked, rest: StepForm, assessment: Assessment) -> dict[str, Any]:
    context = asked.context
    return {
        "opening": say(OPENING, context),
        "headline": headline(assessment, context),
        "closing": say(CLOSING, context),
        "findings": list(explain(assessment, (asked.whom, rest), context)),
        "advice": list(advise(assessment, context)),
        "pages": list(_pages(assessment.given["concerns"])),
        "apply_url": form_url(g.language, FormKey.APPLICATION),
        "apply_label": say(APPLICATION.title, context),
        "guidance_url": _guidance(assessment),
        "municipalities": portal().deployment.of_country(context.country),
    }


def _pages(concerns: str) -> Iterator[tuple[str, str]]:
    if concerns == "other":
        yield _("Read about power of attorney"), page_url(g.language, "power_of_attorney")
    if concerns == "child":
        yield _("Pages for children and young people"), page_url(g.language, "children")


def _guidance(assessment: Assessment) -> str:
    """The page about what was found; the guidance in this language tells of the other country on one page."""
    is_about_here = _LAW_OF_THE_GUIDANCE[g.language] is assessment.country
    return page_url(g.language, assessment.answer.right.page if is_about_here else "across_the_border")
