"""Cases that belong together, as case workers meet them: suggested, joined, listed as one, and taken apart again."""

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa
from checked_client import Page, words_of
from staff_login import StaffBrowser, hidden_of

from forms_app.casework.access import Role
from forms_app.casework.status import CaseHistory, history
from forms_app.forms.definition import FormKey
from forms_app.references.reference import new_reference
from forms_app.storage import audit
from forms_app.storage.engine import DatabaseBusy, reading
from forms_app.storage.tables import cases, submissions

Sent = Callable[..., str]
Of = Callable[[str], CaseHistory]
ASE: Mapping[str, Any] = {"role": "child", "name_of_person": "Åse Ødegård", "national_id": "010115 50084"}
BO: Mapping[str, Any] = {"role": "child", "name_of_person": "Bo Ødegård"}


def url(reference: str, rest: str = "") -> str:
    return f"/staff/case/{reference}{rest}"


def act(browser: StaffBrowser, reference: str, deed: str, **fields: str) -> Page:
    """Press a button of the page, with what its form carries unseen."""
    address = url(reference, f"/{deed}")
    hidden = hidden_of(browser.get(url(reference)), address if deed != "leave" else url(reference, "/join"))
    return browser.post(address, hidden | {name: [value] for name, value in fields.items()})


def family(page: Page) -> str:
    return words_of(page.one(".//section[@aria-labelledby='family']"))


@pytest.fixture
def of(database: sa.Engine) -> Of:
    return lambda reference: history(database, reference)


@pytest.fixture
def trail(database: sa.Engine, of: Of) -> Callable[[str], list[str]]:
    """What staff did with a case."""

    def read(reference: str) -> list[str]:
        with reading(database) as connection:
            entries = audit.entries(connection, str(of(reference).submission.id))
        return [one.action for one in entries if one.actor.startswith("staff:")]

    return read


def test_the_same_person_is_suggested_with_the_reason_and_joined(
    ingrid: StaffBrowser, sent: Sent, of: Of, trail: Callable[[str], list[str]]
) -> None:
    mine, other = sent(**ASE), sent(FormKey.COMPLAINT, **ASE | {"name_of_person": "Åse Haugen"})
    perhaps = sent(**{name: value for name, value in ASE.items() if name != "national_id"})
    sent(**ASE, place="kristiansand")
    words = family(ingrid.get(url(mine)))
    assert f"Klage, {other}" in words
    assert "Samme fødselsnummer, men et annet navn" in words
    assert words.index(other) < words.index(perhaps)
    assert "så det kan være to personer." in words
    assert words.count("Knytt sakene sammen") == 3
    joined = ingrid.follow(act(ingrid, mine, "join", other=other))
    assert "Sakene er knyttet sammen." in joined.main
    assert of(mine).case.family == of(other).case.family is not None
    assert trail(other) == [f"joined with {mine}"]
    assert f"joined with {other}" in trail(mine)
    for here, there in ((mine, other), (other, mine)):
        assert there in family(ingrid.get(url(here)))
    assert "same" in act(ingrid, other, "join", other=mine).location


def test_a_case_leaves_its_family(ingrid: StaffBrowser, sent: Sent, of: Of, trail: Callable[[str], list[str]]) -> None:
    mine, other = sent(**ASE), sent(**BO)
    act(ingrid, mine, "join", other=f" {other.lower()} ")
    assert "Saken er tatt ut av familien." in ingrid.follow(act(ingrid, other, "leave")).main
    assert (of(mine).case.family, of(other).case.family) == (None, None)
    assert "same" in act(ingrid, other, "leave").location
    assert trail(mine)[-1] == f"parted from {other}"


def test_a_wrong_reference_is_on_the_page_again(ingrid: StaffBrowser, sent: Sent) -> None:
    mine, elsewhere = sent(), sent(place="kristiansand")
    for typed in ("", "K7M2", mine, elsewhere, new_reference()):
        page = act(ingrid, mine, "join", other=typed)
        assert page.status == 422
        assert "Ingen annen sak her har denne referansen" in words_of(page.with_class("ds-error-summary")[0])
        assert page.one(".//input[@id='other']").get("value") == typed
        assert page.one(".//details[@open]") is not None


def test_a_busy_database_says_so(ingrid: StaffBrowser, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*unused: object, **unused_names: object) -> None:
        raise DatabaseBusy

    mine, other = sent(), sent()
    monkeypatch.setattr("forms_app.storage.families.hold", busy)
    page = act(ingrid, mine, "join", other=other)
    assert page.status == 422
    assert page.one(".//input[@id='other']").get("value") == other


def test_the_family_is_taken_and_given_as_one_unless_one_case_is_meant(
    ingrid: StaffBrowser, sent: Sent, of: Of, trail: Callable[[str], list[str]]
) -> None:
    mine, other = sent(**ASE), sent(**BO)
    act(ingrid, mine, "join", other=other)
    assert "Åpne saker i familien: 2." in ingrid.get(url(mine)).main
    act(ingrid, mine, "assign", to="me")
    me = of(mine).case.assignee
    assert me == of(other).case.assignee is not None
    assert trail(other)[-1] == f"assigned to staff:{me}"
    act(ingrid, mine, "assign", to="nobody", only="yes")
    assert (of(mine).case.assignee, of(other).case.assignee) == (None, me)
    (leader,) = [one.get("value", "") for one in ingrid.get(url(mine)).all(".//select[@id='to']/option")]
    act(ingrid, mine, "assign", to=leader, only="yes")
    top = words_of(ingrid.get(url(other)).one(".//section[@aria-labelledby='first']"))
    assert "Familien har mer enn én saksbehandler: Ingrid Solberg, " in top
    assert act(ingrid, mine, "assign", to="me", family="what was seen before").status == 422


def test_a_new_case_says_who_knows_the_person_on_its_page_and_in_the_inbox(
    ingrid: StaffBrowser, sent: Sent, of: Of
) -> None:
    known, new = sent(**ASE), sent(FormKey.COMPLAINT, **ASE)
    perhaps = sent(**{name: value for name, value in ASE.items() if name != "national_id"})
    act(ingrid, known, "assign", to="me")
    top = words_of(ingrid.get(url(new)).one(".//section[@aria-labelledby='first']"))
    assert f"Ingrid Solberg har allerede en sak om samme person: {known}." in top
    top = words_of(ingrid.get(url(perhaps)).one(".//section[@aria-labelledby='first']"))
    assert f"Ingrid Solberg har kanskje allerede en sak om samme person: {known}." in top
    page = ingrid.get("/staff/inbox")
    lines = {reference: line_of(page, reference) for reference in (known, new, perhaps)}
    assert "Ingrid Solberg har en sak om samme person" in lines[new]
    assert "Ingrid Solberg har kanskje en sak om samme person" in lines[perhaps]
    assert "samme person" not in lines[known]
    found = ingrid.post("/staff/inbox/search", hidden_of(page, "/staff/inbox/search") | {"q": ["ødegård"]})
    assert "Ingrid Solberg har en sak om samme person" in line_of(found, new)


def line_of(page: Page, reference: str) -> str:
    (line,) = [words_of(one) for one in page.with_class("inbox-line") if reference in words_of(one)]
    return line


def test_the_inbox_marks_joined_cases_and_lists_them(ingrid: StaffBrowser, sent: Sent, of: Of) -> None:
    mine, other, alone = sent(**ASE), sent(**BO), sent(name_of_person="Kari Haugen")
    act(ingrid, mine, "join", other=other)
    page = ingrid.get("/staff/inbox")
    assert "2 saker som hører sammen" in line_of(page, mine)
    assert "hører sammen" not in line_of(page, alone)
    (link, *unused) = [one.get("href", "") for one in page.all(".//ul[@class='flags']//a")]
    assert link == f"/staff/inbox?status=all&family={of(mine).case.family}"
    for address in (link, "/staff/inbox?flag=family"):
        listed = ingrid.get(address)
        assert len(listed.with_class("inbox-line")) == 2
        assert alone not in listed.main
    assert len(ingrid.get("/staff/inbox?family=nonsense").with_class("inbox-line")) == 3


def test_the_family_has_one_list_of_cases_and_places(
    ingrid: StaffBrowser, sent: Sent, of: Of, trail: Callable[[str], list[str]]
) -> None:
    mine = sent(**ASE)
    other = sent(**BO | {"bodies-0-contact": "Læreren, 37 00 00 01"})
    complaint = sent(FormKey.COMPLAINT, **ASE)
    act(ingrid, mine, "join", other=other)
    act(ingrid, mine, "join", other=complaint)
    page = ingrid.get(url(mine, "/family"))
    for reference in (mine, other, complaint):
        assert reference in page.main
    places = words_of(page.one(".//table"))
    assert places.count("Stinta skole") == 2
    assert f"Bo Ødegård, {other}, Åse Ødegård, {mine}" in places
    assert trail(other)[-1] == "opened for the family"
    assert of(other).case.opened_at is None
    answer = fetched(ingrid, url(mine, "/family.csv"))
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [len(row) for row in rows] == [5, 5, 5, 5, 5]
    assert rows[0][-1] == "Sak"
    assert trail(other)[-1] == "exported the family"
    pdf = fetched(ingrid, url(other, "/family.pdf"))
    assert pdf.mimetype == "application/pdf"
    with pikepdf.open(io.BytesIO(pdf.data)) as opened:
        assert len(opened.pages) >= 1


def fetched(browser: StaffBrowser, address: str) -> Any:
    """An answer that is no page."""
    return browser.browser.get(address, base_url=browser.base_url)


def test_a_damaged_case_hides_no_other_in_the_list(
    ingrid: StaffBrowser, sent: Sent, of: Of, database: sa.Engine
) -> None:
    mine, other = sent(**ASE), sent(**BO)
    act(ingrid, mine, "join", other=other)
    with database.begin() as connection:
        damaged = sa.update(submissions).where(submissions.c.reference == other).values(answers=b"not age")
        connection.execute(damaged)
    page = ingrid.get(url(mine, "/family"))
    assert f"Saken til Bo Ødegård, {other} kan ikke vises." in page.main
    assert "Stinta skole" in page.main
    assert b"kan ikke vises" in fetched(ingrid, url(mine, "/family.csv")).data
    assert fetched(ingrid, url(mine, "/family.pdf")).status_code == 200


def test_a_case_alone_has_no_family_list(ingrid: StaffBrowser, sent: Sent) -> None:
    mine = sent()
    for rest in ("/family", "/family.csv", "/family.pdf"):
        ingrid.get(url(mine, rest), status=404)


@pytest.mark.parametrize("rest", ["/family", "/family.csv", "/family.pdf"])
@pytest.mark.parametrize(
    ("role", "place"),
    [(Role.CASE_WORKER, "bjornafjorden"), (Role.UNIT_LEADER, "kristiansand"), (Role.AUDITOR, "arendal")],
)
def test_whose_case_it_is_not_sees_no_family(
    ingrid: StaffBrowser,
    someone: Callable[[Role, str], StaffBrowser],
    sent: Sent,
    of: Of,
    rest: str,
    role: Role,
    place: str,
) -> None:
    mine, other = sent(**ASE), sent(**BO)
    act(ingrid, mine, "join", other=other)
    stranger = someone(role, place)
    assert stranger.get(url(mine, rest), status=403).main == stranger.get(url("ZZZZ-ZZZZ", rest), status=403).main
    token = hidden_of(stranger.get("/staff/me"), "/staff/logout")
    assert stranger.post(url(mine, "/leave"), token).status == 403
    assert stranger.post(url(mine, "/join"), token | {"other": [other]}).status == 403
    assert of(mine).case.family == of(other).case.family is not None


def test_a_case_of_another_municipality_is_neither_suggested_nor_shown_though_the_visitor_may_see_it(
    ingrid: StaffBrowser, sent: Sent, of: Of, database: sa.Engine
) -> None:
    mine, elsewhere = sent(**ASE), sent(**ASE, place="kristiansand")
    assert elsewhere not in ingrid.get(url(mine)).main
    with database.begin() as connection:
        # Nothing on the pages does this; somebody with the database might.
        family = {"family": of(mine).submission.id}
        connection.execute(
            sa.update(cases).where(cases.c.id.in_([of(one).case.id for one in (mine, elsewhere)])).values(**family)
        )
    assert elsewhere not in ingrid.get(url(mine)).main
    assert elsewhere not in ingrid.get(url(mine, "/family")).main
