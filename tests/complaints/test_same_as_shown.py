"""Complaints 10 to 12: what was sent was not what had been shown, or not what the form asks for now."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from checked_client import CheckedClient
from command import Command
from flask import Flask
from form_journeys import Journey, fields_of, reference_of

from forms_app.forms.definition import FormKey
from forms_app.forms.questions import Line
from forms_app.forms.registry import FORMS
from forms_app.language import Language
from forms_app.settings import REPOSITORY, from_environ

Rows = Callable[[str], list[Any]]
START = "/nb/skjema/klage/"


@pytest.fixture
def journey(client: CheckedClient) -> Journey:
    return Journey(client, Language.NB, "complaint", {"wanted_change": "Tjue timer", "why": "Lang grunn"})


def change(client: CheckedClient, slug: str, **answers: str) -> None:
    """Write something else on a page, in whichever window."""
    page = client.get(f"{START}{slug}?back_to_review")
    client.post(page.url, fields_of(page) | {name: [value] for name, value in answers.items()}, status=303)


def test_10_nothing_is_sent_that_was_not_shown(
    client: CheckedClient, journey: Journey, portal: Command, rows: Rows
) -> None:
    """Two people on one draft: one signed something else than the page in front of them said."""
    review = journey.to_review()
    change(client, "endring", wanted_change="Hundre timer")
    answer = client.post(review.url, fields_of(review), status=409)
    assert rows("submissions") == []
    assert "Ikke sendt ennå" in answer.main
    assert "Hundre timer" in answer.main
    assert "Tjue timer" not in answer.main
    # The old page stays refused, however often its button is pressed.
    client.post(review.url, fields_of(review), status=409)
    receipt = journey.confirm(answer)
    assert "Hundre timer" in portal("open", reference_of(receipt)).stdout


@pytest.mark.parametrize("reviewed", [[], [""], ["0" * 64], ["æ"]])
def test_10_a_page_that_does_not_say_what_it_shows_sends_nothing(
    client: CheckedClient, journey: Journey, rows: Rows, reviewed: list[str]
) -> None:
    """The mark of what is shown cannot be left out."""
    review = journey.to_review()
    client.post(review.url, fields_of(review) | {"reviewed": reviewed}, status=409)
    assert rows("submissions") == []


def test_11_the_review_and_the_store_say_the_same(client: CheckedClient, journey: Journey, portal: Command) -> None:
    """The review said 20, and 100 was stored; and answers to questions that were no longer asked went along."""
    journey.to_review()
    change(client, "endring", wanted_change="Hundre timer", why="")
    change(client, "hvem", role="child")
    sender = client.get(START + "du-som-fyller-ut")
    rest = Journey(client, Language.NB, "complaint", {"om-barnet/name_of_person": "Lille My"})
    review = rest.on(sender, journey.review_slug)
    sent = json.loads(portal("open", reference_of(journey.confirm(review)), "--json").stdout)
    assert sent["change"] == {"wanted_change": "Hundre timer", "why": None, "suspend": False}
    assert sent["child"]["name_of_person"] == "Lille My"
    assert "myself" not in sent
    assert "Lang grunn" not in str(sent)
    assert [text in review.main for text in ("Hundre timer", "Lille My", "Lang grunn", "Åse")] == [
        True,
        True,
        False,
        False,
    ]


def test_12_a_draft_of_an_old_version_meets_the_new_questions(
    client: CheckedClient, journey: Journey, portal: Command, monkeypatch: pytest.MonkeyPatch, rows: Rows
) -> None:
    """A draft that was begun earlier went past a new question that everybody must answer."""
    review = journey.to_review()
    old = FORMS[FormKey.COMPLAINT]
    asked = type("Asked", (old.step_at(Language.NB, "endring").form,), {"pets": Line("Hund?", missing="Svar på det.")})  # type: ignore[union-attr]
    steps = tuple(replace(step, form=asked) if step.key == "change" else step for step in old.steps)
    monkeypatch.setitem(FORMS, FormKey.COMPLAINT, replace(old, version=2, steps=steps))  # type: ignore[misc]
    assert client.post(review.url, fields_of(review), status=303).location == START + "endring"
    assert rows("submissions") == []
    page = client.get(START + "endring")
    assert "Hund?" in "".join(page.with_class("changes")[0].itertext())
    assert fields_of(page)["wanted_change"] == ["Tjue timer"]
    change(client, "endring", pets="Ja")
    reference = reference_of(journey.confirm(client.get(review.url)))
    assert [(row.reference, row.form_version) for row in rows("submissions")] == [(reference, 2)]
    assert json.loads(portal("open", reference, "--json").stdout)["change"]["pets"] == "Ja"


def test_12_a_form_to_a_municipality_that_has_left_is_not_received_by_nobody(
    client: CheckedClient,
    journey: Journey,
    make_app: Callable[..., Flask],
    environ: dict[str, str],
    rows: Rows,
    tmp_path: Any,
) -> None:
    """A form that had been closed still took cases. Forms are not closed here, but a municipality may leave: then the
    draft asks where to send it, and everything that was written stands there.
    """
    review = journey.to_review()
    smaller = tmp_path / "smaller.toml"
    whole = (REPOSITORY / "portal.toml").read_text("utf-8")
    smaller.write_text(whole.replace('key = "arendal"', 'key = "grimstad"'), "utf-8")
    later = CheckedClient(make_app(from_environ(environ | {"PORTAL_CONFIG": str(smaller)})))
    for name in ("draft-complaint", "session"):
        later.browser.set_cookie(name, client.cookie(name) or "")
    assert later.post(review.url, fields_of(review), status=303).location == START + "kommune"
    assert rows("submissions") == []
    page = later.get(START + "kommune")
    later.post(page.url, fields_of(page) | {"municipality": ["grimstad"]}, status=303)
    assert "Tjue timer" in later.get(review.url).main
