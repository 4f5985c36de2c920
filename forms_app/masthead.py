"""What stands at the top and the bottom of every page, on the information site and in the forms alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from forms_app.language import Language, gettext, use

_ = gettext

FORM_SLUGS: Mapping[str, Mapping[Language, str]] = {
    "application": {Language.NB: "soknad", Language.NN: "soknad", Language.DA: "anmodning"},
    "power_of_attorney": {Language.NB: "fullmakt", Language.NN: "fullmakt", Language.DA: "fuldmagt"},
    "complaint": {Language.NB: "klage", Language.NN: "klage", Language.DA: "klage"},
}
SINGLE_PAGE_SLUGS: Mapping[str, Mapping[Language, str]] = {
    "status": {Language.NB: "status", Language.NN: "status", Language.DA: "status"},
    "self_check": {Language.NB: "sjekk", Language.NN: "sjekk", Language.DA: "tjek"},
    "confirm": {Language.NB: "bekreft", Language.NN: "stadfest", Language.DA: "bekraeft"},
}
"""Pages beside the forms that have no steps: where a code is typed, the self-check, and where someone who was invited
confirms what another has sent."""
PAGE_SLUGS: Mapping[str, Mapping[Language, str]] = {
    "privacy": {Language.NB: "personvern", Language.NN: "personvern", Language.DA: "databeskyttelse"},
    "security": {
        Language.NB: "slik-tar-vi-vare-pa-opplysningene",
        Language.NN: "slik-tek-vi-vare-pa-opplysningane",
        Language.DA: "saadan-passer-vi-paa-oplysningerne",
    },
    "cookies": {Language.NB: "informasjonskapsler", Language.NN: "informasjonskapslar", Language.DA: "cookies"},
    "accessibility": {
        Language.NB: "tilgjengelighet", Language.NN: "tilgjengelegheit", Language.DA: "tilgaengelighed",
    },
    "sources": {Language.NB: "kilder", Language.NN: "kjelder", Language.DA: "kilder"},
    "report_error": {Language.NB: "feil-pa-siden", Language.NN: "feil-pa-sida", Language.DA: "fejl-paa-siden"},
    "coordinator": {Language.NB: "koordinator", Language.NN: "koordinator", Language.DA: "hjaelp-flere-steder"},
    "child_coordinator": {Language.NB: "barnekoordinator", Language.NN: "barnekoordinator", Language.DA: "familier"},
    "plan": {Language.NB: "plan", Language.NN: "plan", Language.DA: "planer"},
    "children": {Language.NB: "barn", Language.NN: "barn", Language.DA: "barn"},
    "across_the_border": {Language.NB: "danmark", Language.NN: "danmark", Language.DA: "norge"},
    "how_to_apply": {
        Language.NB: "slik-soker-du", Language.NN: "slik-sokjer-du", Language.DA: "bed-om-en-samlet-plan",
    },
    "power_of_attorney": {Language.NB: "fullmakt", Language.NN: "fullmakt", Language.DA: "fuldmagt"},
    "complaint": {Language.NB: "klage", Language.NN: "klage", Language.DA: "klage"},
    "glossary": {Language.NB: "ordliste", Language.NN: "ordliste", Language.DA: "ordbog"},
}  # fmt: skip
ENGLISH_PAGE = "/nb/english/"
"""The one page in English; it is published inside the Norwegian frame."""
PAPER_SLUG = "papir"
"""The page of a form where it can be had on paper; the same word in all three languages."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A place to go. `lang` names the language of the place, and of the label, where it is another than the page's."""

    label: str
    url: str
    is_current: bool = False
    lang: str = ""


@dataclass(frozen=True, kw_only=True)
class LanguageLink:
    """The same page in another language."""

    code: str
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class Masthead:
    """Everything `shared/header.html` and `shared/footer.html` read.

    Where a page holds what somebody is writing, `languages_form` is the id of its form: the switcher then sends the
    form instead of leaving it behind.
    """

    language: Language
    site_name: str
    home_url: str
    skip_label: str
    demo: bool
    demo_text: str
    menu_label: str
    menu: tuple[Link, ...]
    languages_label: str
    languages: tuple[LanguageLink, ...]
    languages_form: str
    footer_label: str
    footer_links: tuple[Link, ...]
    footer_note: str


def forms_folder(language: Language) -> str:
    """The word for "form" in URLs."""
    return "skema" if language is Language.DA else "skjema"


def form_url(language: Language, key: str) -> str:
    """Where a form starts ("application", "power_of_attorney", "complaint"), or a single page ("status",
    "self_check", "confirm").
    """
    folder = f"/{language}/{forms_folder(language)}/"
    if key in SINGLE_PAGE_SLUGS:
        return folder + SINGLE_PAGE_SLUGS[key][language]
    return f"{folder}{FORM_SLUGS[key][language]}/"


def page_url(language: Language, key: str) -> str:
    """A page of the information site that the forms point to."""
    return f"/{language}/{PAGE_SLUGS[key][language]}/"


def contact_url(language: Language) -> str:
    """Where the information site says how to reach the municipality."""
    return f"/{language}/#kontakt"


def masthead(
    language: Language, *, demo: bool, current_path: str, languages: Mapping[Language, str], languages_form: str = ""
) -> Masthead:
    """The frame of the page at `current_path`; `languages` gives the same page's URL in each language."""
    with use(language):
        return Masthead(
            language=language,
            site_name=_("Coordinator and plan"),
            home_url=f"/{language}/",
            skip_label=_("Skip to the content"),
            demo=demo,
            demo_text=_("Demo. This is not an official service. Do not send real information."),
            menu_label=_("Main menu"),
            menu=tuple(_menu(language, current_path)),
            languages_label=_("Language"),
            languages=tuple(
                LanguageLink(code=code, name=code.own_name, url=url, is_current=code is language)
                for code, url in languages.items()
            ),
            languages_form=languages_form,
            footer_label=_("About the site"),
            footer_links=tuple(_footer_links(language)),
            footer_note=_("Free for everyone. No tracking."),
        )


def _menu(language: Language, current_path: str) -> list[Link]:
    entries = {
        _("Guidance"): f"/{language}/",
        _("Apply"): form_url(language, "application"),
        _("Give power of attorney"): form_url(language, "power_of_attorney"),
        _("Complain"): form_url(language, "complaint"),
        _("Your submission"): form_url(language, "status"),
    }
    return [
        Link(label=label, url=url, is_current=_is_at(current_path, url, home=f"/{language}/"))
        for label, url in entries.items()
    ]


def _is_at(path: str, url: str, *, home: str) -> bool:
    if url == home:
        return path.startswith(home) and f"/{forms_folder(Language(home.strip('/')))}/" not in path
    return path.startswith(url)


def _footer_links(language: Language) -> list[Link]:
    pages = {
        _("Privacy"): "privacy",
        _("How we keep your information safe"): "security",
        _("Cookies"): "cookies",
        _("Accessibility"): "accessibility",
        _("Rules and sources"): "sources",
        _("Report an error"): "report_error",
    }
    return [
        *(Link(label=label, url=page_url(language, key)) for label, key in pages.items()),
        Link(label=_("Contact"), url=contact_url(language)),
        Link(label="In English", url=ENGLISH_PAGE, lang="en"),
    ]
