"""Someone is invited to confirm what another has sent: they read one text, answer once, and learn nothing else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NoReturn

import pytest
import sqlalchemy as sa
from case_pages import addition_review_url, choose, link_to, press, status_url, take_back
from checked_client import CheckedClient, File
from flask import Flask
from form_journeys import Journey, code_of, fields_of, reference_of
from invited_pages import INVITES, STORY, answer, invitation_code, invitation_url, type_invitation
from people import AGENT, CITIZEN
from pyrage.x25519 import Identity

from forms_app.books.journal import IssueJournal
from forms_app.casework.inbox import lines
from forms_app.casework.opening import OpenedCase, open_case
from forms_app.casework.status import Change, set_status
from forms_app.cli.opened import as_json, as_text
from forms_app.clock import utc_now
from forms_app.documents.pdf import PdfFailed
from forms_app.intake import invitations
from forms_app.language import Language, gettext, use
from forms_app.masthead import form_url
from forms_app.sealing.codes import Code
from forms_app.settings import Settings, from_environ
from forms_app.storage import audit
from forms_app.storage.engine import DatabaseBusy, reading
from forms_app.storage.limits import Counted
from forms_app.storage.tables import CaseStatus, follow_ups, submissions
from forms_app.storage.tables import invitations as invitation_rows
from forms_app.web.citizen import invitation as invitation_page
from tests.documents.pdf_reading import read_pdf, squeezed

EVERY_LANGUAGE = pytest.mark.parametrize("language", Language)
WORDS, NAME, PHONE = "Ja, Pål har hjulpet meg før", "Åse (mormor)", "40 50 16 00"
SEVERAL = 8


@pytest.fixture
def journey(client: CheckedClient) -> Journey:
    """An application for another person, sent in Bokmål with an invitation."""
    journey = Journey(client, Language.NB, "application", INVITES)
    journey.send()
    return journey


@pytest.fixture
def guest(app: Flask) -> CheckedClient:
    """The invited person's browser."""
    return CheckedClient(app)


@pytest.fixture
def opening(database: sa.Engine, identities: tuple[Identity, ...]) -> Callable[[str], OpenedCase]:
    return lambda reference: open_case(database, utc_now, identities, reference, actor="cli:ingrid")


def reference_at(journey: Journey) -> str:
    return reference_of(journey.browser.get(status_url(journey)))


def count(database: sa.Engine, table: sa.Table) -> int:
    with reading(database) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


@EVERY_LANGUAGE
@pytest.mark.parametrize("role", ["other", "guardian", "professional"])
@pytest.mark.parametrize(("form", "municipality"), [("application", "arendal"), ("complaint", "rudersdal")])
def test_the_invited_reads_one_text_and_the_answer_goes_to_the_case_worker(
    client: CheckedClient,
    guest: CheckedClient,
    settings: Settings,
    database: sa.Engine,
    opening: Callable[[str], OpenedCase],
    identities: tuple[Identity, ...],
    form: str,
    municipality: str,
    role: str,
    language: Language,
) -> None:
    journey = Journey(client, language, form, INVITES | {"role": role, "municipality": municipality})
    receipt = journey.send()
    reference = reference_of(receipt)
    code = invitation_code(journey)
    assert link_to(receipt, invitation_url(journey))
    assert code != code_of(receipt)
    read = type_invitation(guest, code, language)
    for shown in (AGENT.name, CITIZEN.name, settings.deployment.name_of(municipality)):
        assert shown in read.main
    assert STORY not in read.text
    assert code_of(receipt) not in read.text
    assert reference not in read.text
    done = answer(guest, read, words=WORDS, name=NAME, phone=PHONE)
    assert reference_of(done) == f"{reference}-1"
    assert WORDS not in done.text
    assert {one.reference for one in IssueJournal(settings.journal).lines()} == {reference, f"{reference}-1"}
    (line,) = lines(database, utc_now, identities, actor="cli:ingrid")
    assert line.row.news_at
    assert line.row.is_unconfirmed
    assert line.row.additions == 0
    case = opening(reference)
    text = as_text(case, settings.deployment)
    with use(settings.deployment.municipality(municipality).default_language):
        assert gettext("Confirmed by whoever held the code, identity not checked.") in text
    for said in (WORDS, NAME, PHONE):
        assert said in text
    (later,) = as_json(case)["sent_later"]
    assert later["kind"] == "confirmation"
    assert later["answers"] == {
        "confirmation": "agree",
        "confirmation_words": WORDS,
        "confirmation_name": NAME,
        "confirmation_phone": PHONE,
    }
    with reading(database) as connection:
        assert "answered an invitation" in [entry.action for entry in audit.entries(connection)]


def test_the_sender_learns_that_it_was_answered_and_not_how(journey: Journey, guest: CheckedClient) -> None:
    client, code = journey.browser, invitation_code(journey)
    before = client.get(status_url(journey))
    assert "Personen har ikke svart ennå" in before.main
    assert link_to(before, invitation_url(journey))
    pages = []
    for said in ("agree", "disagree"):
        sender = CheckedClient(client.app)
        other = Journey(sender, Language.NB, "application", INVITES)
        other.send()
        answer(guest, type_invitation(guest, invitation_code(other)), said, words=WORDS, name=NAME)
        page = sender.get(status_url(other))
        assert link_to(page, invitation_url(other)) is None
        assert link_to(sender.get(other.receipt_url), invitation_url(other)) is None
        assert sender.get(invitation_url(other), status=303).location == status_url(other)
        for kept in (page.text, sender.get(other.receipt_url).text):
            assert WORDS not in kept
            assert NAME not in kept
        pages.append(page.main.replace(reference_of(page), "…"))
    assert "Invitasjonen er besvart" in pages[0]
    assert pages[0] == pages[1]
    assert code not in before.text


def test_declining_is_a_note(
    journey: Journey, guest: CheckedClient, settings: Settings, opening: Callable[[str], OpenedCase]
) -> None:
    reference = reference_at(journey)
    answer(guest, type_invitation(guest, invitation_code(journey)), "disagree")
    text = as_text(opening(reference), settings.deployment)
    assert "Avvist av den som hadde koden. Identiteten er ikke kontrollert. Dette er en opplysning" in text
    assert journey.browser.get(status_url(journey)).main.count("Mottatt") >= 1


def test_nothing_but_the_answer_is_needed(journey: Journey, guest: CheckedClient) -> None:
    read = type_invitation(guest, invitation_code(journey))
    page = guest.post(read.url, fields_of(read) | {"confirmation_words": [WORDS]}, status=422)
    assert page.title.startswith("Feil: ")
    assert "Velg om du er enig" in page.main
    assert fields_of(page)["confirmation_words"] == [WORDS]
    assert reference_of(answer(guest, page)).endswith("-1")


def test_the_code_works_where_other_codes_are_typed_too(journey: Journey, guest: CheckedClient) -> None:
    page = guest.get(form_url(Language.NB, "status"))
    assert link_to(page, form_url(Language.NB, "confirm"))
    read = guest.post(page.url, fields_of(page) | {"code": [invitation_code(journey)]})
    assert AGENT.name in read.main
    assert "receipt" not in " ".join(read.cookies)
    done = guest.post(form_url(Language.NB, "confirm"), fields_of(read) | {"confirmation": ["agree"]})
    assert reference_of(done).endswith("-1")


def test_the_sender_s_own_code_and_made_up_codes_find_no_invitation(journey: Journey, guest: CheckedClient) -> None:
    own = code_of(journey.browser.get(journey.receipt_url))
    found, unknown = (type_invitation(guest, one, status=422).main for one in (own, Code.new().shown))
    assert found == unknown
    assert "Vi finner ingenting" in found


def test_the_invitation_opens_nothing_else(journey: Journey, guest: CheckedClient) -> None:
    code = invitation_code(journey)
    guest.browser.set_cookie("receipt-application", code)
    assert guest.get(status_url(journey), status=303).location == "/nb/skjema/status"
    assert guest.get(journey.receipt_url, status=303).location == journey.start


@EVERY_LANGUAGE
def test_a_mistyped_group_is_named(journey: Journey, guest: CheckedClient, language: Language) -> None:
    code = invitation_code(journey)
    wrong = ("X" if code[0] != "X" else "Z") + code[1:]
    page = type_invitation(guest, wrong, language, status=422)
    assert fields_of(page)["code"] == [wrong]
    with use(language):
        assert gettext("This is not a whole code. A code has seven groups of four letters and digits.") in (
            type_invitation(guest, "ABC", language, status=422).main
        )
    assert " 1 " in page.main


@pytest.mark.parametrize("to", [Language.NN, Language.DA])
def test_the_language_can_be_changed_at_any_time(journey: Journey, guest: CheckedClient, to: Language) -> None:
    url, code = form_url(to, "confirm"), invitation_code(journey)
    first = guest.get(form_url(Language.NB, "confirm"))
    as_it_stands = {"action": ["as-it-stands"]}
    page = guest.post(url, fields_of(first) | {"code": ["half a c"]} | as_it_stands)
    assert fields_of(page)["code"] == ["half a c"]
    read = type_invitation(guest, code)
    page = guest.post(
        url, fields_of(read) | {"confirmation_words": [WORDS], "confirmation": ["disagree"]} | as_it_stands
    )
    assert (fields_of(page)["confirmation_words"], fields_of(page)["confirmation"]) == ([WORDS], ["disagree"])
    with use(to):
        assert page.heading == gettext("Someone has sent a form for you")
    done = answer(guest, page)
    again = guest.post(form_url(Language.NB, "confirm"), fields_of(done) | as_it_stands)
    assert reference_of(again) == reference_of(done)
    assert again.heading == "Svaret er mottatt"


def test_the_page_has_one_address_in_each_language(guest: CheckedClient) -> None:
    for path in ("/nb/skjema/stadfest", "/nn/skjema/bekreft", "/da/skema/bekreft", "/da/skjema/bekraeft"):
        assert guest.get(path, status=404).status == 404


def test_a_failed_csrf_check_loses_nothing(journey: Journey, guest: CheckedClient, database: sa.Engine) -> None:
    first, code = guest.get(form_url(Language.NB, "confirm")), invitation_code(journey)
    lost = {"csrf_token": ["x"]}
    page = guest.post(first.url, fields_of(first) | {"code": [code]} | lost, status=422)
    assert fields_of(page)["code"] == [code]
    read = guest.post(page.url, fields_of(page))
    page = guest.post(read.url, fields_of(read) | {"confirmation": ["agree"], "confirmation_words": [WORDS]} | lost)
    assert (page.status, page.title.startswith("Feil: ")) == (422, True)
    assert fields_of(page)["confirmation_words"] == [WORDS]
    assert count(database, follow_ups) == 0
    assert reference_of(guest.post(page.url, fields_of(page))).endswith("-1")


def test_any_number_of_clicks_is_one_answer(journey: Journey, database: sa.Engine, app: Flask) -> None:
    guest = CheckedClient(app)
    read = type_invitation(guest, invitation_code(journey))
    fields = fields_of(read) | {"confirmation": ["agree"]}
    tabs = [CheckedClient(app) for unused_click in range(SEVERAL)]
    for tab in tabs:
        tab.browser._cookies = guest.browser._cookies  # type: ignore[attr-defined]  # werkzeug's cookie jar
    with ThreadPoolExecutor(SEVERAL) as pool:
        pages = list(pool.map(lambda tab: tab.post(read.url, fields), tabs))
    pages.append(guest.post(read.url, fields | {"confirmation": ["disagree"]}))
    pages.append(type_invitation(CheckedClient(app), fields["code"][0]))
    assert len({page.main for page in pages}) == 1
    assert count(database, follow_ups) == 1
    assert count(database, submissions) == 2


def test_nobody_waits_for_an_answer_after_the_case_has_ended(
    journey: Journey, guest: CheckedClient, database: sa.Engine
) -> None:
    code, reference = invitation_code(journey), reference_at(journey)
    read = type_invitation(guest, code)
    set_status(database, utc_now, reference, Change(status=CaseStatus.CLOSED), actor="cli:ingrid")
    for page in (answer(guest, read), type_invitation(guest, code)):
        assert page.heading == "Du trenger ikke svare lenger"
        assert AGENT.name not in page.main
    assert journey.browser.get(invitation_url(journey), status=303).location == status_url(journey)
    set_status(database, utc_now, reference, Change(status=CaseStatus.IN_PROGRESS), actor="cli:ingrid")
    assert AGENT.name in type_invitation(guest, code).main
    take_back(journey.browser, journey)
    assert answer(guest, read).heading == "Du trenger ikke svare lenger"
    assert count(database, follow_ups) == 1


def test_an_end_in_the_same_moment_is_told(
    journey: Journey, guest: CheckedClient, database: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = reference_at(journey)
    read, accept = type_invitation(guest, invitation_code(journey)), invitations.answer

    def accept_after_closing(*arguments: object, **named: object) -> object:
        set_status(database, utc_now, reference, Change(status=CaseStatus.CLOSED), actor="cli:ingrid")
        return accept(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(invitations, "answer", accept_after_closing)
    assert answer(guest, read).heading == "Du trenger ikke svare lenger"


def test_a_municipality_that_has_left_waits_for_no_answer(
    journey: Journey, make_app: Callable[[Settings], Flask], settings: Settings
) -> None:
    code = invitation_code(journey)
    left = tuple(one for one in settings.deployment.municipalities if one.key != "arendal")
    guest = CheckedClient(make_app(replace(settings, deployment=replace(settings.deployment, municipalities=left))))
    assert type_invitation(guest, code).heading == "Du trenger ikke svare lenger"


@pytest.mark.parametrize("error", [DatabaseBusy, invitations.NotAccepted])
def test_an_answer_that_cannot_be_stored_is_shown_again(
    journey: Journey, guest: CheckedClient, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    read = type_invitation(guest, invitation_code(journey))

    def fail(*unused_arguments: object, **unused_named: object) -> NoReturn:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(invitations, "answer", fail)
        page = answer(guest, read, words=WORDS)
    assert (page.status, page.title.startswith("Feil: ")) == (503, True)
    assert fields_of(page)["confirmation_words"] == [WORDS]
    assert reference_of(guest.post(page.url, fields_of(page))).endswith("-1")


def test_documents_that_were_chosen_before_the_answer_came_are_kept(journey: Journey, guest: CheckedClient) -> None:
    client = journey.browser
    review = choose(client, journey, File(name="brev.txt", content=b"brev"))
    answer(guest, type_invitation(guest, invitation_code(journey)))
    again = client.get(addition_review_url(journey))
    assert "brev.txt" in again.main
    page = press(client, review)
    assert "brev.txt" in page.main
    assert "-2." in page.main


@pytest.fixture
def limited(make_app: Callable[[Settings], Flask], environ: dict[str, str]) -> Callable[..., CheckedClient]:
    """A browser at a portal where one address may do each thing so often."""

    def open_(**most: int) -> CheckedClient:
        settings = from_environ(environ)
        per_hour = dict(settings.per_hour) | {Counted(name): times for name, times in most.items()}
        return CheckedClient(make_app(replace(settings, per_hour=per_hour)))

    return open_


def test_guessing_is_counted_with_other_codes_and_reading_is_not(
    limited: Callable[..., CheckedClient], database: sa.Engine
) -> None:
    client = limited(code=1)
    journey = Journey(client, Language.NB, "application", INVITES)
    journey.send()
    code = invitation_code(journey)
    for unused_time in range(3):
        read = type_invitation(client, code)
    assert type_invitation(client, Code.new().shown).status == 422
    refused = type_invitation(client, code, status=429)
    assert fields_of(refused)["code"] == [code]
    assert AGENT.name not in refused.main
    for forged in ("", "x", fields_of(read)["shown"][0] + "x"):
        fields = fields_of(read) | {"shown": [forged], "confirmation": ["agree"]}
        assert client.post(read.url, fields).status == 429
    assert count(database, follow_ups) == 0
    assert reference_of(answer(client, read)).endswith("-1")


def test_a_mark_of_another_code_helps_nobody(journey: Journey, guest: CheckedClient) -> None:
    read = type_invitation(guest, invitation_code(journey))
    for code in (Code.new().shown, "half a code"):
        page = guest.post(read.url, fields_of(read) | {"code": [code], "confirmation": ["agree"]}, status=422)
        assert "Vi finner ingenting" in page.main


def test_whoever_invites_many_keeps_the_form_and_sends_it_later(
    limited: Callable[..., CheckedClient], database: sa.Engine
) -> None:
    client = limited(invitation=1)
    Journey(client, Language.NB, "application", INVITES).send()
    Journey(client, Language.NB, "application", INVITES | {"authority": "later"}).send()
    review = Journey(client, Language.NB, "application", INVITES).to_review()
    page = client.post(review.url, fields_of(review), status=429)
    assert "er mange bedt om å bekrefte noe" in page.main
    assert STORY in page.main
    assert count(database, invitation_rows) == 1


def test_the_card_says_neither_who_nor_what(journey: Journey, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = journey.browser
    page = client.get(invitation_url(journey))
    link = link_to(page, ".pdf")
    assert link
    card = client.browser.get(link)
    assert (card.status_code, card.mimetype, card.headers["Cache-Control"]) == (200, "application/pdf", "no-store")
    words = squeezed(read_pdf(card.data).text)
    assert code_of(page).replace("-", "") in words.replace("-", "")
    assert "/nb/skjema/bekreft" in words
    for secret in (AGENT.name, CITIZEN.name, STORY, code_of(client.get(journey.receipt_url))):
        assert squeezed(secret) not in words

    def fail(*unused_arguments: object, **unused_named: object) -> NoReturn:
        raise PdfFailed

    monkeypatch.setattr(invitation_page, "to_pdf", fail)
    failed = client.get(link, status=503)
    assert code_of(failed) == code_of(page)
    assert failed.title.startswith("Feil: ")


def test_only_who_has_invited_somebody_has_a_page_about_it(client: CheckedClient, guest: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application", INVITES | {"authority": "later"})
    receipt = journey.send()
    card = invitation_url(journey).replace("invitasjon", "invitasjonskort.pdf")
    assert link_to(receipt, invitation_url(journey)) is None
    for url in (invitation_url(journey), card):
        assert client.get(url, status=303).location == status_url(journey)
        assert guest.get(url, status=303).location == "/nb/skjema/status"
