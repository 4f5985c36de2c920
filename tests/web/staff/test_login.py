"""Logging in with a real provider: who comes in, who does not, for how long, and what is never lost meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from movable_clock import MovableClock
from staff_login import Provider, StaffBrowser, hidden_of

from forms_app.casework.access import Role
from forms_app.clock import utc_now
from forms_app.settings import Settings
from forms_app.storage import audit
from forms_app.storage.engine import reading
from forms_app.storage.staff import members


def is_out(browser: StaffBrowser) -> bool:
    answer = browser.browser.get("/staff/me")
    assert answer.status_code in (200, 303)
    return answer.status_code == 303


def deeds(database: sa.Engine) -> list[tuple[str, str]]:
    with reading(database) as connection:
        return [(entry.action, entry.subject) for entry in audit.entries(connection) if entry.actor[:6] == "staff:"]


def test_the_provider_is_asked_with_a_challenge_a_state_and_a_nonce(browser: StaffBrowser) -> None:
    asked = parse_qs(urlsplit(browser.to_provider()).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://localhost/staff/callback"]
    assert asked["response_type"] == ["code"]
    assert all(len(asked[name][0]) >= 20 for name in ("code_challenge", "state", "nonce"))


def test_who_logs_in_comes_to_the_page_they_asked_for(browser: StaffBrowser) -> None:
    page = browser.get("/staff/?page=2", status=303)
    wanted = parse_qs(urlsplit(page.location).query)["next"][0]
    assert browser.log_in("ingrid", to=wanted).location == "/staff/?page=2"
    assert browser.get("/staff/me").heading == "Ingrid Solberg"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/staff/", "/staff/\\evil", "/nb/", "javascript:alert(1)"]
)
def test_logging_in_leads_nowhere_else(browser: StaffBrowser, elsewhere: str) -> None:
    assert browser.log_in("ingrid", to=elsewhere).location == "/staff/"


def test_a_stranger_is_told_that_nobody_has_let_them_in(browser: StaffBrowser) -> None:
    page = browser.log_in("fremmed")
    assert page.status == 403
    assert "fremmed" in page.main
    assert is_out(browser)


def test_who_logs_in_at_too_low_a_level_stays_out(
    make_app: Callable[[Settings], Flask], settings: Settings, staff_database: sa.Engine, provider: Provider
) -> None:
    assert settings.login
    strict = replace(settings, login=replace(settings.login, levels=("high",)))
    browser = StaffBrowser(make_app(strict), provider)
    assert parse_qs(urlsplit(browser.to_provider()).query)["acr_values"] == ["high"]
    provider.tell("ingrid", name="Ingrid Solberg", acr="low")
    assert browser.log_in("ingrid").status == 403
    assert is_out(browser)
    provider.tell("ingrid", name="Ingrid Solberg", acr="high")
    assert browser.log_in("ingrid").status == 303
    assert not is_out(browser)


def test_who_changes_their_mind_at_the_provider_is_told_how_to_try_again(browser: StaffBrowser) -> None:
    page = browser.come_back(browser.provider.choose(browser.to_provider(), action="deny"))
    assert page.status == 403
    assert page.one(".//main//a").get("href") == "/staff/"


def test_an_answer_that_nobody_asked_for_is_not_believed(app: Flask, browser: StaffBrowser) -> None:
    location = browser.provider.choose(browser.to_provider(), sub="ingrid")
    stranger = StaffBrowser(app, browser.provider)
    assert stranger.come_back(location).status == 403
    assert is_out(stranger)
    assert browser.come_back("/staff/callback?code=x&state=y").status == 403
    assert browser.come_back("/staff/callback").status == 403
    assert is_out(browser)


def test_a_code_cannot_be_used_twice(browser: StaffBrowser) -> None:
    location = browser.provider.choose(browser.to_provider(), sub="ingrid")
    assert browser.come_back(location).status == 303
    assert browser.come_back(location).status == 403


def test_when_the_provider_is_away_the_page_says_so(
    make_app: Callable[[Settings], Flask], settings: Settings, staff_database: sa.Engine, provider: Provider
) -> None:
    assert settings.login
    away = replace(settings, login=replace(settings.login, issuer="http://127.0.0.1:9"))
    page = StaffBrowser(make_app(away), provider).get("/staff/login", status=503)
    assert page.all(".//main//a")


def test_after_half_an_hour_without_a_click_one_is_out(ingrid: StaffBrowser, clock: MovableClock) -> None:
    clock.move(minutes=29)
    assert not is_out(ingrid)
    clock.move(minutes=29)
    assert not is_out(ingrid)
    clock.move(minutes=31)
    assert is_out(ingrid)


def test_after_ten_hours_one_is_out_however_busy(ingrid: StaffBrowser, clock: MovableClock) -> None:
    for unused_click in range(24):
        clock.move(minutes=25)
        assert not is_out(ingrid)
    clock.move(minutes=1)
    assert is_out(ingrid)


def test_what_was_typed_while_the_session_ran_out_is_sent_after_logging_in(
    ingrid: StaffBrowser, clock: MovableClock
) -> None:
    clock.move(hours=1)
    page = ingrid.post(
        "/staff/place", {"municipality": ["kristiansand"], "note": ["To linjer\nmed <tekst>"]}, status=401
    )
    kept = hidden_of(page, "/staff/place")
    assert kept["municipality"] == ["kristiansand"]
    assert kept["note"] == ["To linjer\nmed <tekst>"]
    assert "med <tekst>" in page.main
    ingrid.log_in("ingrid")
    assert ingrid.post("/staff/place", kept, status=303).location == "/staff/"


def test_who_logs_out_is_out_here_and_at_the_provider(ingrid: StaffBrowser, database: sa.Engine) -> None:
    cookie = ingrid.cookie("staff")
    assert cookie
    sent = ingrid.post("/staff/logout", _token_of(ingrid), status=303)
    asked = parse_qs(urlsplit(sent.location).query)
    assert sent.location.startswith(f"{ingrid.provider.issuer}/")
    assert asked["post_logout_redirect_uri"] == ["http://localhost/staff/logged-out"]
    assert asked["id_token_hint"][0].count(".") == 2
    ingrid.browser.set_cookie("staff", cookie)
    assert is_out(ingrid)
    assert deeds(database) == [("logged in", "arendal"), ("logged out", "arendal")]


def test_whose_role_is_taken_is_out_at_the_next_click(ingrid: StaffBrowser, staff_database: sa.Engine) -> None:
    with staff_database.begin() as connection:
        member = members.by_login(connection, ingrid.provider.issuer, "ingrid")
        assert member
        members.remove(connection, member.id, now=utc_now())
    assert is_out(ingrid)
    assert ingrid.log_in("ingrid").status == 403


def test_the_database_holds_nothing_that_logs_anybody_in(ingrid: StaffBrowser, settings: Settings) -> None:
    cookie = ingrid.cookie("staff")
    assert cookie
    for file in settings.data.rglob("*"):
        if file.is_file():
            assert cookie.encode() not in file.read_bytes()


def test_one_works_for_one_municipality_at_a_time_and_only_for_ones_own(ingrid: StaffBrowser) -> None:
    kept = _token_of(ingrid)
    assert "Arendal" in ingrid.get("/staff/me").title
    ingrid.post("/staff/place", {**kept, "municipality": ["kristiansand"]}, status=303)
    assert "Kristiansand" in ingrid.get("/staff/me").title
    ingrid.post("/staff/place", {**kept, "municipality": ["rudersdal"]}, status=403)
    ingrid.post("/staff/place", {**kept, "municipality": ["nowhere"]}, status=403)
    assert "Kristiansand" in ingrid.get("/staff/me").title


def test_outside_the_demonstration_the_cookie_travels_over_https_only(
    make_app: Callable[[Settings], Flask], settings: Settings, staff_database: sa.Engine, provider: Provider
) -> None:
    real = replace(settings, deployment=replace(settings.deployment, demo=False))
    browser = StaffBrowser(make_app(real), provider, base_url="https://localhost")
    page = browser.log_in("ingrid")
    (cookie,) = [one for one in page.cookies if "staff=" in one]
    assert cookie.startswith("__Host-staff=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}


def test_a_post_from_another_site_changes_nothing(ingrid: StaffBrowser) -> None:
    page = ingrid.post("/staff/place", {"municipality": ["kristiansand"]}, status=400)
    ingrid.post("/staff/logout", {}, status=400)
    assert "Arendal" in ingrid.get("/staff/me").title
    ingrid.post("/staff/place", hidden_of(page, "/staff/place"), status=303)
    assert "Kristiansand" in ingrid.get("/staff/me").title


def test_what_one_may_do_and_where_is_told(someone: Callable[[Role, str], StaffBrowser]) -> None:
    assert someone(Role.AUDITOR, "arendal").get("/staff/me").words(".//main//li") == ["Arendal: Revisor"]


def _token_of(browser: StaffBrowser) -> dict[str, list[str]]:
    page = browser.get("/staff/me")
    return dict(hidden_of(page, "/staff/logout"))
