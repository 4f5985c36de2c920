"""Where the pages of a form are, in each language's own words."""

from collections.abc import Mapping

from forms_app.forms.definition import FormDefinition, FormKey, slugs
from forms_app.language import Language
from forms_app.masthead import form_url

REVIEW = slugs("se-over", "sjaa-over", "gennemse")
RECEIPT = slugs("kvittering", "kvittering", "kvittering")
CODE = slugs("kode", "kode", "kode")
FORGET = slugs("glem", "gloym", "glem")
START: Mapping[Language, str] = slugs("", "", "")


def address(definition: FormDefinition | FormKey, page: Mapping[Language, str], language: Language) -> str:
    """The path of a page of a form."""
    key = definition.key if isinstance(definition, FormDefinition) else definition
    return form_url(language, key) + page[language]


def in_all_languages(definition: FormDefinition, page: Mapping[Language, str]) -> dict[Language, str]:
    """The same page in each language, for the switcher."""
    return {language: address(definition, page, language) for language in Language}


def single_page(key: str) -> dict[Language, str]:
    """A page that belongs to no form, in each language: "status", "self_check"."""
    return {language: form_url(language, key) for language in Language}
