"""Withdrawing and revoking: told first what it means, done once, and never an erasure."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from case_pages import link_to, press, status_url, take_back, take_back_url
from checked_client import CheckedClient, File
from form_journeys import fields_of, reference_of
from pyrage.x25519 import Identity
from rehearsed_journeys import Rehearsed

from forms_app.books.journal import IssueJournal
from forms_app.casework.inbox import lines
from forms_app.casework.opening import open_case
from forms_app.clock import utc_now
from forms_app.forms.definition import FormKey
from forms_app.forms.follow_up import FollowUpKind
from forms_app.language import Language, gettext, use
from forms_app.settings import Settings
from forms_app.storage import audit
from forms_app.storage.engine import reading
from forms_app.storage.tables import cases, deliveries, follow_ups, submissions

SEVERAL = 10
MEANS = {
    FormKey.APPLICATION: "The municipality is told that you no longer want what you asked for, and ends the case.",
    FormKey.COMPLAINT: "You can send the complaint again while the deadline runs.",
    FormKey.POWER_OF_ATTORNEY: "The municipality is told that the power of attorney no longer counts.",
}
DONE = {
    (FormKey.APPLICATION, "arendal"): "You have withdrawn the application.",
    (FormKey.APPLICATION, "rudersdal"): "You have withdrawn the request.",
    (FormKey.COMPLAINT, "arendal"): "You have withdrawn the complaint.",
    (FormKey.POWER_OF_ATTORNEY, "arendal"): "You have revoked the power of attorney.",
}
ACTIONS = {FormKey.POWER_OF_ATTORNEY: "revoked"}


def count(database: sa.Engine, table: sa.Table) -> int:
    with reading(database) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("form", "municipality"), list(DONE))
def test_one_is_told_what_it_means_and_then_it_is_done(
    client: CheckedClient,
    database: sa.Engine,
    identities: tuple[Identity, ...],
    settings: Settings,
    form: FormKey,
    municipality: str,
    language: Language,
) -> None:
    journey = Rehearsed(client, language, form, {"municipality": municipality})
    reference = reference_of(journey.send())
    asked = client.get(take_back_url(journey))
    page = press(client, asked)
    with use(language):
        assert gettext(MEANS[form]) in asked.main
        assert gettext("Nothing is erased. The municipality keeps its papers as the archive rules require.") in (
            asked.main
        )
        assert gettext(DONE[form, municipality]) in page.main
        assert gettext("Received as %(reference)s.", reference=f"{reference}-1") in page.main
    (line,) = lines(database, utc_now, identities, actor="cli:ingrid")
    marks = (line.row.withdrawn_at, line.row.revoked_at)
    assert [bool(mark) for mark in marks] == [form != "power_of_attorney", form == "power_of_attorney"]
    assert line.row.news_at == marks[0] or marks[1]
    case = open_case(database, utc_now, identities, reference, actor="cli:ingrid")
    assert case.submission.answers
    assert [one.kind for one in case.later] == [
        FollowUpKind.REVOCATION if form == "power_of_attorney" else FollowUpKind.WITHDRAWAL
    ]
    assert {one.reference for one in IssueJournal(settings.journal).lines()} == {reference, f"{reference}-1"}
    with reading(database) as connection:
        actions = [entry.action for entry in audit.entries(connection)]
    assert actions[:2] == ["submitted", ACTIONS.get(form, "withdrew")]


@pytest.mark.parametrize(
    ("service", "municipality", "times"),
    [
        ("health", "arendal", "4 uker"),
        ("social", "arendal", "3 uker"),
        ("unsure", "arendal", "3 uker, 4 uker eller 6 uker"),
        ("social_dk", "rudersdal", "4 uker"),
    ],
)
def test_a_complaint_tells_how_long_it_can_be_sent_again(
    client: CheckedClient, service: str, municipality: str, times: str
) -> None:
    journey = Rehearsed(client, Language.NB, "complaint", {"service": service, "municipality": municipality})
    journey.send()
    told = client.get(take_back_url(journey)).main
    assert times in told
    assert "dagen du fikk svaret" in told


def test_any_number_of_clicks_withdraws_once(client: CheckedClient, database: sa.Engine) -> None:
    journey = Rehearsed(client, Language.NB, "application", {}, [File(name="a.txt", content=b"a")])
    journey.send()
    asked = client.get(take_back_url(journey))
    fields = fields_of(asked)
    tabs = [CheckedClient(client.app) for unused_click in range(SEVERAL)]
    for tab in tabs:
        tab.browser._cookies = client.browser._cookies  # type: ignore[attr-defined]  # werkzeug's cookie jar
    with ThreadPoolExecutor(SEVERAL) as pool:
        answers = list(pool.map(lambda tab: tab.post(asked.url, fields), tabs))
    assert {answer.location for answer in answers} == {status_url(journey)}
    assert client.post(asked.url, fields, status=303).location == status_url(journey)
    assert client.get(asked.url, status=303).location == status_url(journey)
    assert count(database, follow_ups) == 1
    assert (count(database, submissions), count(database, deliveries), count(database, cases)) == (2, 2, 1)


def test_it_is_only_done_from_a_page_that_was_shown_for_it(client: CheckedClient, database: sa.Engine) -> None:
    journey = Rehearsed(client, Language.NB, "application")
    journey.send()
    asked = client.get(take_back_url(journey))
    refused = client.post(asked.url, fields_of(asked) | {"csrf_token": ["x"]}, status=422)
    assert refused.title.startswith("Feil: ")
    assert "Ingenting er gjort" in refused.main
    Rehearsed(client, Language.NB, "application").send()
    assert client.post(asked.url, fields_of(asked), status=303).location == asked.url
    assert count(database, follow_ups) == 0


def test_what_was_taken_back_can_still_be_read_and_no_more_be_changed(client: CheckedClient) -> None:
    journey = Rehearsed(client, Language.NB, "application", {"situation": "Søvn"})
    journey.send()
    page = take_back(client, journey)
    assert "Trukket tilbake" in page.main
    assert "Søvn" in page.main
    assert not link_to(page, "trekk-tilbake")
    assert not link_to(page, "flere-dokumenter")
    assert link_to(page, "kvittering.pdf")
