"""One case as case workers meet it: all of it or nothing, every deed once, and no word lost."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from checked_client import Page, words_of
from movable_clock import MovableClock
from staff_login import StaffBrowser, hidden_of

from forms_app.casework.access import Role
from forms_app.files.facts import FileFlag
from forms_app.forms.definition import FormKey
from forms_app.sealing.submission import FileFacts, SentFile
from forms_app.storage import audit, cases, submissions
from forms_app.storage.casework_tables import case_notes
from forms_app.storage.engine import DatabaseBusy, reading
from forms_app.storage.tables import CaseStatus, attachments
from forms_app.storage.tables import submissions as table
from tests.sample_files import pdf, photo

Sent = Callable[..., str]


def url(reference: str, rest: str = "") -> str:
    return f"/staff/case/{reference}{rest}"


def act(browser: StaffBrowser, reference: str, deed: str, **fields: str) -> Page:
    """Press the button of one of the page's forms, as it stands but for these fields."""
    page = browser.get(url(reference))
    (form, *unused_others) = [one for one in page.all(".//form") if one.get("action") == url(reference, f"/{deed}")]
    values: dict[str, Sequence[str]] = {}
    for control in form.iter():
        if control.tag in ("input", "textarea") and control.get("name"):
            values[control.get("name", "")] = [control.get("value") or (control.text or "").strip()]
    return browser.post(url(reference, f"/{deed}"), values | {name: [value] for name, value in fields.items()})


def fetched(browser: StaffBrowser, address: str) -> Any:
    """An answer that is no page."""
    return browser.browser.get(address, base_url=browser.base_url)


def file(content: bytes, name: str, kind: str, *flags: FileFlag, cleaned: bytes | None = None) -> SentFile:
    facts = FileFacts.of(content, name=name, kind=kind, flags=tuple(sorted(flags)), cleaned=cleaned)
    return SentFile(facts=facts, content=content, cleaned=cleaned)


def said(page: Page) -> Mapping[str, str]:
    """Question to answer."""
    return {
        words_of(one.findall("dt")[0]): words_of(one.findall("dd")[0])
        for one in page.all(".//dl[@class='case-answers']/div")
    }


@pytest.fixture
def case_of(database: sa.Engine) -> Callable[[str], cases.Case]:
    def read(reference: str) -> cases.Case:
        with reading(database) as connection:
            row = submissions.by_reference(connection, reference)
            assert row
            return cases.of(connection, row.id)

    return read


@pytest.fixture
def trail(database: sa.Engine) -> Callable[[str], list[str]]:
    """What staff did with a case."""

    def read(reference: str) -> list[str]:
        with reading(database) as connection:
            row = submissions.by_reference(connection, reference)
            assert row
            entries = audit.entries(connection, str(row.id))
        return [one.action for one in entries if one.actor.startswith("staff:")]

    return read


def test_a_case_shows_every_answer_and_what_was_not_answered(
    ingrid: StaffBrowser, sent: Sent, case_of: Callable[[str], cases.Case]
) -> None:
    reference = sent(name_of_person="Åse Ødegård", parents_agree="no")
    page = ingrid.get(url(reference))
    assert page.heading == "Åse Ødegård"
    answers = said(page)
    assert answers["Navnet til barnet"] == "Åse Ødegård"
    assert answers["Er barnet født?"] == "Ikke besvart"
    first = page.one(".//section[@aria-labelledby='first']")
    assert "Foreldrene er ikke enige om dette." in words_of(first)
    assert "Forvaltningsloven" in words_of(page.one(".//section[@aria-labelledby='dates']"))
    assert case_of(reference).opened_at is not None


def test_opening_is_written_down_each_time_and_told_in_one_line(
    ingrid: StaffBrowser, sent: Sent, trail: Callable[[str], list[str]]
) -> None:
    reference = sent()
    ingrid.get(url(reference))
    page = ingrid.get(url(reference))
    assert trail(reference) == ["opened", "opened"]
    happened = [words_of(one) for one in page.all(".//ol[@class='case-history']/li")]
    assert "Åpnet saken (2 ganger) Ingrid Solberg" in happened[0]
    assert "Sendte skjemaet" in happened[-1]


@pytest.mark.parametrize("rest", ["", "/file/0/1", "/case.pdf", "/places.csv"])
def test_whose_case_it_is_not_sees_the_same_as_where_there_is_none(
    someone: Callable[[Role, str], StaffBrowser], sent: Sent, trail: Callable[[str], list[str]], rest: str
) -> None:
    reference = sent(files=(file(b"x", "x.txt", "text/plain"),))
    elsewhere = someone(Role.CASE_WORKER, "bjornafjorden")
    pages = [elsewhere.get(url(one, rest), status=403).main for one in (reference, "K7M2-9QXK", "nonsense")]
    assert len(set(pages)) == 1
    assert trail(reference) == []


def test_rows_that_were_swapped_are_never_shown(
    ingrid: StaffBrowser, sent: Sent, database: sa.Engine, trail: Callable[[str], list[str]]
) -> None:
    mine, other = sent(name_of_person="Åse Ødegård"), sent(name_of_person="Bjørn Hemmelig")
    with database.begin() as connection:
        row = submissions.by_reference(connection, other)
        assert row
        connection.execute(sa.update(table).where(table.c.reference == mine).values(answers=row.answers))
    for rest in ("", "/case.pdf", "/places.csv", "/file/0/1"):
        page = ingrid.get(url(mine, rest), status=409)
        assert "hører ikke til" in page.main
        assert "Hemmelig" not in page.text
    assert trail(mine)[-1] == "not shown"


def test_damaged_and_erased_cases_say_so(
    ingrid: StaffBrowser, sent: Sent, database: sa.Engine, clock: MovableClock
) -> None:
    damaged, erased = sent(), sent()
    with database.begin() as connection:
        connection.execute(sa.update(table).where(table.c.reference == damaged).values(answers=b"not age"))
        gone = {"summary": None, "answers": None, "erased_at": clock()}
        connection.execute(sa.update(table).where(table.c.reference == erased).values(**gone))
    assert "Ingen nøkkel" in ingrid.get(url(damaged), status=409).main
    assert ingrid.get(url(erased), status=409).heading == "Denne saken er slettet"


def test_a_case_is_taken_given_on_and_let_go_of(
    ingrid: StaffBrowser, sent: Sent, case_of: Callable[[str], cases.Case]
) -> None:
    reference = sent()
    taken = ingrid.follow(act(ingrid, reference, "assign", to="me"))
    assert "Ingrid Solberg" in words_of(taken.one(".//section[@aria-labelledby='who']"))
    (leader,) = [one.get("value", "") for one in taken.all(".//select[@id='to']/option")]
    act(ingrid, reference, "assign", to=leader)
    assert str(case_of(reference).assignee) == leader
    assert "done=released" in act(ingrid, reference, "assign", to="nobody").location
    assert case_of(reference).assignee is None
    for nonsense in ("", "somebody", "00000000-0000-0000-0000-000000000009"):
        assert act(ingrid, reference, "assign", to=nonsense).status == 422
    assert act(ingrid, reference, "assign", to="me", seen=leader).status == 422
    assert case_of(reference).assignee is None


def test_the_sender_is_told_where_it_stands_and_how_it_was_answered(
    ingrid: StaffBrowser, sent: Sent, case_of: Callable[[str], cases.Case], clock: MovableClock
) -> None:
    reference = sent()
    page = act(ingrid, reference, "status", status="in_progress", text="meeting", by="")
    assert page.status == 303
    assert "same" in act(ingrid, reference, "status", status="in_progress", text="meeting", by="").location
    day = clock().date()
    when = {"on-day": str(day.day), "on-month": str(day.month), "on-year": str(day.year)}
    act(ingrid, reference, "status", status="answered", text="", by="letter", **when)
    assert case_of(reference).status is CaseStatus.ANSWERED
    happened = words_of(ingrid.get(url(reference)).one(".//ol[@class='case-history']"))
    assert "Under behandling. Kommunen kommer til å invitere deg til et møte" in happened
    assert "22. november 2026, Brev" in happened


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "answered"}, "hvilken dag"),
        ({"status": "answered", "by": "letter", "on-day": "x", "on-month": "1", "on-year": "2026"}, "tall"),
        ({"status": "answered", "by": "letter", "on-day": "1", "on-month": "1", "on-year": "2026"}, "før saken"),
        ({"status": "closed", "by": "letter", "on-day": "22", "on-month": "11", "on-year": "2026"}, "Bare en sak"),
        ({"status": "nonsense"}, "tall"),
    ],
)
def test_an_answer_that_is_not_whole_is_on_the_page_again(
    ingrid: StaffBrowser, sent: Sent, case_of: Callable[[str], cases.Case], fields: dict[str, str], words: str
) -> None:
    reference = sent()
    page = act(ingrid, reference, "status", **fields)
    assert page.status == 422
    assert words in words_of(page.with_class("ds-error-summary")[0])
    if fields.get("on-day"):
        assert page.one(".//input[@id='on-day']").get("value") == fields["on-day"]
    assert case_of(reference).status is CaseStatus.RECEIVED


def test_a_note_is_shown_with_author_and_time_and_lies_sealed(
    ingrid: StaffBrowser, sent: Sent, database: sa.Engine
) -> None:
    reference = sent()
    page = ingrid.follow(act(ingrid, reference, "note", note="Ringte <mor>.\nHun ringer igjen."))
    (note,) = page.with_class("case-note")
    assert "Ingrid Solberg, 22. november 2026" in words_of(note)
    assert "Ringte <mor>. Hun ringer igjen." in words_of(note)
    with reading(database) as connection:
        (sealed,) = connection.execute(sa.select(case_notes.c.sealed)).scalars()
    assert b"Ringte" not in sealed


def test_a_note_that_could_not_be_kept_is_still_there(
    ingrid: StaffBrowser, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = sent()
    long = "ord " * 3000
    page = act(ingrid, reference, "note", note=long)
    assert page.status == 422
    assert words_of(page.one(".//textarea[@id='note']")) == long.strip()
    assert act(ingrid, reference, "note", note="  ").status == 422

    def busy(*unused: object, **unused_names: object) -> None:
        raise DatabaseBusy

    monkeypatch.setattr("forms_app.storage.case_notes.insert", busy)
    page = act(ingrid, reference, "note", note="Ikke mist dette.")
    assert page.status == 422
    assert words_of(page.one(".//textarea[@id='note']")) == "Ikke mist dette."


def test_a_note_of_another_case_is_not_shown(ingrid: StaffBrowser, sent: Sent, database: sa.Engine) -> None:
    mine, other = sent(), sent()
    act(ingrid, other, "note", note="Hemmelig.")
    with database.begin() as connection:
        row = submissions.by_reference(connection, mine)
        assert row
        connection.execute(sa.update(case_notes).values(case_id=cases.of(connection, row.id).id))
    page = ingrid.get(url(mine))
    assert "Hemmelig" not in page.text
    assert "Dette notatet kan ikke vises" in page.main


def test_the_named_power_of_attorney_is_linked_and_confirmed(
    ingrid: StaffBrowser, sent: Sent, case_of: Callable[[str], cases.Case]
) -> None:
    power = sent(FormKey.POWER_OF_ATTORNEY)
    case = sent(FormKey.COMPLAINT, role="other", authority="given_here", authority_reference=power)
    acts = ingrid.get(url(case)).one(".//section[@aria-labelledby='acts']")
    assert [one.get("href") for one in acts.iter("a")] == [url(power)]
    assert "Den er ikke bekreftet ennå." in words_of(acts)
    for reference in (power, case):
        act(ingrid, reference, "confirm", **{"is": "confirmed"})
        assert not case_of(reference).is_unconfirmed
    acts = ingrid.get(url(case)).one(".//section[@aria-labelledby='acts']")
    assert "Den er bekreftet av en saksbehandler." in words_of(acts)
    assert "Bekreftet av Ingrid Solberg" in words_of(acts)
    act(ingrid, case, "confirm", **{"is": "open"})
    assert case_of(case).is_unconfirmed
    assert "same" in act(ingrid, case, "confirm", **{"is": "open"}).location


@pytest.mark.parametrize(("typed", "words"), [("K7M2-9QXK", "Ingen fullmakt her"), ("mistyped", "feil skrevet")])
def test_a_reference_that_leads_nowhere_is_told(ingrid: StaffBrowser, sent: Sent, typed: str, words: str) -> None:
    # The form asks once more about a reference that is mistyped, and then takes it.
    answers = {"authority_reference": typed, "authority_reference-asked": typed}
    reference = sent(FormKey.COMPLAINT, role="other", authority="given_here", **answers)
    assert words in words_of(ingrid.get(url(reference)).one(".//section[@aria-labelledby='acts']"))


def test_what_was_due_is_met(ingrid: StaffBrowser, sent: Sent, case_of: Callable[[str], cases.Case]) -> None:
    reference = sent()
    page = ingrid.follow(act(ingrid, reference, "met", kind="preliminary_answer"))
    assert "gjort 22. november 2026" in words_of(page.one(".//section[@aria-labelledby='dates']"))
    assert case_of(reference).deadlines[0].done_on is not None
    hidden = hidden_of(page, url(reference, "/note"))
    assert "same" in ingrid.post(url(reference, "/met"), {**hidden, "kind": ["nonsense"]}).location


def test_only_what_is_safe_is_shown_in_the_browser(
    ingrid: StaffBrowser, sent: Sent, trail: Callable[[str], list[str]]
) -> None:
    active = pdf(b"Farlig")
    reference = sent(
        files=(
            file(pdf(b"Brev"), "brev.pdf", "application/pdf"),
            file(active, "aktiv.pdf", "application/pdf", FileFlag.ACTIVE),
            file(active, "renset.pdf", "application/pdf", FileFlag.ACTIVE, cleaned=pdf(b"Renset")),
            file(photo(), "bilde.jpg", "image/jpeg"),
            file("<script>æ</script>".encode(), 'tekst "<x>.html.txt', "text/plain"),
            file(b"PK", "brev.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        )
    )
    shown = {}
    for position in range(1, 7):
        answer = fetched(ingrid, url(reference, f"/file/0/{position}"))
        is_inline = answer.headers["Content-Disposition"].startswith("inline")
        shown[position] = answer.headers["Content-Type"] if is_inline else ""
        if is_inline:
            assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
            assert "script" not in answer.headers["Content-Security-Policy"]
        else:
            assert answer.headers["Content-Type"] == "application/octet-stream"
    pdfs = {1: "application/pdf", 2: "", 3: "application/pdf"}
    assert shown == {**pdfs, 4: "image/jpeg", 5: "text/plain; charset=utf-8", 6: ""}
    original = fetched(ingrid, url(reference, "/file/0/3?original"))
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert original.data != fetched(ingrid, url(reference, "/file/0/3")).data
    assert ingrid.get(url(reference, "/file/0/7"), status=404).status == 404
    assert ingrid.get(url(reference, "/file/1/1"), status=404).status == 404
    assert "opened a file 0-3" in trail(reference)


def test_a_file_that_was_changed_opens_nothing(ingrid: StaffBrowser, sent: Sent, database: sa.Engine) -> None:
    one, other = (sent(files=(file(text, "brev.txt", "text/plain"),)) for text in (b"En", b"To"))
    with database.begin() as connection:
        rows = {row.submission_id: row.sealed for row in connection.execute(sa.select(attachments))}
        first, second = (submissions.by_reference(connection, one), submissions.by_reference(connection, other))
        assert first
        assert second
        swapped = sa.update(attachments).where(attachments.c.submission_id == first.id)
        connection.execute(swapped.values(sealed=rows[second.id]))
    assert ingrid.get(url(one), status=409).status == 409


def test_the_places_that_help_are_a_table_that_no_spreadsheet_takes_for_a_formula(
    ingrid: StaffBrowser, sent: Sent
) -> None:
    reference = sent()
    page = ingrid.get(url(reference))
    assert [words_of(one) for one in page.all(".//table[@class='plain-table']/tbody/tr/td")][1] == "Stinta skole"
    answer = ingrid.get(url(reference, "/places.csv"))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][0] == "Hva slags sted er det?"
    assert rows[3][1] == "'=NAV Arendal"
    assert ingrid.get(url(sent(FormKey.POWER_OF_ATTORNEY), "/places.csv"), status=404).status == 404


def test_the_case_file_is_a_pdf_without_internal_notes(
    ingrid: StaffBrowser, sent: Sent, trail: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = sent()
    act(ingrid, reference, "note", note="Bare for oss.")
    answer = fetched(ingrid, url(reference, "/case.pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert reference in answer.headers["Content-Disposition"]
    assert trail(reference)[-1] == "printed"
    monkeypatch.setattr("forms_app.documents.pdf._compiled", lambda *unused: None)
    assert "Skriv ut siden" in ingrid.get(url(reference, "/case.pdf"), status=409).main
