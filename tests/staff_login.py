"""A real OpenID provider, and case workers who log in with it."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from checked_client import CheckedClient, Page
from flask import Flask
from people import Caseworker

from forms_app.cli.processes import free_port


@dataclass(frozen=True)
class Provider:
    """Where it answers. It lets anybody be anyone, and says of them what it was told."""

    issuer: str

    def tell(self, subject: str, **claims: Any) -> None:
        """From now on it says this of them."""
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=10).raise_for_status()

    def choose(self, authorize_url: str, **form: str) -> str:
        """Fill in the provider's page; the address it sends the browser back to."""
        answer = requests.post(authorize_url, data=form, allow_redirects=False, timeout=10)
        return answer.headers["Location"]


@contextmanager
def running_provider() -> Iterator[Provider]:
    """The demonstration's provider in a process of its own."""
    port = free_port("127.0.0.1")
    command = ["env", "AUTHLIB_INSECURE_TRANSPORT=1", sys.executable, "-m", "forms_app.cli.demo_login", str(port)]
    process = subprocess.Popen(command)
    provider = Provider(f"http://127.0.0.1:{port}")
    try:
        _wait_for(provider, process)
        yield provider
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(provider: Provider, process: subprocess.Popen[bytes]) -> None:
    for unused_try in range(300):
        assert process.poll() is None
        try:
            requests.get(f"{provider.issuer}/jwks", timeout=5).raise_for_status()
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the provider never answered")


class StaffBrowser(CheckedClient):
    """The browser of somebody who works here."""

    def __init__(self, app: Flask, provider: Provider, *, base_url: str = "http://localhost") -> None:
        super().__init__(app, base_url=base_url)
        self.provider = provider

    def log_in(self, who: Caseworker | str, *, to: str = "/staff/") -> Page:
        """The whole dance; the answer of the page where the provider sends them back to."""
        subject = who if isinstance(who, str) else who.name.lower()
        return self.come_back(self.provider.choose(self.to_provider(to), sub=subject))

    def to_provider(self, to: str = "/staff/") -> str:
        """The provider's address that logging in leads to."""
        away = self.browser.get("/staff/login", query_string={"next": to}, base_url=self.base_url)
        assert away.status_code == 302
        return away.headers["Location"]

    def come_back(self, location: str, *, status: int | None = None) -> Page:
        """What our callback answers."""
        parts = urlsplit(location)
        return self._checked(
            self.browser.get(f"{parts.path}?{parts.query}", base_url=self.base_url), "/staff/callback", status
        )


def hidden_of(page: Page, action: str) -> Mapping[str, list[str]]:
    """What the page's last form with this action carries without being seen."""
    *unused_forms, form = (one for one in page.all(".//form") if one.get("action") == action)
    found: dict[str, list[str]] = {}
    for control in form.iter("input"):
        if control.get("type") == "hidden":
            found.setdefault(control.get("name", ""), []).append(control.get("value", ""))
    return found
