"""Every staff page against every role, in one's own municipality and in another's: nobody sees more than their role."""

import re
from collections.abc import Callable, Iterator

import pytest
from checked_client import CheckedClient
from flask import Flask
from form_journeys import LEAST, reference_of
from rehearsed_journeys import Rehearsed
from staff_login import Provider, StaffBrowser, hidden_of
from werkzeug.routing import Rule

from forms_app.casework.access import Role
from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.web.staff.doors import NEEDED

OPEN = {"staff.login", "staff.callback", "staff.logout", "staff.logged_out"}
"""Pages for whoever has not logged in, and for leaving."""
OWN, OTHER = "arendal", "rudersdal"


def rules(app: Flask) -> Iterator[Rule]:
    """Every address of the staff surface that demands something."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("staff.") and rule.endpoint not in OPEN:
            yield rule


def address(rule: Rule, reference: str) -> str:
    """The rule with a real case in it; whatever else it asks for is the first one there is."""
    found = rule.rule
    for name in rule.arguments:
        found = re.sub(rf"<(\w+:)?{name}>", reference if name == "reference" else "1", found)
    assert "<" not in found, rule.rule
    return found


@pytest.fixture
def cases(app: Flask) -> dict[str, str]:
    """The reference of a complaint in each municipality."""
    return {place: _sent(app, place) for place in (OWN, OTHER)}


def _sent(app: Flask, place: str) -> str:
    trip = Rehearsed(
        browser=CheckedClient(app),
        language=Language.NB,
        form=FormKey.COMPLAINT,
        answers={**LEAST, "municipality": place},
    )
    return reference_of(trip.send())


def answers(browser: StaffBrowser, rule: Rule, reference: str) -> Iterator[tuple[str, int]]:
    """How each way of asking is answered. What is posted holds a token and nothing else."""
    url = address(rule, reference)
    assert rule.methods
    if "GET" in rule.methods:
        yield f"GET {url}", browser.get(url, status=None).status
    if "POST" in rule.methods:
        kept = hidden_of(browser.get("/staff/me"), "/staff/logout")
        yield f"POST {url}", browser.post(url, kept).status


def test_every_page_says_which_roles_it_is_for(app: Flask) -> None:
    found = {rule.endpoint for rule in rules(app)}
    assert found == set(NEEDED)
    assert all(NEEDED.values())
    assert len(found) > 2


def test_nobody_comes_in_without_logging_in(app: Flask, browser: StaffBrowser, cases: dict[str, str]) -> None:
    for rule in rules(app):
        url = address(rule, cases[OWN])
        assert rule.methods
        if "GET" in rule.methods:
            assert browser.get(url, status=303).location.startswith("/staff/login?next="), url
        if "POST" in rule.methods:
            browser.post(url, {}, status=401)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_its_own_pages_and_no_other(
    app: Flask, someone: Callable[[Role, str], StaffBrowser], cases: dict[str, str], role: Role
) -> None:
    browser = someone(role, OWN)
    for rule in rules(app):
        for asked, status in answers(browser, rule, cases[OWN]):
            if role in NEEDED[rule.endpoint]:
                assert status < 500, asked
                assert status not in (401, 403) or rule.endpoint == "staff.place", asked
            else:
                assert status == 403, (role, asked, status)


@pytest.mark.parametrize("role", list(Role))
def test_nobody_sees_a_case_of_another_municipality_nor_whether_it_exists(
    app: Flask, someone: Callable[[Role, str], StaffBrowser], cases: dict[str, str], role: Role
) -> None:
    browser = someone(role, OWN)
    for rule in rules(app):
        if "reference" not in rule.arguments:
            continue
        unknown = "ZZZZ-ZZZZ"
        others = list(answers(browser, rule, cases[OTHER]))
        assert [status for unused_url, status in others] == [403] * len(others), (role, others)
        assert [status for unused_url, status in answers(browser, rule, unknown)] == [403] * len(others), rule.rule


def test_a_role_counts_where_it_was_given_only(
    app: Flask, provider: Provider, someone: Callable[[Role, str], StaffBrowser], cases: dict[str, str]
) -> None:
    leader_elsewhere = someone(Role.UNIT_LEADER, OTHER)
    for rule in rules(app):
        if "reference" in rule.arguments:
            statuses = [status for unused_url, status in answers(leader_elsewhere, rule, cases[OWN])]
            assert statuses == [403] * len(statuses), rule.rule
