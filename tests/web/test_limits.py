"""Whoever does a thing too often is told when to try again and whom to call, and loses nothing by it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, File, Page, words_of
from flask import Flask
from form_journeys import Journey, code_of, fields_of, reference_of
from movable_clock import MovableClock
from sample_files import pdf
from unlimited import UNLIMITED

from forms_app.language import Language, gettext, use
from forms_app.masthead import form_url
from forms_app.sealing.codes import Code
from forms_app.settings import Settings, from_environ
from forms_app.storage.engine import reading
from forms_app.storage.limits import Counted
from forms_app.storage.tables import drafts, submissions

PHONE = "37 01 30 00"
USUAL = {Counted.CODE: 10, Counted.DRAFT: 30, Counted.SUBMISSION: 20, Counted.UPLOAD: 120, Counted.INVITATION: 10}
AGAIN = {Language.NB: "kl. 14:01", Language.NN: "kl. 14:01", Language.DA: "kl. 14.01"}
"""An hour after noon in UTC is two o'clock in Oslo and Copenhagen; the minute is rounded up."""


@pytest.fixture
def open_portal(make_app: Callable[[Settings], Flask], environ: dict[str, str]) -> Callable[..., CheckedClient]:
    """A browser at a portal where one address may do each thing so often, and phone numbers are known."""

    def open_(most: int = 1, *, proxies: int = 0, **also: int) -> CheckedClient:
        settings = from_environ(environ | {"PORTAL_TRUSTED_PROXIES": str(proxies)})
        municipalities = tuple(
            replace(one, contact=replace(one.contact, phone=PHONE)) for one in settings.deployment.municipalities
        )
        per_hour = dict.fromkeys(Counted, most) | {Counted(name): count for name, count in also.items()}
        deployment = replace(settings.deployment, municipalities=municipalities)
        return CheckedClient(make_app(replace(settings, deployment=deployment, per_hour=per_hour)))

    return open_


def type_code(client: CheckedClient, code: str, language: Language = Language.NB, **expected: int) -> Page:
    page = client.get(form_url(language, "status"))
    return client.post(page.url, fields_of(page) | {"code": [code]}, **expected)


def assert_told(page: Page, message: str, language: Language) -> None:
    """The page says, in its language, what was refused, until when, and whom to call."""
    with use(language):
        expected = gettext(message).partition(" %(time)s")[0]
    (alert,) = [one for one in page.with_class("ds-alert") if one.get("aria-labelledby") == "refused-heading"]
    said = words_of(alert)
    assert (page.status, page.headers["Retry-After"]) == (429, "3600")
    assert expected in said
    assert AGAIN[language] in said
    assert PHONE in said
    assert page.title.startswith(("Feil: ", "Fejl: "))
    assert page.title.count(": ") == 1


def count(database: sa.Engine, table: sa.Table) -> int:
    with reading(database) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_unless_told_otherwise_a_portal_has_the_limits_that_the_readme_names(environ: dict[str, str]) -> None:
    settings = from_environ({name: value for name, value in environ.items() if name not in UNLIMITED})
    assert settings.per_hour == USUAL
    assert settings.fastest_seconds == 2
    assert settings.trusted_proxies == 0


@pytest.mark.parametrize("language", Language)
def test_whoever_tries_many_codes_must_wait_and_keeps_what_was_typed(
    open_portal: Callable[..., CheckedClient], language: Language
) -> None:
    client = open_portal(USUAL[Counted.CODE])
    for unused_try in range(USUAL[Counted.CODE]):
        type_code(client, Code.new().shown, language, status=422)
    wrong = Code.new().shown
    page = type_code(client, wrong, language, status=429)
    assert_told(
        page,
        "Many codes that lead nowhere have been typed from the network you use, perhaps by others. You can try again "
        "at %(time)s.",
        language,
    )
    assert fields_of(page)["code"] == [wrong]


def test_a_right_code_is_refused_like_any_other_while_one_must_wait_and_taken_afterwards(
    open_portal: Callable[..., CheckedClient], clock: MovableClock
) -> None:
    client = open_portal(draft=9, submission=9)
    code = code_of(Journey(client, Language.NB, "application").send())
    assert type_code(client, Code.new().shown).status == 422
    known, unknown = (type_code(client, one, status=429).main for one in (code, Code.new().shown))
    assert known == unknown
    clock.move(hours=1)
    assert type_code(client, code).status == 303


def test_codes_that_lead_somewhere_and_slips_of_the_pen_are_not_counted(
    open_portal: Callable[..., CheckedClient],
) -> None:
    client = open_portal()
    code = code_of(Journey(client, Language.NB, "application").send())
    for unused_time in range(3):
        assert type_code(client, code).status == 303
        assert type_code(client, code[:-1] + ("X" if code[-1] != "X" else "Z")).status == 422
    assert type_code(client, Code.new().shown).status == 422
    assert type_code(client, code).status == 429


@pytest.mark.parametrize("language", Language)
def test_whoever_starts_many_forms_must_wait(
    open_portal: Callable[..., CheckedClient], database: sa.Engine, clock: MovableClock, language: Language
) -> None:
    client = open_portal()
    journey = Journey(client, language, "complaint")
    journey.begin()
    start = client.get(journey.start)
    page = client.post(start.url, fields_of(start) | {"shared_computer": ["y"]}, status=429)
    assert_told(
        page,
        "Many forms have been started from the network you use, perhaps by others. You can go on at %(time)s. Nothing "
        "you have written is lost.",
        language,
    )
    assert fields_of(page)["shared_computer"] == ["y"]
    assert count(database, drafts) == 1
    clock.move(hours=1)
    assert client.post(page.url, fields_of(page)).status == 303


@pytest.mark.parametrize("language", Language)
def test_whoever_sends_much_keeps_the_draft_as_it_is_and_sends_it_later(
    open_portal: Callable[..., CheckedClient], database: sa.Engine, clock: MovableClock, language: Language
) -> None:
    client = open_portal(draft=9)
    Journey(client, language, "power_of_attorney").send()
    journey = Journey(client, language, "application", {"situation": "Et langt svar"})
    review = journey.to_review()
    page = client.post(review.url, fields_of(review), status=429)
    assert_told(
        page,
        "Many forms have been sent from the network you use, perhaps by others. Yours is not sent yet, but all of it "
        "is saved. You can send it at %(time)s.",
        language,
    )
    assert "Et langt svar" in page.main
    assert count(database, submissions) == 1
    clock.move(hours=1)
    assert "Et langt svar" in journey.confirm(page).main


def test_sending_the_same_once_more_is_never_refused(open_portal: Callable[..., CheckedClient]) -> None:
    client = open_portal()
    journey = Journey(client, Language.NB, "application")
    review = journey.to_review()
    receipt = journey.confirm(review)
    for unused_click in range(3):
        assert reference_of(client.follow(client.post(review.url, fields_of(review)))) == reference_of(receipt)


@pytest.mark.parametrize("language", Language)
def test_whoever_stores_many_files_keeps_those_and_adds_more_later(
    open_portal: Callable[..., CheckedClient], clock: MovableClock, language: Language
) -> None:
    client = open_portal(upload=2)
    journey = Journey(client, language, "application")
    page = journey.to({Language.NB: "vedlegg", Language.NN: "vedlegg", Language.DA: "bilag"}[language])
    files = [File(name=f"{name}.pdf", content=pdf(name.encode())) for name in ("en", "to", "tre")]
    answer = client.post(page.url, fields_of(page) | {"action": ["upload"]}, files=files, status=429)
    assert_told(
        answer,
        "Many files have been stored from the network you use, perhaps by others. What stands in the list is stored. "
        "You can add more at %(time)s.",
        language,
    )
    assert [words_of(one) for one in answer.with_class("file-name")] == ["en.pdf", "to.pdf"]
    (beside,) = answer.with_class("ds-validation-message")
    assert "tre.pdf: " in words_of(beside)
    assert AGAIN[language] in words_of(beside)
    clock.move(hours=1)
    again = client.post(page.url, fields_of(answer) | {"action": ["upload"]}, files=files[2:])
    assert len(client.follow(again).with_class("file-name")) == 3


def test_steps_are_saved_and_pages_are_read_without_a_limit(open_portal: Callable[..., CheckedClient]) -> None:
    client = open_portal()
    journey = Journey(client, Language.NB, "application")
    journey.to_review()
    for number in range(5):
        page = client.get(journey.start + "situasjonen")
        assert client.post(page.url, fields_of(page) | {"situation": [f"Svar {number}"]}).status == 303
    assert client.get(journey.start + journey.review_slug).main.count("Svar 4") == 1
    for path in (journey.start, form_url(Language.NB, "status"), form_url(Language.NB, "self_check")):
        assert {client.get(path).status for unused_time in range(5)} == {200}


def test_a_page_whose_draft_is_gone_keeps_its_words_when_no_new_one_may_begin(
    open_portal: Callable[..., CheckedClient], database: sa.Engine, clock: MovableClock
) -> None:
    client = open_portal()
    journey = Journey(client, Language.NB, "application", {"situation": "Et langt svar"})
    page = journey.to("situasjonen")
    client.forget("draft-application")
    begin = journey.fill_in(page) | {"action": ["begin"]}
    refused = client.post(page.url, begin, status=429)
    assert fields_of(refused)["situation"][0].strip() == "Et langt svar"
    assert PHONE in refused.main
    assert count(database, drafts) == 1
    clock.move(hours=1)
    client.post(page.url, fields_of(refused) | {"action": ["begin"]}, status=303)
    once_more = journey.on(client.get(journey.start + "kommune"), "situasjonen")
    assert once_more.one(".//textarea[@name='situation']").text.strip() == "Et langt svar"


def test_files_that_no_draft_can_take_must_be_chosen_again(open_portal: Callable[..., CheckedClient]) -> None:
    client = open_portal()
    page = Journey(client, Language.NB, "application").to("vedlegg")
    client.forget("draft-application")
    refused = client.post(page.url, fields_of(page), files=[File(name="brev.pdf", content=pdf())], status=429)
    assert "brev.pdf" in words_of(refused.with_class("ds-validation-message")[0])


@pytest.mark.parametrize("trusted", [0, 1, 2])
def test_the_address_is_taken_from_proxies_that_are_trusted_and_from_no_other(
    open_portal: Callable[..., CheckedClient], trusted: int
) -> None:
    client = open_portal(proxies=trusted)

    def start_from(*addresses: str) -> int:
        client.browser.environ_base["HTTP_X_FORWARDED_FOR"] = ", ".join(addresses)
        start = client.get("/nb/skjema/soknad/")
        return client.post(start.url, fields_of(start)).status

    assert start_from("203.0.113.1", "198.51.100.1", "192.0.2.1") == 303
    same = {0: "192.0.2.9", 1: "192.0.2.1", 2: "192.0.2.9"}[trusted]
    assert start_from("203.0.113.9", "198.51.100.1" if trusted == 2 else "198.51.100.9", same) == 429
    others = start_from("203.0.113.1", "198.51.100.2", "192.0.2.2")
    assert others == (429 if trusted == 0 else 303)


def test_a_trusted_proxy_says_nothing_but_the_address(open_portal: Callable[..., CheckedClient]) -> None:
    client = open_portal(proxies=1)
    for name in ("HOST", "PROTO", "PORT", "PREFIX"):
        client.browser.environ_base[f"HTTP_X_FORWARDED_{name}"] = "evil"
    start = client.get("/nb/skjema/soknad/")
    assert "evil" not in start.text
    assert client.post(start.url, fields_of(start)).location == "/nb/skjema/soknad/kommune"


def test_while_nothing_can_be_counted_forms_are_sent_and_only_codes_must_wait(
    open_portal: Callable[..., CheckedClient], database: sa.Engine
) -> None:
    client = open_portal()
    with database.begin() as connection:
        connection.exec_driver_sql("DROP TABLE limits")
    for form in ("application", "complaint"):
        receipt = Journey(client, Language.NB, form, files=[File(name="brev.pdf", content=pdf())]).send()
        assert reference_of(receipt)
    page = type_code(client, code_of(receipt), status=503)
    assert fields_of(page)["code"] == [code_of(receipt)]
    assert page.headers["Retry-After"] == "60"
    assert "Vi kan ikke slå opp koder akkurat nå" in page.main


def test_what_is_refused_leads_to_nobody(open_portal: Callable[..., CheckedClient]) -> None:
    client = open_portal()
    type_code(client, Code.new().shown)
    page = type_code(client, Code.new().shown, status=429)
    assert not [one for one in page.cookies if one.startswith(("draft-", "receipt-"))]
