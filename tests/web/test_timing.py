"""Every answer is timed by the rule of its route: no address that anybody typed reaches the metrics."""

from checked_client import CheckedClient
from flask import Flask
from form_journeys import Journey

from forms_app.language import Language
from forms_app.metrics import NO_ROUTE, exposition
from tests.foundation.test_metrics import counts


def test_routes_are_told_by_their_rule(app: Flask, client: CheckedClient) -> None:
    before = counts(exposition([]))
    Journey(client, Language.NB, "complaint").send()
    for path in ("/health", "/nb/finnes/01019012345", "/nb/skjema/status?kode=HEMMELIG"):
        app.test_client().get(path)
    text = exposition([])
    for secret in ("01019012345", "HEMMELIG", "finnes"):
        assert secret.encode() not in text
    after = counts(text)
    new = {key for key, count in after.items() if count > before.get(key, 0.0)}
    rules = {str(rule) for rule in app.url_map.iter_rules()}
    assert {route for route, unused_method, unused_status in new} <= rules | {NO_ROUTE}
    assert {("/health", "GET", "2xx"), (NO_ROUTE, "GET", "4xx")} <= new
    assert any(method == "POST" and status == "3xx" for unused_route, method, status in new)


def test_an_answer_that_failed_is_timed_too(app: Flask) -> None:
    app.add_url_rule("/fails", view_func=lambda: 1 / 0)
    assert app.test_client().get("/fails").status_code == 500
    assert counts(exposition([]))["/fails", "GET", "5xx"] >= 1


def test_so_is_one_whose_address_means_nothing(client: CheckedClient) -> None:
    client.get("/nb/skjema/status/finnes-ikke", status=404)
