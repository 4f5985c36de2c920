"""All forms, by name."""

from collections.abc import Mapping

from forms_app.forms.application import APPLICATION
from forms_app.forms.complaint import COMPLAINT
from forms_app.forms.definition import FormDefinition, FormKey
from forms_app.forms.power_of_attorney import POWER_OF_ATTORNEY
from forms_app.language import Language
from forms_app.masthead import FORM_SLUGS

FORMS: Mapping[FormKey, FormDefinition] = {form.key: form for form in (APPLICATION, POWER_OF_ATTORNEY, COMPLAINT)}


def form_at(language: Language, slug: str) -> FormDefinition | None:
    """The form with this word in its address."""
    return next((FORMS[FormKey(key)] for key, words in FORM_SLUGS.items() if words[language] == slug), None)
