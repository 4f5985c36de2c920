"""What must hold on each page of the staff surface, at each width, by keyboard and without scripts."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Browser, Page

from forms_app.language import Language
from tests.acceptance.journeys import AT_HOME
from tests.browser.by_keyboard import skip_faults, tab_faults
from tests.browser.staff_pages import LEADER, NOBODY, StaffPage
from tests.browser.staff_portal import StaffPortal
from tests.browser.watched import accessibility_faults, sideways_scroll, watch

HEIGHT = 900
WIDE = 1280
_FRAME = """() => [
    document.documentElement.lang,
    document.querySelectorAll("main").length,
    [...document.querySelectorAll("h1")].map(one => one.innerText),
    document.title.replace(/^(Feil|Fejl): /, ""),
]"""
_STATUS = "performance.getEntriesByType('navigation')[0].responseStatus"
_OFFERED = """() => [document.querySelector("h1").innerText,
    ...[...document.querySelectorAll("main :is(a, button, input, select, textarea)")]
        .map(one => one.name || one.pathname || one.textContent.trim())]"""
_SUMMARY = """() => {
    const summary = document.querySelector(".ds-error-summary");
    if (!summary) return ["no summary of what is wrong"];
    const lost = [...summary.querySelectorAll("a")].filter(one => !document.querySelector(`main ${one.hash}`));
    return [
        ...(summary === document.activeElement ? [] : ["the focus is not on what is wrong"]),
        ...(/^(Feil|Fejl): /.test(document.title) ? [] : [`titled “${document.title}”`]),
        ...lost.map(one => `leads nowhere: ${one.hash}`),
    ];
}"""


class Walk:
    """Opens the pages of one language. For each person and municipality there is one window with scripts, and one
    without.
    """

    def __init__(self, browser: Browser, portal: StaffPortal, language: Language) -> None:
        self._browser, self._portal, self._language = browser, portal, language
        self._windows: dict[tuple[str, str, bool, bool], tuple[Page, list[str]]] = {}
        self._closing = ExitStack()

    def close(self) -> None:
        """Close every window."""
        self._closing.close()

    def faults(self, one: StaffPage, *, widths: Sequence[int], by_tab: Sequence[int]) -> list[str]:
        """All that is wrong with the page, a line each."""
        with self._opened(one) as (page, found):
            found += self._frame_faults(page)
            if one.status == 422:
                found += page.evaluate(_SUMMARY)
            offered = page.evaluate(_OFFERED)
            for width in widths:
                page.set_viewport_size({"width": width, "height": HEIGHT})
                found += [f"{width} px: {fault}" for fault in accessibility_faults(page) + sideways_scroll(page)]
                if width in by_tab:
                    found += [f"{width} px by keyboard: {fault}" for fault in tab_faults(page)]
        return [f"{one.name} {self._language}: {fault}" for fault in found] + self._without_scripts(one, offered)

    def kind_of(self, address: str) -> str:
        """The media type that an address answers with."""
        place = AT_HOME[self._language][0]
        page, unused_complaints = self._window(LEADER, place, True, True)
        answer = page.request.get(address.format(**self._portal.cases[place]))
        assert answer.ok, (address, answer.status)
        return answer.headers["content-type"]

    def _without_scripts(self, one: StaffPage, offered: list[str]) -> list[str]:
        with self._opened(one, scripts=False) as (page, found):
            if page.evaluate(_OFFERED) != offered:
                found.append("offers something else")
            if not one.act and not page.locator("[autofocus]").count():
                found += skip_faults(page)
        return [f"{one.name} {self._language} without scripts: {fault}" for fault in found]

    @contextmanager
    def _opened(self, one: StaffPage, *, scripts: bool = True) -> Iterator[tuple[Page, list[str]]]:
        """The page in its state, and a list for what is wrong with it."""
        place = one.place or AT_HOME[self._language][0]
        page, complaints = self._window(one.who, place, one.has_key, scripts)
        page.set_viewport_size({"width": WIDE, "height": HEIGHT})
        page.goto(one.address.format(**self._portal.cases.get(place, {})))
        if one.act:
            one.act(page)
        status = page.evaluate(_STATUS)
        found = [] if status == one.status else [f"answers {status}"]
        yield page, found
        found += [fault for fault in complaints if status < 500 or str(status) not in fault]
        complaints.clear()

    def _window(self, who: str, place: str, has_key: bool, scripts: bool) -> tuple[Page, list[str]]:
        known = self._windows.get((who, place, has_key, scripts))
        if known:
            return known
        root = self._portal.root if has_key else self._portal.keyless
        context = self._browser.new_context(base_url=root, java_script_enabled=scripts, locale=self._language)
        self._closing.callback(context.close)
        if who != NOBODY:
            context.add_cookies([self._portal.cookie(who, place)])  # type: ignore[list-item]  # a plain dictionary
        window = (context.new_page(), watch(context, root))
        self._windows[who, place, has_key, scripts] = window
        return window

    def _frame_faults(self, page: Page) -> list[str]:
        language, mains, headings, title = page.evaluate(_FRAME)
        faults = [] if language == self._language else [f"says that it speaks {language}"]
        if mains != 1 or len(headings) != 1 or not title.startswith(headings[0]):
            faults.append(f"frame: {mains} main, headings {headings}, title “{title}”")
        return faults
