"""An inbox as it may look on a Monday: sixty cases of one municipality, in every state that a case can be in.

`python -m tests.demo_cases` fills the database of the environment's portal, so that the pages can be looked at.
"""

import itertools
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from forms_app.clock import local_date, utc_now
from forms_app.countries import Country
from forms_app.files.facts import FileFlag
from forms_app.forms.answers import FilledForm, fill, new_context
from forms_app.forms.definition import FormKey
from forms_app.forms.registry import FORMS
from forms_app.intake import drafts
from forms_app.intake.submit import Desk, review_hash, submit
from forms_app.language import Language, use
from forms_app.sealing.codes import Code
from forms_app.sealing.signature import load_signing_key
from forms_app.sealing.submission import FileFacts, SentFile
from forms_app.settings import Settings, from_environ
from forms_app.storage import case_events, case_work, cases, families, submissions
from forms_app.storage.case_events import CaseEvent
from forms_app.storage.engine import make_engine, reading
from forms_app.storage.staff import members
from forms_app.storage.tables import AnsweredBy, CaseStatus, deadlines, deliveries
from forms_app.storage.tables import cases as table
from tests.movable_clock import MovableClock
from tests.sample_files import pdf

Answers = Mapping[str, Sequence[str]]


def _numbered(name: str, number: str) -> Answers:
    return {"name_of_person": [name], "national_id": [number], "national_id-asked": [number]}


def _born(name: str, before: str = "") -> Answers:
    birth = {"day": "17", "month": "5", "year": "1961"}
    asked = {f"{before}birth_date-{part}": [value] for part, value in birth.items()}
    return {"grantor_name" if before else "name_of_person": [name], **asked}


GIVEN = ["Åse", "Jonas", "Ingeborg", "Mohammed", "Sunniva", "Aleksander", "Thea", "Olivia", "Bjørn", "Zofia", "Håkon"]
FAMILY = ["Ødegård", "Sæther", "Bjørnstad", "Ali", "Nygård", "Haugen", "Nguyen", "Kowalska", "Myhre", "Strand-Øyen"]
PARENTS = ["Kåre", "Marit", "Amina", "Tor Erik", "Linh"]
PEOPLE: Mapping[int, Answers] = {
    8: _numbered("Åse Ødegård", "039115 00034"), 18: _numbered("Åse Ødegård", "03911500034"),
    13: _numbered("Bo Ødegård", "039115 00042"),
    28: _numbered("Thea Myhre", "039115 00050"), 40: _numbered("Thea Myhre", "039115-00050"),
    32: _born("Zofia Kowalska"), 35: _born("Zofia Kowalska", "grantor_"),
}  # fmt: skip
"""By place: who has more than one case, or a brother with one. Zofia has given no identity number."""
JOINED = (8, 13, 18)
"""The places of one family, which a case worker has joined already."""
IN_DENMARK = {
    "coordinator": "contact_person", "individual_plan": "joint_plan", "nav": "job_centre", "health": "social_dk",
}  # fmt: skip
"""What is chosen there instead."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What the demonstration sends: which form, how long ago, and what becomes of it."""

    form: FormKey
    days_ago: int
    answers: Answers
    files: tuple[SentFile, ...] = ()
    is_opened: bool = True
    status: CaseStatus = CaseStatus.RECEIVED
    due_in: int | None = None
    marks: tuple[str, ...] = ()


def sixty() -> list[Sent]:
    """The same each time."""
    return [_sent(place) for place in range(60)]


def _sent(place: int) -> Sent:
    form = [FormKey.APPLICATION, FormKey.APPLICATION, FormKey.COMPLAINT, FormKey.POWER_OF_ATTORNEY][place % 4]
    status = [CaseStatus.IN_PROGRESS, CaseStatus.WAITING_FOR_CITIZEN, CaseStatus.ANSWERED, CaseStatus.IN_PROGRESS]
    is_opened = place % 5 != 0
    due = {7: -9, 13: -2, 22: -1, 9: 0, 17: 2, 33: 5}.get(
        place, 8 + place % 17 if form is FormKey.APPLICATION else None
    )
    marks = {2: ("stuck",), 6: ("withdrawn",), 11: ("revoked",), 4: ("late",), 18: ("late",), 28: ("mail",)}
    return Sent(
        form=form,
        days_ago=(place * 7) % 23,
        answers={**_answers(form, place), **PEOPLE.get(place, {})},
        files=(_letter(place),) if place % 3 == 0 else (),
        is_opened=is_opened,
        status=CaseStatus.CLOSED if place in (41, 51) else status[place % 4] if is_opened else CaseStatus.RECEIVED,
        due_in=due,
        marks=marks.get(place, ()),
    )


def _answers(form: FormKey, place: int) -> Answers:
    name = f"{GIVEN[place % len(GIVEN)]} {FAMILY[(place * 3) % len(FAMILY)]}"
    sender = f"{PARENTS[place % len(PARENTS)]} {FAMILY[(place * 3) % len(FAMILY)]}"
    reach: Answers = {"phone": [f"40 50 {16 + place:02d} 00"], "email": [f"post{place}@example.org"]}
    if form is FormKey.POWER_OF_ATTORNEY:
        return {
            **reach, "filled_in_by": ["grantor"], "grantor_name": [name], "agent_kind": ["person"],
            "agent_name": [sender], "may": ["apply", "see_papers"], "health_information": ["yes"],
            "case_scope": ["coordination"], "confirmed": ["y"],
        }  # fmt: skip
    role = ["child", "myself", "other", "child", "professional"][place % 5]
    who: Answers = {
        "role": [role], "name_of_person": [name], "sender_name": [sender], "birth_date-day": ["3"],
        "birth_date-month": ["11"], "birth_date-year": ["2015" if role == "child" else "1961"],
        "parental_responsibility": ["shared"], "parents_agree": [["yes", "no"][place % 2]], "authority": ["later"],
    }  # fmt: skip
    if form is FormKey.COMPLAINT:
        return {**reach, **who, "service": ["health"], "decision": ["Nei til koordinator."], "why": ["Vi er slitne."]}
    return {
        **reach, **who, "wanted": ["coordinator", "individual_plan"],
        "situation": ["Vi har fire tjenester som ikke snakker sammen.\nHver uke er det et nytt møte."],
        "goals": ["Søvn, skole og ett nummer å ringe."], "bodies-0-kind": ["school"],
        "bodies-0-body_name": ["Stinta skole"], "bodies-0-contact": ["Rektor, 37 00 00 00"],
        "bodies-0-may_exchange": ["yes"], "bodies-1-kind": ["hospital"],
        "bodies-1-body_name": ["Habilitering, Sørlandet sykehus"], "bodies-1-may_exchange": ["ask_first"],
        "bodies-2-kind": ["nav"], "bodies-2-body_name": ["=NAV Arendal"], "bodies-2-may_exchange": ["no"],
        "consent_plan": ["y"],
    }  # fmt: skip


def sample_answers(form: FormKey) -> Answers:
    """Those of the first case of this form."""
    return next(one.answers for one in sixty() if one.form is form)


def _letter(place: int) -> SentFile:
    content = pdf(b"Et vedtak")
    flags = (FileFlag.UNSCANNED.value,) if place % 2 else ()
    name = "Vedtak fra kommunen – nr. 1.pdf"
    return SentFile(facts=FileFacts.of(content, name=name, kind="application/pdf", flags=flags), content=content)


class Sender:
    """Sends forms as citizens do, without pages: the same walk, the same sealing, the same transaction."""

    def __init__(self, settings: Settings, engine: sa.Engine, place: str, language: Language | None = None) -> None:
        self.settings, self.engine, self.place = settings, engine, place
        self.municipality = settings.deployment.municipality(place)
        self.language = language or self.municipality.default_language
        self._instead = IN_DENMARK if self.municipality.country is Country.DENMARK else {}
        self.signer = load_signing_key(settings.signing_key)

    def send(
        self,
        form: FormKey,
        answers: Answers,
        files: Sequence[SentFile] = (),
        *,
        at: datetime,
        code: Code | None = None,
    ) -> str:
        """The reference of what was sent at that moment, with this `code` if one was drawn for it."""
        desk = Desk(engine=self.engine, clock=lambda: at, signer=self.signer)
        filled = self.filled(form, answers, at)
        code = drafts.begin(self.engine, FORMS[form], at, code=code)
        with self.engine.begin() as connection:
            for file in files:
                drafts.add_file(connection, code, file, at)
        draft = drafts.read(self.engine, code)
        assert draft
        reviewed = review_hash(filled, [file.facts for file in draft.files], self.language)
        recipients = self.settings.recipients[self.place]
        return submit(
            desk, draft, filled, reviewed=reviewed, municipality=self.municipality, recipients=recipients,
            language=self.language,
        ).binding.reference  # fmt: skip

    def filled(self, form: FormKey, answers: Answers, at: datetime) -> FilledForm:
        """The form with these answers on the pages that ask for them."""
        typed = {name: [self._instead.get(one, one) for one in values] for name, values in answers.items()}
        typed["municipality"] = [self.place]
        context = new_context(self.settings.deployment.municipalities, self.municipality.country, at)
        with use(self.language):
            filled = fill(FORMS[form], {step.key: typed for step in FORMS[form].steps}, context)
        assert filled.first_gap is None, filled.first_gap.form.errors
        return filled


def sending(settings: Settings, engine: sa.Engine, clock: MovableClock) -> Callable[..., str]:
    """What sends a form with these answers instead of the usual ones, a minute after the one before."""

    def send(
        form: FormKey = FormKey.APPLICATION,
        *,
        place: str = "arendal",
        files: tuple[SentFile, ...] = (),
        **answers: str | list[str],
    ) -> str:
        clock.move(minutes=1)
        given: Answers = {name: [one] if isinstance(one, str) else one for name, one in answers.items()}
        sender = Sender(settings, engine, place)
        return sender.send(form, {**sample_answers(form), **given}, files, at=clock())

    return send


def fill_inbox(
    settings: Settings,
    engine: sa.Engine,
    *,
    now: datetime,
    staff: Sequence[uuid.UUID],
    place: str = "arendal",
    wanted: Sequence[Sent] | None = None,
) -> list[str]:
    """Send everything and let it become what it becomes; the references, in the order of `wanted`."""
    sender = Sender(settings, engine, place)
    workers = itertools.cycle([None, *staff])
    found = []
    for number, one in enumerate(sixty() if wanted is None else wanted):
        at = now - timedelta(days=one.days_ago, minutes=number)
        reference = sender.send(one.form, one.answers, one.files, at=at)
        _become(engine, reference, one, next(workers) if one.is_opened else None, now)
        found.append(reference)
    if wanted is None:
        _join(engine, [found[place] for place in JOINED], staff[0] if staff else None, now)
    return found


def _join(engine: sa.Engine, references: Sequence[str], worker: uuid.UUID | None, now: datetime) -> None:
    with engine.begin() as connection:
        rows = [submissions.by_reference(connection, reference) for reference in references]
        joined = families.join(connection, [cases.of(connection, row.id).id for row in rows if row])
        for one in joined:
            case_work.assign(connection, one.case_id, worker, seen=one.assignee, now=now)


def _become(engine: sa.Engine, reference: str, one: Sent, worker: uuid.UUID | None, now: datetime) -> None:
    with engine.begin() as connection:
        row = submissions.by_reference(connection, reference)
        assert row
        case = cases.of(connection, row.id)
        if one.is_opened:
            cases.mark_opened(connection, row.id, now=row.accepted_at + timedelta(hours=3))
            cases.set_status(connection, case.id, one.status)
            case_events.add(connection, case.id, _said(one, row.accepted_at))
        if worker:
            case_work.assign(connection, case.id, worker, seen=None, now=now)
        for mark in one.marks:
            _MARKS[mark](connection, row.id, now)
        connection.execute(sa.text("DELETE FROM deadlines WHERE case_id = :case"), {"case": case.id.hex})
        if one.due_in is not None:
            due_on = local_date(now, "Europe/Oslo") + timedelta(days=one.due_in)
            connection.execute(sa.insert(deadlines), _date(case.id, due_on))


def _said(one: Sent, accepted_at: datetime) -> CaseEvent:
    """To the citizen; an answer came when two thirds of the time until today had gone by."""
    if one.status is not CaseStatus.ANSWERED:
        return CaseEvent(at=accepted_at + timedelta(hours=3), status=one.status)
    at = accepted_at + timedelta(days=one.days_ago * 2 // 3)
    on = local_date(at, "Europe/Oslo")
    return CaseEvent(at=at, status=one.status, answered_on=on, answered_by=AnsweredBy.LETTER)


def _date(case_id: uuid.UUID, due_on: date) -> dict[str, Any]:
    return {"case_id": case_id, "kind": "preliminary_answer", "due_on": due_on, "fact": "preliminary_answer"}


def _give_up(kind: str) -> Any:
    def give_up(connection: sa.Connection, submission_id: uuid.UUID, unused_now: datetime) -> None:
        owed = deliveries.c.submission_id == submission_id
        row = connection.execute(sa.select(deliveries.c.id).where(owed)).first()
        values = {"state": "given_up", "kind": kind}
        if row:
            connection.execute(sa.update(deliveries).where(deliveries.c.id == row.id).values(**values))

    return give_up


_MARKS: Mapping[str, Any] = {
    "stuck": _give_up("folder"),
    "mail": _give_up("confirmation_mail"),
    "withdrawn": lambda connection, id, now: cases.mark_withdrawn(connection, id, now=now),
    "revoked": lambda connection, id, now: cases.mark_revoked(connection, id, now=now),
    "late": lambda connection, id, now: connection.execute(
        sa.update(table).where(table.c.submission_id == id).values(is_late=True)
    ),
}


def main() -> None:
    """Fill the inbox of Arendal in the portal that the environment names."""
    settings = from_environ()
    engine, staff = make_engine(settings.database_url), make_engine(settings.staff_database_url)

    with reading(staff) as connection:
        people = [one.id for one in members.present(connection) if "arendal" in one.roles]
    print("\n".join(fill_inbox(settings, engine, now=utc_now(), staff=people[:2])))


if __name__ == "__main__":
    main()
