"""A citizen who carries out a plan over HTTP: opens each page, writes and chooses on it, and reads what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from checked_client import File, Page
from drawn_ways import Plan, Planned, PlannedPage
from form_journeys import Journey, controls_of, fields_of
from plain_browser import PlainBrowser

from forms_app.forms.asked_once import AskedOnce
from forms_app.forms.questions import Day, Tick
from forms_app.forms.rows import Rows
from forms_app.language import Language, format_date, use

YES_AND_NO = {Language.NB: ("Ja", "Nei"), Language.NN: ("Ja", "Nei"), Language.DA: ("Ja", "Nej")}
Listing = list[tuple[str, list[tuple[str, tuple[Any, ...]]]]]
"""Heading of the page, and its questions with the lines of their answers."""


@dataclass(frozen=True)
class InOrder:
    """A line that holds these words, one after the other: how the answers of a row are put together is not tested."""

    parts: tuple[str, ...]

    def __eq__(self, other: object) -> bool:
        place, text = 0, str(other)
        for part in self.parts:
            found = text.find(part, place)
            if found < 0:
                return False
            place = found + len(part)
        return True

    __hash__ = None  # type: ignore[assignment]


@dataclass
class Walk:
    """One citizen with one browser. `told` is what must be listed afterwards, in the words of the pages themselves."""

    browser: PlainBrowser
    plan: Plan
    told: Listing = field(default_factory=list)

    @property
    def journey(self) -> Journey:
        """Where the pages of this form are."""
        return Journey(self.browser, self.plan.way.language, self.plan.way.form)

    def to_review(self) -> Page:
        """Every page, then one of them again as it stands."""
        page = self.journey.begin()
        for planned in self.plan.pages:
            assert page.slug == planned.step.slugs[self.plan.way.language], (page.url, planned.step.key)
            page = self._answer(page, planned)
        again = self.plan.pages[self.plan.looks_again_at].step.slugs[self.plan.way.language]
        shown = self.browser.get(f"{self.journey.start}{again}?back_to_review")
        page = self.browser.follow(self._press(shown, fields_of(shown)))
        assert page.slug == self.journey.review_slug, page.url
        return page

    def _answer(self, page: Page, planned: PlannedPage) -> Page:
        if planned.step.takes_files:
            page = self._add_files(page)
            self.told.append(
                (page.heading, [("Filer", tuple(InOrder((file.shown, "B)")) for file in self.plan.files))])
            )
            return self.browser.follow(self._press(page, fields_of(page)))
        page = self._with_rows(page, planned)
        self.told.append((page.heading, [self._told(page, name, one) for name, one in planned.answers.items()]))
        fields = fields_of(page) | _fields(planned)
        answer = self._press(page, fields)
        if answer.status == 422:
            # A number that looks mistyped is asked about once, with everything still there.
            said = ["".join(one.itertext()) for one in answer.with_class("ds-error-summary")]
            assert any(one.json and issubclass(one.kind, AskedOnce) for one in planned.answers.values()), said
            answer = self._press(answer, fields_of(answer))
        return self.browser.follow(answer)

    def _press(self, page: Page, fields: Mapping[str, Sequence[str]]) -> Page:
        answer = self.browser.post(page.url, fields, multipart=_takes_files(page))
        assert answer.status in (303, 422), (page.url, answer.status)
        return answer

    def _add_files(self, page: Page) -> Page:
        """One by one, with the button that stores them."""
        for file in self.plan.files:
            fields = fields_of(page) | {"action": ["upload"]}
            answer = self.browser.post(page.url, fields, files=[File(name=as_sent(file.name), content=file.content)])
            assert answer.status == 303, (file.name, answer.main)
            page = self.browser.follow(answer)
        return page

    def _with_rows(self, page: Page, planned: PlannedPage) -> Page:
        for name, one in planned.answers.items():
            for unused_row in one.rows[1:]:
                page = self.browser.post(page.url, fields_of(page) | {"action": [f"add-row:{name}"]}, status=200)
        return page

    def _told(self, page: Page, name: str, one: Planned) -> tuple[str, tuple[str, ...]]:
        if one.kind is Rows:
            return _label(page, name), tuple(line for row in one.rows if (line := self._told_row(page, name, row)))
        return _label(page, name), self._lines(page, name, one)

    def _told_row(self, page: Page, name: str, row: Mapping[str, Planned]) -> InOrder | None:
        parts: list[str] = []
        for short, one in row.items():
            if lines := self._lines(page, f"{name}-0-{short}", one):
                parts += [_label(page, f"{name}-0-{short}"), *lines]
        return InOrder(tuple(parts)) if parts else None

    def _lines(self, page: Page, name: str, one: Planned) -> tuple[str, ...]:
        if one.kind is Tick:
            return (YES_AND_NO[self.plan.way.language][0 if one.json else 1],)
        if one.kind is Day:
            with use(self.plan.way.language):
                return tuple(format_date(date.fromisoformat(day)) for day in one.words)
        options = _options(page, name)
        return tuple(options[word] for word in one.words) if options else one.words


def as_sent(file_name: str) -> str:
    """A file's name as browsers write it into a request."""
    return file_name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def listing(page: Page) -> Listing:
    """Questions and answers as a review, a receipt or an own copy shows them."""
    return [
        (
            "".join(section.find(".//h2").itertext()),
            [(_text(pair[0]), _lines_of(pair[1])) for pair in section.findall(".//dl/div")],
        )
        for section in page.with_class("answers")
    ]


def _fields(planned: PlannedPage) -> dict[str, list[str]]:
    answers = planned.answers.values()
    return {name: list(values) for one in answers for name, values in one.fields.items()}


def _takes_files(page: Page) -> bool:
    return any(control.get("type") == "file" for control in controls_of(page))


def _label(page: Page, name: str) -> str:
    """The words of the question whose fields are called so: of its fieldset, or of its only field."""
    for fieldset in page.all(".//fieldset[@id]"):
        if fieldset.get("id") == name:
            return (fieldset.find("legend").text or "").strip()
    return next((one.text or "").strip() for one in page.all(".//label") if one.get("for") == name)


def _options(page: Page, name: str) -> dict[str, str]:
    """Value to label of the choices that the question offers; empty where something is written."""
    labels = {one.get("for"): _text(one) for one in page.all(".//label")}
    found: dict[str, str] = {}
    for control in controls_of(page):
        if control.get("name") == name and control.tag == "select":
            found |= {one.get("value", ""): _text(one) for one in control.iter("option")}
        elif control.get("name") == name and control.get("type") in ("radio", "checkbox"):
            found[control.get("value", "")] = labels[control.get("id")]
    return found


def _text(element: Element) -> str:
    return "".join(element.itertext())


def _lines_of(answer: Element) -> tuple[str, ...]:
    """The lines between the breaks; none where it says that nothing was answered."""
    if answer.find("span") is not None:
        return ()
    return (answer.text or "", *(one.tail or "" for one in answer.findall("br")))
