"""Who may see which page, and where everyone else is led."""

import uuid

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient
from flask import Flask
from form_journeys import Journey, fields_of, reference_of

from forms_app.language import Language, gettext, use
from forms_app.masthead import form_url
from forms_app.storage.engine import reading
from forms_app.storage.tables import draft_files, draft_steps, drafts, submissions


def counts(database: sa.Engine) -> list[int]:
    """How much of anything a citizen can make there is."""
    with reading(database) as connection:
        return [
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (drafts, draft_steps, draft_files, submissions)
        ]


@pytest.mark.parametrize(
    "url",
    [
        "/nb/skema/soknad/",
        "/da/skjema/anmodning/",
        "/nb/skjema/anmodning/",
        "/nn/skjema/soknad/se-over",
        "/da/skema/klage/om-deg",
        "/nb/skjema/finnes-ikke/",
        "/nn/skjema/soknad/finst-ikkje",
        "/da/findes-ikke",
        "/sv/skjema/soknad/",
        "/finnes-ikke",
    ],
)
def test_an_unknown_page_says_so_in_the_language_of_its_address(client: CheckedClient, url: str) -> None:
    page = client.get(url, status=404)
    with use(Language(page.one(".").get("lang", ""))):
        assert page.heading == gettext("This page does not exist")


def test_an_address_without_a_language_is_answered_in_all_three(client: CheckedClient) -> None:
    page = client.get("/finnes-ikke", status=404)
    assert [one.get("lang") for one in page.all(".//section")] == list(Language)


@pytest.mark.parametrize("slug", ["kommune", "om-deg", "vedlegg", "se-over", "kvittering", "kode"])
def test_without_a_draft_every_page_leads_to_the_start(client: CheckedClient, slug: str) -> None:
    assert client.get(f"/nb/skjema/soknad/{slug}", status=303).location == "/nb/skjema/soknad/"


@pytest.mark.parametrize("slug", ["om-deg", "om-barnet", "behov", "samtykke", "se-over"])
def test_skipping_ahead_leads_to_the_first_gap(client: CheckedClient, slug: str) -> None:
    journey = Journey(client, Language.NB, "application")
    journey.to("hvem")
    assert client.get(journey.start + slug, status=303).location == journey.start + "hvem"


def test_pages_meant_for_others_lead_to_the_review_when_all_is_filled_in(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    review = journey.to_review()
    assert client.get(journey.start + "om-barnet", status=303).location == review.url


def test_the_start_page_leads_back_to_where_the_draft_was_left(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    page = journey.to("situasjonen")
    assert page.url in [link.get("href") for link in client.get(journey.start).all(".//main//a")]


def test_a_change_from_the_review_returns_to_the_review(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application", words="Før")
    review = journey.to_review()
    (change,) = [link for link in review.all(".//main//a") if "/situasjonen" in link.get("href", "")]
    page = client.get(change.get("href", ""))
    again = client.follow(client.post(page.url, fields_of(page) | {"goals": ["Etter"]}))
    assert again.url == review.url
    assert "Etter" in again.main


def test_a_change_that_opens_a_new_question_leads_to_it_and_not_to_the_review(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    journey.to_review()
    page = client.get(journey.start + "hvem?back_to_review")
    moved = client.post(page.url, fields_of(page) | {"role": ["child"]})
    assert moved.location == journey.start + "du-som-fyller-ut"


def test_no_post_without_a_token_changes_anything(client: CheckedClient, app: Flask, database: sa.Engine) -> None:
    for form in ("application", "power_of_attorney", "complaint"):
        journey = Journey(client, Language.NB, form)
        journey.to_review()
        before = counts(database)
        slugs = {page.slug for page in journey.seen[1:]}
        for url in [journey.start, *(journey.start + slug for slug in slugs)]:
            fields = {name: values for name, values in fields_of(client.get(url)).items() if name != "csrf_token"}
            assert client.post(url, fields, multipart="vedlegg" in url).status == 422, url
        for action in ("upload", f"remove-file:{uuid.uuid4()}"):
            fields = fields_of(client.get(journey.start + "vedlegg")) | {"action": [action], "csrf_token": []}
            assert client.post(journey.start + "vedlegg", fields, multipart=True).status == 422
        for slug in ("kode", "kvittering"):
            assert client.post(journey.start + slug, {}).status == 405
        assert counts(database) == before
    for place in ("status", "confirm"):
        assert client.post(form_url(Language.NB, place), {"code": ["X"]}).status == 422
    assert {rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())} == {
        # The self-check takes no token, for it changes nothing whatever is posted (test_self_check_page.py).
        "/<any(nb, nn, da):language>/<any(skjema, skema):folder>/sjekk",
        "/<any(nb, nn, da):language>/<any(skjema, skema):folder>/tjek",
        "/<any(nb, nn, da):language>/<any(skjema, skema):folder>/bekreft",
        "/<any(nb, nn, da):language>/<any(skjema, skema):folder>/stadfest",
        "/<any(nb, nn, da):language>/<any(skjema, skema):folder>/bekraeft",
        "/<any(nb, nn, da):language>/<any(skjema, skema):folder>/status",
        "/<any(nb, nn, da):language>/<any(skjema, skema):folder>/<form>/",
        "/<any(nb, nn, da):language>/<any(skjema, skema):folder>/<form>/<page>",
    }


def test_a_file_to_remove_that_is_no_file_changes_nothing(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    page = journey.to("vedlegg")
    answer = client.post(page.url, fields_of(page) | {"action": ["remove-file:tull"]}, multipart=True)
    assert client.follow(answer).url == page.url


def test_after_sending_the_form_says_so_and_offers_a_new_one(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    reference = reference_of(journey.send())
    start = client.get(journey.start)
    assert reference in start.main
    assert journey.receipt_url in [link.get("href") for link in start.all(".//main//a")]
    assert client.get(journey.start + "om-deg", status=303).location == journey.start
    assert client.get(journey.start + "se-over", status=303).location == journey.receipt_url
    assert reference_of(Journey(client, Language.NB, "application").send()) != reference
