"""How a form is filled in over HTTP, the way a person does it: page by page, with what stands there and nothing else.

Works through anything with `get`, `post` and `follow` like CheckedClient's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from checked_client import CheckedClient, File, Page
from people import AGENT, CITIZEN

from forms_app.language import Language
from forms_app.masthead import form_url
from forms_app.web.addresses import RECEIPT, REVIEW

Answers = Mapping[str, str | Sequence[str]]
"""Control name, or "step slug/control name", to what is written or chosen there."""

LEAST: Answers = {
    "municipality": "arendal",
    "role": "myself",
    "name_of_person": CITIZEN.name,
    "sender_name": AGENT.name,
    "wanted": "unsure",
    "service": "unsure",
    "phone": CITIZEN.phone,
    "filled_in_by": "grantor",
    "grantor_name": CITIZEN.name,
    "agent_kind": "person",
    "agent_name": AGENT.name,
    "may": ["apply", "complain"],
    "health_information": "no",
    "case_scope": "coordination",
    "confirmed": "y",
}
"""What must be answered in any of the forms, and no more."""

_BY_ENDING = {
    "-day": "17",
    "-month": "5",
    "valid_to-year": "2027",
    "-year": "1961",
    "phone": CITIZEN.phone,
    "email": CITIZEN.email,
    "national_id": "",
    "authority_reference": "",
}


def fields_of(page: Page) -> dict[str, list[str]]:
    """What a browser would post from the page's form if nothing were touched, without the buttons."""
    fields: dict[str, list[str]] = {}
    for control in controls_of(page):
        name, kind = control.get("name", ""), control.get("type")
        is_choice = kind in ("radio", "checkbox")
        if kind != "file" and (not is_choice or control.get("checked") is not None):
            fields.setdefault(name, []).append(_value_of(control))
    return fields


def controls_of(page: Page) -> list[Element]:
    """Inputs, textareas and menus of the page's form, in order."""
    form = page.one(".//form")
    return [one for one in form.iter() if one.tag in ("input", "textarea", "select") and one.get("name")]


def _value_of(control: Element) -> str:
    if control.tag == "select":
        return next((one.get("value", "") for one in control.iter("option") if one.get("selected") is not None), "")
    return (control.text or "") if control.tag == "textarea" else control.get("value", "")


def answered(page: Page, answers: Answers) -> dict[str, list[str]]:
    """The page's fields with those of `answers` that it asks for."""
    fields = fields_of(page)
    asked = {control.get("name", "") for control in controls_of(page)}
    for name in asked:
        given = answers.get(f"{page.slug}/{name}", answers.get(name))
        if given is not None:
            fields[name] = [given] if isinstance(given, str) else list(given)
    return fields


def everything(page: Page, words: str, choices: Answers) -> dict[str, list[str]]:
    """The page's fields with `words` in every text field, the given or the first choice, and every box ticked."""
    fields = fields_of(page)
    for control in controls_of(page):
        name, kind = control.get("name", ""), control.get("type", "text")
        if kind in ("radio", "checkbox"):
            values = fields.setdefault(name, [])
            if kind == "checkbox" or not values:
                values.append(_value_of(control))
        elif control.tag == "select":
            fields[name] = [next(one.get("value", "") for one in control.iter("option") if one.get("value"))]
        elif kind == "text":
            fields[name] = [_fitting(name, words)]
    return fields | {name: values for name, values in answered(page, choices).items() if name in choices}


def _fitting(name: str, words: str) -> str:
    return next((text for ending, text in _BY_ENDING.items() if name.endswith(ending)), words)


@dataclass
class Journey:
    """One citizen on the way through one form. With `words`, every field is filled in, otherwise the least."""

    browser: CheckedClient
    language: Language
    form: str
    answers: Answers = field(default_factory=dict)
    files: Sequence[File] = ()
    words: str | None = None
    seen: list[Page] = field(default_factory=list)

    @property
    def start(self) -> str:
        """Where the form begins."""
        return form_url(self.language, self.form)

    @property
    def review_slug(self) -> str:
        """The last part of the review page's address."""
        return REVIEW[self.language]

    @property
    def receipt_url(self) -> str:
        """Where the receipt is."""
        return self.start + RECEIPT[self.language]

    def begin(self, *, is_shared: bool = False) -> Page:
        """Start a draft; the first page of questions."""
        fields = fields_of(self._see(self.browser.get(self.start)))
        if is_shared:
            fields["shared_computer"] = ["y"]
        return self._see(self.browser.follow(self.browser.post(self.start, fields)))

    def fill_in(self, page: Page) -> dict[str, list[str]]:
        """What this citizen writes on the page."""
        choices = {**LEAST, **self.answers}
        if self.words is None:
            return answered(page, choices)
        return everything(page, self.words, choices)

    def send_page(self, page: Page) -> Page:
        """Fill in the page and continue; what comes next."""
        takes_files = any(control.get("type") == "file" for control in controls_of(page))
        answer = self.browser.post(
            page.url,
            self.fill_in(page),
            files=self.files if takes_files else (),
            multipart=takes_files,
        )
        assert answer.status == 303, (page.url, answer.status, answer.with_class("ds-error-summary"))
        return self._see(self.browser.follow(answer))

    def to(self, slug: str) -> Page:
        """Begin, and fill in every page before the one called `slug`."""
        return self.on(self.begin(), slug)

    def on(self, page: Page, slug: str) -> Page:
        """From `page`, fill in every page before the one called `slug`."""
        for unused_page in range(30):
            if page.slug == slug:
                return page
            page = self.send_page(page)
        raise AssertionError(f"never came to {slug}")

    def to_review(self) -> Page:
        """Everything filled in, nothing sent."""
        return self.to(self.review_slug)

    def send(self) -> Page:
        """The whole way; the receipt."""
        return self.confirm(self.to_review())

    def confirm(self, review: Page) -> Page:
        """Press the button of the review; the receipt."""
        return self._see(self.browser.follow(self.browser.post(review.url, fields_of(review))))

    def _see(self, page: Page) -> Page:
        self.seen.append(page)
        return page


def reference_of(receipt: Page) -> str:
    """The reference that a receipt shows."""
    (found,) = receipt.with_class("reference")
    return "".join(found.itertext()).strip()


def code_of(page: Page) -> str:
    """The code that a page shows."""
    (found,) = page.with_class("code")
    return "".join(found.itertext()).strip()
