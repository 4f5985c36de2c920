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
PAGE_SLUGS: Mapping[str, Mapping[Language, str]] = {
    "privacy": {Language.NB: "personvern", Language.NN: "personvern", Language.DA: "databeskyttelse"},
    "accessibility": {
        Language.NB: "tilgjengelighet", Language.NN: "tilgjengelegheit", Language.DA: "tilgaengelighed",
    },
    "sources": {Language.NB: "kilder", Language.NN: "kjelder", Language.DA: "kilder"},
    "how_to_apply": {
        Language.NB: "slik-soker-du", Language.NN: "slik-sokjer-du", Language.DA: "bed-om-en-samlet-plan",
    },
    "power_of_attorney": {Language.NB: "fullmakt", Language.NN: "fullmakt", Language.DA: "fuldmagt"},
    "complaint": {Language.NB: "klage", Language.NN: "klage", Language.DA: "klage"},
    "glossary": {Language.NB: "ordliste", Language.NN: "ordliste", Language.DA: "ordbog"},
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Link:
    """A place to go."""

    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True, kw_only=True)
class LanguageLink:
    """The same page in another language."""

    code: str
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class Masthead:
    """Everything `shared/header.html` and `shared/footer.html` read."""

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
    footer_label: str
    footer_links: tuple[Link, ...]
    footer_note: str


def forms_folder(language: Language) -> str:
    """The word for "form" in URLs."""
    return "skema" if language is Language.DA else "skjema"


def form_url(language: Language, key: str) -> str:
    """Where a form starts ("application", "power_of_attorney", "complaint"), or where a code is typed ("status")."""
    if key == "status":
        return f"/{language}/{forms_folder(language)}/status"
    return f"/{language}/{forms_folder(language)}/{FORM_SLUGS[key][language]}/"


def page_url(language: Language, key: str) -> str:
    """A page of the information site that the forms point to."""
    return f"/{language}/{PAGE_SLUGS[key][language]}/"


def masthead(language: Language, *, demo: bool, current_path: str, languages: Mapping[Language, str]) -> Masthead:
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
    return [
        Link(label=_("Privacy and cookies"), url=page_url(language, "privacy")),
        Link(label=_("Accessibility"), url=page_url(language, "accessibility")),
        Link(label=_("Laws and sources"), url=page_url(language, "sources")),
    ]
