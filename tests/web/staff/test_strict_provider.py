"""The login against a certified provider, which, unlike the demonstration's, checks the challenge and names itself."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import sqlalchemy as sa
from flask import Flask
from staff_login import Provider, StaffBrowser, hidden_of

from forms_app.cli.demo_staff import hire
from forms_app.cli.processes import free_port
from forms_app.settings import Settings

FOLDER = Path(__file__).parents[2] / "provider"
CALLBACK = "http://localhost/staff/callback"


@pytest.fixture(scope="module")
def strict() -> Iterator[str]:
    """Its address."""
    assert (FOLDER / "node_modules").is_dir(), "make test installs it"
    port = free_port("127.0.0.1")
    command = ["node", "provider.mjs", str(port), CALLBACK, "http://localhost/staff/logged-out"]
    process = subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout
    while process.stdout.readline() != "ready\n":
        assert process.poll() is None
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)
    process.stdout.close()


@pytest.fixture
def browser(
    make_app: Callable[[Settings], Flask], settings: Settings, staff_database: sa.Engine, strict: str
) -> StaffBrowser:
    """One that has not logged in yet, of a portal that demands a high level."""
    assert settings.login
    hire(staff_database, strict, frozenset({"arendal", "kristiansand"}))
    strictly = replace(settings, login=replace(settings.login, issuer=strict, levels=("high",)))
    return StaffBrowser(make_app(strictly), Provider(strict))


def come_as(user: str, authorize_url: str) -> str:
    """Say at the provider who one is; the address it sends the browser back to."""
    with requests.Session() as session:
        asked = session.get(authorize_url, allow_redirects=False, timeout=10)
        issuer = authorize_url.partition("/auth?")[0]
        answer = session.get(f"{issuer}{asked.headers['Location']}?user={user}", allow_redirects=False, timeout=10)
        while not answer.headers["Location"].startswith(CALLBACK):
            answer = session.get(answer.headers["Location"], allow_redirects=False, timeout=10)
    location: str = answer.headers["Location"]
    return location


def test_one_logs_in_and_out(browser: StaffBrowser, strict: str) -> None:
    assert browser.come_back(come_as("ingrid", browser.to_provider())).location == "/staff/"
    page = browser.get("/staff/me")
    assert page.heading == "Ingrid Solberg"
    sent = browser.post("/staff/logout", hidden_of(page, "/staff/logout"), status=303)
    assert sent.location.startswith(f"{strict}/session/end?id_token_hint=")
    asked = requests.get(sent.location, timeout=10)
    assert asked.status_code == 200
    assert browser.get("/staff/me", status=303)


def test_a_code_that_was_stolen_is_worth_nothing_without_the_verifier(browser: StaffBrowser) -> None:
    location = come_as("ingrid", browser.to_provider())
    state = parse_qs(urlsplit(location).query)["state"][0]
    with browser.browser.session_transaction(base_url=browser.base_url) as session:
        session[f"_state_provider_{state}"]["data"]["code_verifier"] = "x" * 48
        session.modified = True
    assert browser.come_back(location).status == 403
    assert browser.get("/staff/me", status=303)


def test_an_answer_in_another_providers_name_is_not_believed(browser: StaffBrowser) -> None:
    location = come_as("ingrid", browser.to_provider())
    assert "&iss=" in location
    forged = location.partition("&iss=")[0] + "&iss=https%3A%2F%2Fevil.example"
    assert browser.come_back(forged).status == 403
