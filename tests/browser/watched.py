"""What must hold on every page a browser shows: nothing blocked or broken, no rule of accessibility broken, no
sideways scroll."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

WIDTHS = (1280, 390, 320)
_AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_EXPECTED = (
    # A page of ours that answers 404, 409, 413 or 422; other answers are looked at apart from this.
    "Failed to load resource: the server responded with a status of 4",
    # A test that goes on at once is quicker than the first drawing, and a browser takes the focus from nobody.
    "Autofocus processing was blocked because a document already has a focused element.",
)
_OVERFLOW = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > innerWidth + 0.5)
    .map(one => `${innerWidth} px: ${one.outerHTML.slice(0, 120)}`).slice(0, 3)"""


def watch(context: BrowserContext, root: str) -> list[str]:
    """A list that fills with console messages, exceptions, failed requests and requests to others. Its pages are ready
    for `accessibility_faults`.
    """
    faults: list[str] = []
    # Given once, it is compiled once; given to each page, that takes as long as looking at the page.
    context.add_init_script(path=_AXE)

    def printed(message: ConsoleMessage) -> None:
        if not message.text.startswith(_EXPECTED):
            faults.append(f"console: {message.text}")

    def failed(request: Request) -> None:
        # Going on before a page has all its pictures is no fault.
        if request.failure != "net::ERR_ABORTED":
            faults.append(f"failed: {request.url} {request.failure}")

    def answered(response: Response) -> None:
        # A script may ask for a page as well: a file that is refused is answered with 422.
        is_page = response.request.resource_type in ("document", "xhr")
        if response.status >= 500 or (response.status >= 400 and not is_page):
            faults.append(f"{response.status}: {response.url}")

    def asked(request: Request) -> None:
        url = urlsplit(request.url)
        if f"{url.scheme}://{url.netloc}" != root and url.scheme != "data":
            faults.append(f"elsewhere: {request.url}")

    context.on("console", printed)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("requestfailed", failed)
    context.on("response", answered)
    context.on("request", asked)
    return faults


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds, a line for each element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", _RULES)[
        "violations"
    ]
    return [f"{one['id']} ({one['help']}): {node['html'][:200]}" for one in found for node in one["nodes"]]


def sideways_scroll(page: Page) -> list[str]:
    """What makes the page scroll sideways at the present width."""
    found: list[str] = page.evaluate(_OVERFLOW)
    return found


def sideways_scroll_at_any_width(page: Page) -> list[str]:
    """What is wider than the window, at the width of a desk, of a phone, and of 400 % zoom."""
    faults = []
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        faults += sideways_scroll(page)
    if before:
        page.set_viewport_size(before)
    return faults


def check(page: Page) -> list[str]:
    """All of it, with the page's address."""
    found = accessibility_faults(page) + sideways_scroll_at_any_width(page)
    return [f"{urlsplit(page.url).path} “{page.title()}”: {one}" for one in found]
