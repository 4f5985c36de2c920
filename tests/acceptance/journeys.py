"""What citizens answer in each form, in each language and under each country's rules.

One set of answers serves every page of a form: a question is answered where it is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from forms_app.countries import Country
from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.masthead import form_url
from forms_app.web.addresses import RECEIPT, REVIEW

Answers = Mapping[str, Sequence[str]]

AT_HOME = {
    Language.NB: ("arendal", Country.NORWAY),
    Language.NN: ("bjornafjorden", Country.NORWAY),
    Language.DA: ("rudersdal", Country.DENMARK),
}
"""Where a citizen who reads this language lives."""


@dataclass(frozen=True, kw_only=True)
class Journey:
    """One form, sent by someone who reads one language and lives in one place."""

    form: FormKey
    language: Language
    municipality: str
    answers: Answers

    @property
    def start(self) -> str:
        """The path of the form's first page."""
        return form_url(self.language, self.form)

    @property
    def review(self) -> str:
        """The path of the page where the answers are looked over."""
        return self.start + REVIEW[self.language]

    @property
    def receipt(self) -> str:
        """The path of the receipt."""
        return self.start + RECEIPT[self.language]

    def answering(self, **more: Sequence[str]) -> "Journey":
        """The same journey with some answers changed."""
        return replace(self, answers={**self.answers, **more})


def journey(form: FormKey, language: Language = Language.NB) -> Journey:
    """A usual journey through a form."""
    municipality, country = AT_HOME[language]
    answers = {"municipality": [municipality], **_REACH, **_OF_FORM[form](country)}
    return Journey(form=form, language=language, municipality=municipality, answers=answers)


_REACH = {"phone": ["22 33 44 55"], "email": ["kari@example.org"], "post": ["Skogveien 1\n4800 Ås"]}


def _application(country: Country) -> Answers:
    return {
        "role": ["child"],
        "sender_name": ["Kåre Bjørnstad"],
        "sender_relation": ["far"],
        "child_is_born": ["born"],
        "name_of_person": ["Åse Bjørnstad"],
        "birth_date-day": ["3"],
        "birth_date-month": ["11"],
        "birth_date-year": ["2019"],
        "parental_responsibility": ["shared"],
        "parents_agree": ["yes"],
        "wanted": {
            Country.NORWAY: ["coordinator", "individual_plan"],
            Country.DENMARK: ["joint_plan", "contact_person"],
        }[country],
        "situation": ["Vi er mange steder på én gang."],
        "goals": ["Søvn og skole."],
        "bodies-0-kind": ["school"],
        "bodies-0-body_name": ["Skolen på Øya"],
        "bodies-0-may_exchange": ["yes"],
        "consent_plan": ["y"],
    }


def _power_of_attorney(unused_country: Country) -> Answers:
    return {
        "filled_in_by": ["grantor"],
        "grantor_name": ["Åse Bjørnstad"],
        "agent_kind": ["person"],
        "agent_name": ["Kåre Bjørnstad"],
        "agent_relation": ["bror"],
        "may": ["apply", "see_papers"],
        "health_information": ["no"],
        "letters_to": ["both"],
        "case_scope": ["coordination"],
        "valid_to-day": ["1"],
        "valid_to-month": ["12"],
        "valid_to-year": ["2031"],
        "confirmed": ["y"],
    }


def _complaint(country: Country) -> Answers:
    return {
        "role": ["myself"],
        "name_of_person": ["Åse Bjørnstad"],
        "service": {Country.NORWAY: ["health"], Country.DENMARK: ["social_dk"]}[country],
        "decision": ["Nei til koordinator."],
        "received_date-day": ["3"],
        "received_date-month": ["11"],
        "received_date-year": ["2025"],
        "wanted_change": ["Jeg vil ha en koordinator."],
        "why": ["Fordi æ, ø og å må med."],
        "late_reason": ["Syk."],
    }


_OF_FORM = {
    FormKey.APPLICATION: _application,
    FormKey.POWER_OF_ATTORNEY: _power_of_attorney,
    FormKey.COMPLAINT: _complaint,
}
