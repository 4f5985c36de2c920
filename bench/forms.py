"""`make bench`: how heavy the pages of the forms are, and how long the portal takes to answer.

It starts a portal of its own over an empty folder, with the limits out of the way, and prints what it measured as
Markdown. Nothing fails by it: numbers from a busy machine are no fault of the code.
"""

import argparse
import gzip
import os
import platform
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, Response, sync_playwright

from forms_app.forms.definition import FormKey
from tests.acceptance.http_citizen import HTTPCitizen
from tests.acceptance.journeys import journey
from tests.acceptance.running_portal import RunningPortal
from tests.browser.chromium import launch
from tests.browser.filling_in import path_of, send

_SETTLED_MILLISECONDS = 400
"""The browser asks for the icon of the window last of all."""


@dataclass(frozen=True, kw_only=True, order=True)
class Weight:
    """What a browser that has never been here fetches to show one page, without the font."""

    gzipped: int
    sent: int
    requests: int
    font: int


def _weigh(page: Page) -> Weight:
    answers: dict[str, Response] = {}

    def note(answer: Response) -> None:
        # A file that a page names twice is fetched once.
        answers.setdefault(answer.url, answer)

    page.wait_for_timeout(_SETTLED_MILLISECONDS)
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.on("response", note)
    page.goto(page.url.partition("#")[0])
    page.wait_for_timeout(_SETTLED_MILLISECONDS)
    page.remove_listener("response", note)
    fonts = [one for one in answers.values() if one.url.endswith(".woff2")]
    others = [one for one in answers.values() if one not in fonts]
    return Weight(
        gzipped=sum(len(gzip.compress(one.body())) for one in others),
        sent=sum(one.request.sizes()["responseBodySize"] for one in others),
        requests=len(others),
        font=sum(one.request.sizes()["responseBodySize"] for one in fonts),
    )


def _kind(page: Page, trip_start: str) -> str:
    if page.locator(".receipt").count():
        return "receipt"
    if page.locator("input[type=file]").count():
        return "page that takes files"
    if path_of(page) == trip_start:
        return "first page"
    return "page of questions" if page.locator("#questions").count() else "review"


def weights(portal: RunningPortal) -> dict[str, Weight]:
    """The heaviest of each kind among all pages of all forms, in Bokmål."""
    heaviest: dict[str, Weight] = {}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for form in FormKey:
            trip = journey(form)
            page = browser.new_context(base_url=portal.root).new_page()

            def look(page: Page, start: str = trip.start) -> None:
                kind, weight = _kind(page, start), _weigh(page)
                heaviest[kind] = max(weight, heaviest.get(kind, weight))

            send(page, trip, look=look)
            page.goto(trip.start + "status")
            heaviest["status"] = max(weight := _weigh(page), heaviest.get("status", weight))
        browser.close()
    return heaviest


def _several(clients: int, work: Callable[[list[float]], None]) -> list[float]:
    """The seconds that each piece of work took, done by so many at once."""
    taken: list[float] = []
    threads = [threading.Thread(target=work, args=(taken,)) for unused_turn in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def _timed(taken: list[float], act: Callable[[], object]) -> None:
    began = time.perf_counter()
    act()
    taken.append(time.perf_counter() - began)


def answers(portal: RunningPortal, requests: int) -> Iterator[tuple[str, int, list[float]]]:
    """What was asked, by how many at once, and the seconds each answer took."""
    trip = journey(FormKey.COMPLAINT)
    step = trip.start + "kontakt"

    def reads(taken: list[float]) -> None:
        citizen = HTTPCitizen(portal.port, trip)
        citizen.fill_in()
        for unused_turn in range(requests):
            _timed(taken, lambda: citizen.get(step))

    def saves(taken: list[float]) -> None:
        citizen = HTTPCitizen(portal.port, trip)
        citizen.fill_in()
        for unused_turn in range(requests):
            page = citizen.get(step)
            _timed(taken, lambda page=page: citizen.answer(page))

    def sends(taken: list[float]) -> None:
        for unused_turn in range(max(1, requests // 10)):
            citizen = HTTPCitizen(portal.port, trip)
            review = citizen.fill_in()
            _timed(taken, lambda citizen=citizen, review=review: citizen.answer(review))

    for clients in (1, 4):
        yield "GET a page of questions", clients, _several(clients, reads)
        yield "POST it, and the next page", clients, _several(clients, saves)
        yield "POST the review, and the receipt", clients, _several(clients, sends)


def a_whole_form(portal: RunningPortal, forms: int) -> float:
    """Processor seconds for one form from its first page to the receipt, and its delivery."""
    before = portal.processor_seconds()
    for unused_turn in range(forms):
        HTTPCitizen(portal.port, journey(FormKey.COMPLAINT)).send()
    return (portal.processor_seconds() - before) / forms


def _at(share: float, taken: Sequence[float]) -> str:
    return f"{sorted(taken)[min(len(taken) - 1, int(share * len(taken)))] * 1000:.0f} ms"


def report(portal: RunningPortal, requests: int) -> Iterator[str]:
    """The lines to print, as they become known."""
    load = os.getloadavg()[0]
    yield f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}), load {load:.1f}\n"
    yield "| first view of | gzip | as the portal sends it | requests | font, apart |"
    yield "|---|---|---|---|---|"
    for kind, weight in weights(portal).items():
        sizes = f"{weight.gzipped / 1000:.1f} kB | {weight.sent / 1000:.1f} kB"
        yield f"| {kind} | {sizes} | {weight.requests} | {weight.font / 1000:.0f} kB |"
    yield "\n| answer | clients | number | p50 | p99 |"
    yield "|---|---|---|---|---|"
    for what, clients, taken in answers(portal, requests):
        yield f"| {what} | {clients} | {len(taken)} | {_at(0.5, taken)} | {_at(0.99, taken)} |"
    yield f"\nProcessor time of a whole form, first page to receipt and delivery: {a_whole_form(portal, 20):.2f} s"


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200, help="by each client")
    requests = parser.parse_args().requests
    with tempfile.TemporaryDirectory() as folder:
        portal = RunningPortal(Path(folder)).start()
        try:
            for line in report(portal, requests):
                print(line, flush=True)
        finally:
            portal.end()


if __name__ == "__main__":
    main()
