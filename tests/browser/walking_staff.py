"""What must hold on each page of the staff surface, at each width, by keyboard and without scripts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page

from forms_app.language import Language
from tests.acceptance.journeys import AT_HOME
from tests.browser.by_keyboard import skip_faults, tab_faults
from tests.browser.staff_pages import NOBODY, StaffPage
from tests.browser.staff_portal import StaffPortal
from tests.browser.watched import accessibility_faults, sideways_scroll, watch

HEIGHT = 900
_FRAME = """() => [
    document.documentElement.lang,
    document.querySelectorAll("main").length,
    [...document.querySelectorAll("h1")].map(one => one.innerText),
    document.title.replace(/^(Feil|Fejl): /, ""),
]"""
_OFFERED = """() => [document.querySelector("h1").innerText,
    ...[...document.querySelectorAll("main :is(a, button, input, select, textarea)")]
        .filter(one => one.checkVisibility()).map(one => one.name || one.innerText || one.href)]"""


@dataclass
class Walk:
    """Opens the pages of one language in one browser. Logs in once for each person and municipality."""

    browser: Browser
    portal: StaffPortal
    language: Language

    def __post_init__(self) -> None:
        self._cookies: dict[tuple[str, str], dict[str, str]] = {}

    def faults(self, one: StaffPage, *, widths: tuple[int, ...], by_tab: tuple[int, ...]) -> list[str]:
        """All that is wrong with the page, a line each."""
        with self._opened(one, widths[0]) as page:
            found = self._frame_faults(page)
            for width in widths:
                page.set_viewport_size({"width": width, "height": HEIGHT})
                found += [f"{width} px: {fault}" for fault in accessibility_faults(page) + sideways_scroll(page)]
            for width in by_tab:
                page.set_viewport_size({"width": width, "height": HEIGHT})
                found += [f"{width} px by keyboard: {fault}" for fault in tab_faults(page)]
            offered = page.evaluate(_OFFERED)
        with self._opened(one, widths[0], scripts=False) as page:
            if page.evaluate(_OFFERED) != offered:
                found.append("offers something else without scripts")
            if not one.act:
                found += skip_faults(page)
        return [f"{one.name} {self.language}: {fault}" for fault in found]

    @contextmanager
    def _opened(self, one: StaffPage, width: int, *, scripts: bool = True) -> Iterator[Page]:
        root = self.portal.root if one.has_key else self.portal.keyless
        place = one.place or AT_HOME[self.language][0]
        context = self.browser.new_context(
            base_url=root, java_script_enabled=scripts, viewport={"width": width, "height": HEIGHT}
        )
        faults = watch(context, root)
        self._log_in(context, one.who, place)
        page = context.new_page()
        answers = []
        page.on("response", lambda answer: answers.append(answer.status) if answer.request.is_navigation_request() else None)
        page.goto(one.address.format(**self.portal.cases.get(place, {})))
        if one.act:
            one.act(page)
        assert answers[-1] == one.status, (one.name, self.language, answers)
        yield page
        context.close()
        expected = [f"{one.status}: "] if one.status >= 500 else []
        assert [fault for fault in faults if not fault.startswith(tuple(expected) or ("\0",))] == [], one.name

    def _log_in(self, context: BrowserContext, who: str, place: str) -> None:
        if who == NOBODY:
            return
        if (who, place) not in self._cookies:
            self._cookies[who, place] = self.portal.cookie(who, place)
        context.add_cookies([self._cookies[who, place]])  # type: ignore[list-item]  # a dictionary is one to mypy too

    def _frame_faults(self, page: Page) -> list[str]:
        language, mains, headings, title = page.evaluate(_FRAME)
        faults = [] if language == self.language else [f"says that it speaks {language}"]
        if mains != 1 or len(headings) != 1 or not title.startswith(headings[0]):
            faults.append(f"frame: {mains} main, headings {headings}, title “{title}”")
        return faults
