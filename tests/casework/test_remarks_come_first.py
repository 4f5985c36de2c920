"""What a case worker should look at first stands first, in the municipality's language, and on no citizen's page."""

import pytest
import sqlalchemy as sa
from case_pages import status_url
from checked_client import CheckedClient
from form_journeys import Journey, reference_of
from people import CASEWORKER
from pyrage.x25519 import Identity

from forms_app.casework.inbox import lines
from forms_app.casework.opening import open_case
from forms_app.cli.opened import as_text
from forms_app.clock import utc_now
from forms_app.language import Language
from forms_app.settings import Settings
from forms_app.storage import invitations
from forms_app.storage.engine import reading
from forms_app.storage.tables import deliveries, submissions

REFERENCE = "K7M2-9QXK"
OTHER_PARENT = "Ola Nordmann, ola@example.net, 40 50 19 00"


@pytest.mark.parametrize(
    ("municipality", "first", "remark"),
    [
        ("arendal", "Se på dette først", "Den er ikke kontrollert."),
        ("bjornafjorden", "Sjå på dette først", "Han er ikkje kontrollert."),
        ("rudersdal", "Se på dette først", "Den er ikke kontrolleret."),
    ],
)
@pytest.mark.parametrize("form", ["application", "complaint"])
def test_a_reference_stands_first_and_is_looked_up_by_nobody(
    client: CheckedClient,
    database: sa.Engine,
    identities: tuple[Identity, ...],
    settings: Settings,
    form: str,
    municipality: str,
    first: str,
    remark: str,
) -> None:
    given = {"authority": "given_here", "authority_reference": REFERENCE.lower(), "municipality": municipality}
    journey = Journey(client, Language.NB, form, {"role": "other", **given})
    receipt = journey.send()
    case = open_case(database, utc_now, identities, reference_of(receipt), actor=CASEWORKER.name)
    text = as_text(case, settings.deployment)
    assert f"{REFERENCE}. {remark}" in text
    assert text.index(first) < text.index("    " + reference_of(receipt))
    for page in (receipt, client.get(status_url(journey))):
        assert remark not in page.text
        assert first not in page.text
    (line,) = lines(database, utc_now, identities, actor=CASEWORKER.name)
    assert line.row.is_unconfirmed


def test_nothing_is_remarked_on_what_is_as_usual(
    client: CheckedClient, database: sa.Engine, identities: tuple[Identity, ...], settings: Settings
) -> None:
    reference = reference_of(Journey(client, Language.NB, "application").send())
    case = open_case(database, utc_now, identities, reference, actor=CASEWORKER.name)
    assert "Se på dette først" not in as_text(case, settings.deployment)
    (line,) = lines(database, utc_now, identities, actor=CASEWORKER.name)
    assert not line.row.is_unconfirmed


@pytest.mark.parametrize("form", ["application", "complaint"])
def test_nothing_is_sent_owed_or_shown_to_another_parent(
    client: CheckedClient, database: sa.Engine, identities: tuple[Identity, ...], settings: Settings, form: str
) -> None:
    answers = {
        "role": "child",
        "child_is_born": "born",
        "parental_responsibility": "shared",
        "parents_agree": "no",
        "parents_note": OTHER_PARENT,
    }
    journey = Journey(client, Language.NB, form, answers)
    receipt = journey.send()
    assert "varsler ikke en annen forelder" in " ".join(page.main for page in journey.seen)
    with reading(database) as connection:
        (sent,) = connection.execute(sa.select(submissions.c.id)).scalars()
        kinds = connection.execute(sa.select(deliveries.c.kind)).scalars().all()
        assert invitations.of(connection, sent) is None
    assert kinds == [channel.kind for channel in settings.deployment.municipality("arendal").channels]
    case = open_case(database, utc_now, identities, reference_of(receipt), actor=CASEWORKER.name)
    assert case.submission.answers["parents"]["parents_note"] == OTHER_PARENT
    assert "Foreldrene er ikke enige om dette." in as_text(case, settings.deployment)
    page = client.get(status_url(journey))
    assert "invitasjon" not in page.main.lower()
