"""The auditor's page in a browser: at every width, by keyboard, and as a file."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.running_portal import RunningPortal
from tests.browser.conftest import OpenPage
from tests.browser.staff_desk import logged_in_as

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("audit")]


@pytest.fixture(scope="module")
def logged_in(chromium: Browser, portal_in_browser: RunningPortal) -> Any:
    """What Per Vik's browser holds after logging in."""
    return logged_in_as(chromium, portal_in_browser.root, "revisor", "/staff/audit")


@pytest.fixture
def auditor(open_page: OpenPage, logged_in: Any) -> Page:
    """His screen, with the trail on it."""
    page = open_page(storage_state=logged_in)
    page.goto("/staff/audit")
    return page


def test_it_is_narrowed_down_with_the_keyboard_and_taken_out(auditor: Page, tmp_path: Path) -> None:
    auditor.locator("#action").focus()
    auditor.locator("#action").select_option("logged in")
    auditor.locator(".audit-filter button").press("Enter")
    expect(auditor.locator("tbody tr").first).to_contain_text("Logget inn")
    with auditor.expect_download() as download:
        auditor.locator("form[action='/staff/audit.csv'] button").press("Enter")
    download.value.save_as(tmp_path / "audit.csv")
    assert "Logget inn" in (tmp_path / "audit.csv").read_text("utf-8-sig")
    auditor.goto("/staff/audit")
    expect(auditor.locator("tbody tr").first).to_contain_text("Tok ut hendelsesloggen")
