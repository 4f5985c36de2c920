"""Starts Debian's Chromium, which is never downloaded: the build without a window, which opens a page in a third of
the time.
"""

from playwright.sync_api import Browser, Playwright

_QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--disable-gpu",
]


def launch(playwright: Playwright) -> Browser:
    """A browser without a window; no sandbox, for tests run as root in containers."""
    return playwright.chromium.launch(executable_path="/usr/bin/chromium-headless-shell", args=_QUIET)
