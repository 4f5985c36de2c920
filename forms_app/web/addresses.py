"""Where the pages of a form are, in each language's own words."""

from collections.abc import Mapping

from forms_app.forms.definition import FormDefinition, FormKey, slugs
from forms_app.language import Language
from forms_app.masthead import PAPER_SLUG, form_url

REVIEW = slugs("se-over", "sjaa-over", "gennemse")
RECEIPT = slugs("kvittering", "kvittering", "kvittering")
RECEIPT_PDF = slugs("kvittering.pdf", "kvittering.pdf", "kvittering.pdf")
STATUS = slugs("status", "status", "status")
ADDITION = slugs("flere-dokumenter", "fleire-dokument", "flere-dokumenter")
ADDITION_REVIEW = slugs("se-over-dokumenter", "sjaa-over-dokument", "gennemse-dokumenter")
TAKE_BACK = slugs("trekk-tilbake", "trekk-tilbake", "traek-tilbage")
DELETE_COPY = slugs("slett-kopi", "slett-kopi", "slet-kopi")
OWN_FILES = slugs("fil", "fil", "fil")
INVITATION = slugs("invitasjon", "invitasjon", "invitation")
INVITATION_CARD = slugs("invitasjonskort.pdf", "invitasjonskort.pdf", "invitationskort.pdf")
CODE = slugs("kode", "kode", "kode")
CARD = slugs("kodekort.pdf", "kodekort.pdf", "kodekort.pdf")
DELETE = slugs("slett", "slett", "slet")
FORGET = slugs("glem", "gloym", "glem")
PAPER: Mapping[Language, str] = dict.fromkeys(Language, PAPER_SLUG)
DRAFT_PAPER = slugs("kladd.pdf", "kladd.pdf", "kladde.pdf")
START: Mapping[Language, str] = slugs("", "", "")


def address(definition: FormDefinition | FormKey, page: Mapping[Language, str], language: Language) -> str:
    """The path of a page of a form."""
    key = definition.key if isinstance(definition, FormDefinition) else definition
    return form_url(language, key) + page[language]


def in_all_languages(definition: FormDefinition, page: Mapping[Language, str]) -> dict[Language, str]:
    """The same page in each language, for the switcher."""
    return {language: address(definition, page, language) for language in Language}


def single_page(key: str) -> dict[Language, str]:
    """A page that belongs to no form, in each language: "status", "self_check", "confirm"."""
    return {language: form_url(language, key) for language in Language}
