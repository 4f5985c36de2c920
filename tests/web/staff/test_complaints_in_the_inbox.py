"""What a complaint waits for, and until when, stands in the list: nobody must open each to find the one that is due.

Where no law sets a time, the municipality's own target does, and it never looks like a deadline.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from checked_client import Page, words_of
from movable_clock import MovableClock
from staff_login import StaffBrowser, hidden_of

from forms_app.casework.access import Role
from forms_app.countries import Unit
from forms_app.forms.definition import FormKey
from forms_app.municipality import ProcessingTime
from forms_app.settings import Settings
from forms_app.storage import figures
from forms_app.storage.engine import reading
from tests.demo_cases import Sender, sample_answers
from tests.documents.pdf_reading import read_pdf, squeezed

OWN = "Kommunens eget mål"
NO_LAW = "Kommunens eget mål. Ingen lov fastsetter denne datoen."
Complain = Callable[..., str]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Arendal has set itself two weeks."""
    target = ProcessingTime(number=2, unit=Unit.WEEKS)
    places = tuple(
        replace(one, complaint_target=target) if one.key == "arendal" else one
        for one in settings.deployment.municipalities
    )
    return replace(settings, deployment=replace(settings.deployment, municipalities=places))


@pytest.fixture
def complain(settings: Settings, database: sa.Engine, clock: MovableClock) -> Complain:
    """Sends a complaint in the language of the place; its reference."""

    def send(place: str = "arendal", service: str = "") -> str:
        clock.move(minutes=1)
        language = settings.deployment.municipality(place).default_language
        sender = Sender(settings, database, place, language)
        usual = "social_dk" if place == "rudersdal" else "health"
        answers = {**sample_answers(FormKey.COMPLAINT), "role": ["myself"], "service": [service or usual]}
        return sender.send(FormKey.COMPLAINT, answers, at=clock())

    return send


@pytest.fixture
def mette(someone: Callable[[Role, str], StaffBrowser]) -> StaffBrowser:
    return someone(Role.CASE_WORKER, "rudersdal")


def line(page: Page, reference: str) -> list[str]:
    """The words of each cell of a case's line."""
    (row,) = [one for one in page.with_class("inbox-line") if reference in words_of(one)]
    return [words_of(cell) for cell in row.findall("td")]


def handle(browser: StaffBrowser, clock: MovableClock, reference: str, **said: str) -> None:
    """Say what was done with the complaint today."""
    url = f"/staff/case/{reference}/complaint"
    kept = hidden_of(browser.get(url), url)
    today = clock().date()
    on = {"on-day": [str(today.day)], "on-month": [str(today.month)], "on-year": [str(today.year)]}
    browser.post(
        url, {"csrf_token": kept["csrf_token"], **on, **{name: [value] for name, value in said.items()}}, status=303
    )


def look(browser: StaffBrowser, reference: str) -> tuple[str, str]:
    """Open the case, and what the list says then: where it stands, and its date."""
    browser.get(f"/staff/case/{reference}")
    unused_name, stands, unused_received, date, *unused_rest = line(browser.get("/staff/inbox"), reference)
    return stands, date


def test_a_danish_complaint_says_at_each_step_what_is_due_and_when(
    mette: StaffBrowser, complain: Complain, clock: MovableClock
) -> None:
    reference = complain("rudersdal")
    unread = line(mette.get("/staff/inbox"), reference)
    assert unread[1] == "Ikke åbnet"
    assert unread[3].endswith("21.12.2026 Genvurder afgørelsen")
    stands, date = look(mette, reference)
    assert (stands, "Frist om" in date or "Om" in date, "21.12.2026" in date) == ("Genvurder afgørelsen", True, True)
    handle(mette, clock, reference, outcome="partly", by="letter")
    assert look(mette, reference)[0] == "Vent på klagerens svar"
    clock.move(days=30)
    assert mette.log_in("case_worker-rudersdal").status == 303
    stands, date = look(mette, reference)
    assert stands == "Klagerens tid til at svare er udløbet"
    assert "21.12.2026" in date
    handle(mette, clock, reference, maintains="yes")
    stands, date = look(mette, reference)
    assert (stands, "5.1.2027" in date) == ("Videresend klagen", True)
    handle(mette, clock, reference)
    assert look(mette, reference) == ("Videresendt", "Ingen dato")


def test_a_complaint_that_goes_straight_on_says_so_and_stands_out(mette: StaffBrowser, complain: Complain) -> None:
    reference = complain("rudersdal", service="committee")
    assert line(mette.get("/staff/inbox"), reference)[3] == "Ingen dato Videresend klagen med det samme"
    assert look(mette, reference)[0] == "Videresend klagen med det samme"
    page = mette.get("/staff/inbox")
    assert "Videresend klagen med det samme" in [words_of(one) for one in page.with_class("strong")]


def test_an_overdue_complaint_says_in_the_box_above_the_list_what_it_waits_for(
    mette: StaffBrowser, complain: Complain, clock: MovableClock
) -> None:
    complain("rudersdal")
    clock.move(days=40)
    assert mette.log_in("case_worker-rudersdal").status == 303
    (box,) = mette.get("/staff/inbox").with_class("overdue")
    assert "Genvurder afgørelsen." in words_of(box)


def test_where_no_law_sets_a_time_the_list_shows_the_municipality_s_own_target(
    ingrid: StaffBrowser, complain: Complain, clock: MovableClock, database: sa.Engine
) -> None:
    reference = complain()
    stands, date = look(ingrid, reference)
    assert stands == "Vurder avgjørelsen på nytt"
    assert date == f"{OWN}: om 11 virkedager 7.12.2026"
    clock.move(days=16)
    assert ingrid.log_in("ingrid").status == 303
    page = ingrid.get("/staff/inbox")
    assert line(page, reference)[3] == f"{OWN}: for 1 virkedag siden 7.12.2026"
    assert page.with_class("overdue") == []
    tallies = [words_of(one) for one in page.all(".//ul[@class='tallies']/li")]
    assert [one for one in tallies if "frist" in one.casefold()] == ["0 Over fristen", "0 Frist innen en uke"]
    assert "1 Over vårt eget mål" in tallies
    assert reference in ingrid.get("/staff/inbox?due=target").main
    assert reference not in ingrid.get("/staff/inbox?due=overdue").main
    with reading(database) as connection:
        (fact,) = figures.facts(connection, "arendal", since=clock())
    assert (fact.due_on, fact.was_late) == (None, False)


def test_the_target_is_named_on_the_pages_of_the_case_and_in_the_case_file(
    ingrid: StaffBrowser, complain: Complain
) -> None:
    reference = complain()
    for url in (f"/staff/case/{reference}", f"/staff/case/{reference}/complaint"):
        page = ingrid.get(url)
        assert "7. desember 2026" in page.main
        assert NO_LAW in page.main
        assert "etter loven" not in page.main
    pdf = ingrid.browser.get(f"/staff/case/{reference}/case.pdf", base_url=ingrid.base_url).data
    assert squeezed(NO_LAW) in squeezed(read_pdf(pdf).text)


def test_the_target_lasts_until_the_complaint_has_left_the_municipality(
    ingrid: StaffBrowser, complain: Complain, clock: MovableClock
) -> None:
    reference, changed = complain(), complain()
    handle(ingrid, clock, reference, outcome="not_upheld", by="letter")
    stands, date = look(ingrid, reference)
    assert (stands, date) == ("Send klagen videre", f"{OWN}: om 11 virkedager 7.12.2026")
    handle(ingrid, clock, reference)
    assert look(ingrid, reference) == ("Sendt videre", "Ingen dato")
    handle(ingrid, clock, changed, outcome="upheld", by="letter")
    assert look(ingrid, changed) == ("Besvart", "Ingen dato")


def test_on_its_last_day_and_in_its_last_week_the_target_stands_out_like_a_date_that_is_near(
    ingrid: StaffBrowser, complain: Complain, clock: MovableClock
) -> None:
    reference = complain()
    found = []
    for days in (0, 8, 7):
        clock.move(days=days)
        assert ingrid.log_in("ingrid").status == 303
        (row,) = [one for one in ingrid.get("/staff/inbox").with_class("inbox-line") if reference in words_of(one)]
        found.append((row.get("data-urgency"), words_of(row.findall("td")[3]).partition(" 7.12.2026")[0]))
    assert found == [
        ("later", f"{OWN}: om 11 virkedager"),
        ("soon", f"{OWN}: om 5 virkedager"),
        ("soon", f"{OWN}: i dag"),
    ]


def test_who_has_no_target_is_shown_none(someone: Callable[[Role, str], StaffBrowser], complain: Complain) -> None:
    browser = someone(Role.CASE_WORKER, "kristiansand")
    reference = complain("kristiansand")
    assert look(browser, reference) == ("Vurder avgjørelsen på nytt", "Ingen dato")
    page = browser.get("/staff/inbox")
    assert "eget mål" not in page.main
