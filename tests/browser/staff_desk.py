"""What a browser holds of somebody who has logged in to the staff pages."""

from typing import Any

from playwright.sync_api import Browser


def logged_in_as(chromium: Browser, root: str, who: str, page_of_theirs: str) -> Any:
    """The state of a context after logging in through the provider's page, which is not ours to judge."""
    context = chromium.new_context(base_url=root)
    page = context.new_page()
    page.goto(page_of_theirs)
    page.locator("input[name=sub]").fill(who)
    page.locator("button[type=submit]").first.click()
    page.wait_for_url(f"**{page_of_theirs}")
    state = context.storage_state()
    context.close()
    return state
