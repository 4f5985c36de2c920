"""A whole case in a browser, from the application to the erased tombstone, under the law of each country. The citizen's
page is right at every step."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.settings import REPOSITORY
from forms_app.web.addresses import STATUS
from tests.acceptance.journeys import Journey, journey
from tests.acceptance.running_portal import RunningPortal, wait_for
from tests.browser.conftest import OpenPage
from tests.browser.filling_in import press, send
from tests.browser.staff_desk import logged_in_as
from tests.unlimited import UNLIMITED

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("whole case")]

RULES = "".join(
    f'\n[[retention]]\nform = "{form}"\noutcome = "{outcome}"\ndays = 0\n'
    for form in ("application", "complaint")
    for outcome in ("answered", "closed")
)
NOT_LATE = {f"received_date-{part}": [""] for part in ("day", "month", "year")}
SAID = {
    Language.NB: {
        "taken": "En saksbehandler arbeider med",
        "documents": "Kommunen trenger flere dokumenter",
        "answered": "Kommunen sendte svaret som brev",
        "kept": "holder fast ved avgjørelsen",
        "forwarded": "sendt",
    },
    Language.DA: {
        "taken": "En sagsbehandler arbejder med",
        "documents": "Kommunen har brug for flere dokumenter",
        "answered": "Kommunen sendte svaret som brev",
        "kept": "holder fast ved afgørelsen",
        "forwarded": "sendt",
    },
}
"""A part of what stands on the citizen's page after each step."""


@pytest.fixture(scope="module")
def portal_in_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """A portal where a case can be erased as soon as it is proven that it is kept elsewhere."""
    folder = tmp_path_factory.mktemp("whole-case")
    shipped = (REPOSITORY / "portal.toml").read_text("utf-8")
    (folder / "portal.toml").write_text(shipped + RULES, "utf-8")
    portal = RunningPortal(folder, settings={**UNLIMITED, "PORTAL_CONFIG": str(folder / "portal.toml")}).start()
    yield portal
    portal.end()


@pytest.fixture(scope="module")
def logged_in(chromium: Browser, portal_in_browser: RunningPortal) -> Any:
    """What the leader's browser holds after logging in."""
    return logged_in_as(chromium, portal_in_browser.root, "leder", "/staff/inbox")


@pytest.mark.parametrize("language", [Language.NB, Language.DA])
def test_a_case_goes_its_whole_way(open_page: OpenPage, logged_in: Any, language: Language) -> None:
    citizen, staff = open_page(), open_page(storage_state=logged_in)
    application = journey(FormKey.APPLICATION, language)
    complaint = journey(FormKey.COMPLAINT, language).answering(**NOT_LATE)
    said = SAID[language]

    case = f"/staff/case/{send(citizen, application)}"
    _work_for(staff, application.municipality)
    staff.goto("/staff/inbox")
    press(staff, f"a[href='{case}']")
    press(staff, "button[name=to][value=me]")
    _say(staff, case, "in_progress")
    _reads(citizen, application, said["taken"])
    _say(staff, case, "waiting_for_citizen", text="documents")
    _reads(citizen, application, said["documents"])
    _say(staff, case, "answered", by="letter")
    _reads(citizen, application, said["answered"])

    complained = f"/staff/case/{send(citizen, complaint)}"
    staff.goto(f"{complained}/complaint")
    staff.locator("[name=outcome][value=not_upheld]").check()
    staff.locator("[name=by][value=letter]").check()
    _today(staff)
    press(staff, "main form .actions button")
    _reads(citizen, complaint, said["kept"])
    _today(staff)
    press(staff, "main form .actions button")
    _reads(citizen, complaint, said["forwarded"])

    for one in (case, complained):
        _hand_over(staff, one)
    _say(staff, complained, "closed")
    _erase(staff, [one.rpartition("/")[2] for one in (case, complained)])
    staff.goto(case)
    assert application.answers["situation"][0] not in staff.locator("main").inner_text()
    _reads(citizen, application, said["answered"])


def _work_for(staff: Page, municipality: str) -> None:
    staff.goto("/staff/me")
    staff.locator("#place").select_option(municipality)
    press(staff, "form[action='/staff/place'] button")


def _say(staff: Page, case: str, status: str, *, text: str = "", by: str = "") -> None:
    staff.goto(case)
    form = "form[action$='/status']"
    staff.locator(f"{form} [name=status]").select_option(status)
    if text:
        staff.locator(f"{form} [name=text]").select_option(text)
    if by:
        _today(staff)
        staff.locator(f"{form} [name=by]").select_option(by)
    press(staff, f"{form} button")


def _today(staff: Page) -> None:
    today = date.today()
    for part, number in (("day", today.day), ("month", today.month), ("year", today.year)):
        staff.locator(f"[name=on-{part}]").fill(str(number))


def _reads(citizen: Page, trip: Journey, words: str) -> None:
    citizen.goto(trip.start + STATUS[trip.language])
    expect(citizen.locator("main")).to_contain_text(words)


def _hand_over(staff: Page, case: str) -> None:
    staff.goto(f"{case}/hand-over")
    with staff.expect_download() as download:
        staff.locator(f"a[href='{case}/whole.zip']").click()
    assert download.value.path().stat().st_size > 1000
    staff.goto(f"{case}/hand-over")
    staff.locator("[name=sha256]").first.check()
    press(staff, "main form button")
    expect(staff.locator("main li code")).to_be_visible()


def _erase(staff: Page, references: list[str]) -> None:
    """The worker may still be handing them over."""

    def all_can_be_erased() -> bool:
        staff.goto("/staff/retention")
        return all(staff.locator(f"[name=reference][value='{one}']").count() for one in references)

    wait_for(all_can_be_erased, "the hand-overs are finished", pause=0.5)
    for one in references:
        staff.locator(f"[name=reference][value='{one}']").check()
    press(staff, "main form button[type=submit]")
    expect(staff.locator("[role=status]")).to_be_visible()
