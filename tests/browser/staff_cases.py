"""One case of each kind that a staff page may have to show, in each municipality that is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from forms_app.casework import assignment, families, notes
from forms_app.casework.complaints import ComplaintOutcome, Handler
from forms_app.casework.coordinators import Register
from forms_app.casework.opening import open_case
from forms_app.casework.retention import EXPORTED, Archivist
from forms_app.casework.status import Change, history, set_status
from forms_app.clock import local_date, utc_now
from forms_app.countries import rules_for
from forms_app.files.facts import FileFlag
from forms_app.forms.definition import FormKey
from forms_app.sealing.attached import FileFacts, SentFile
from forms_app.sealing.keys import load_identities
from forms_app.settings import Settings
from forms_app.storage import audit
from forms_app.storage.staff import members
from forms_app.storage.tables import AnsweredBy, CaseStatus, TargetGroup, deliveries, submissions
from tests.demo_cases import Answers, Sender, fill_inbox, sample_answers, sixty
from tests.sample_files import HEIC, pdf

SHA = "ab" * 32
_BORN = {"birth_date-day": ["3"], "birth_date-month": ["11"], "birth_date-year": ["1961"]}
_LATE = {"received_date-day": ["3"], "received_date-month": ["11"], "received_date-year": ["2025"]}
_LONG = "Støtte til avlastning, oppfølging og samordning av tjenester"


@dataclass
class Cases:
    """Sends and handles them for one municipality as `member`; `found` are the references by what the case is like."""

    settings: Settings
    engine: sa.Engine
    staff: sa.Engine
    place: str
    now: datetime = field(default_factory=utc_now)
    found: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert self.settings.opening_keys
        municipality = self.settings.deployment.municipality(self.place)
        self._identities = load_identities(self.settings.opening_keys)
        self._rules = rules_for(municipality.country)
        self._sender = Sender(self.settings, self.engine, self.place)
        with self.staff.connect() as connection:
            self._people = [one for one in members.present(connection) if self.place in one.roles]
        self._member = next(one for one in self._people if one.name == "Kari Lunde")
        self._actor = f"staff:{self._member.id}"

    def prepare(self, *, ordinary: int) -> Mapping[str, str]:
        """All of them, after so many ordinary ones."""
        everybody = [one.id for one in self._people][:2]
        fill_inbox(
            self.settings, self.engine, now=self.now, staff=everybody, place=self.place, wanted=sixty()[:ordinary]
        )
        self._applications()
        self._complaints()
        self._ended()
        self._capacities()
        with self.engine.begin() as connection:
            connection.execute(sa.update(deliveries).values(state="succeeded"))
        return self.found

    def _applications(self) -> None:
        power = self._send("power", FormKey.POWER_OF_ATTORNEY)
        full = self._send("full", role=["myself"], name_of_person=[f"Åse Ødegård {_LONG}"], files=_files(), **_BORN)
        other = self._send("relative", FormKey.COMPLAINT, role=["myself"])
        acting = {"role": ["other"], "authority": ["given_here"], "authority_reference": [power]}
        self._send("acting", FormKey.COMPLAINT, **acting)
        self._send("unconfirmed", role=["other"], authority=["later"])
        self._send("not opened")
        known, colleagues = history(self.engine, full), [self._member.id]
        assignment.assign(
            self.engine, utc_now, known.case, self._member.id, seen=None, colleagues=colleagues, actor=self._actor
        )
        for text in ("Ringte mor.\nHun vil ha møtet før jul.", _LONG):
            recipients = self.settings.recipients[self.place]
            notes.add(self.engine, utc_now, recipients, known.case, text, actor=self._actor)
        families.join(self.engine, utc_now, known, other, colleagues=colleagues, actor=self._actor)

    def _complaints(self) -> None:
        today = local_date(self.now, self._rules.time_zone)
        handler = Handler(engine=self.engine, clock=utc_now, rules=self._rules, actor=self._actor)
        self._send("complaint", FormKey.COMPLAINT)
        self._send("late complaint", FormKey.COMPLAINT, **_LATE)
        for outcome in (ComplaintOutcome.PARTLY, ComplaintOutcome.NOT_UPHELD):
            handler.reconsider(self._send(outcome, FormKey.COMPLAINT), outcome, on=today)
        forwarded = self._send("forwarded", FormKey.COMPLAINT)
        handler.reconsider(forwarded, ComplaintOutcome.NOT_UPHELD, on=today)
        handler.forward(forwarded, on=today, goes_straight_on=False)

    def _ended(self) -> None:
        """Two that can be erased, one that is erased, two that are kept, and two whose contents were swapped."""
        archivist = Archivist(
            engine=self.engine, clock=utc_now, zone=self._rules.time_zone,
            rules=self.settings.deployment.retention, actor=self._actor,
        )  # fmt: skip
        for name in ("erased", "ready", "also ready"):
            self._close(self._send(name))
            self._export(self.found[name])
            archivist.sign_off(self.found[name], SHA)
        with self.engine.begin() as connection:
            connection.execute(sa.update(deliveries).values(state="succeeded"))
        assert archivist.erase(self.place, [self.found["erased"]])
        self._close(self._send("kept"))
        self._close(self._send("kept complaint", FormKey.COMPLAINT))
        one, other = self._send("swapped"), self._send("swapped too")
        with self.engine.begin() as connection:
            sealed = {
                row.reference: row.answers
                for row in connection.execute(
                    sa.select(submissions.c.reference, submissions.c.answers).where(
                        submissions.c.reference.in_([one, other])
                    )
                )
            }
            for mine, anothers in ((one, other), (other, one)):
                here = submissions.c.reference == mine
                connection.execute(sa.update(submissions).where(here).values(answers=sealed[anothers]))

    def _capacities(self) -> None:
        municipality = self.settings.deployment.municipality(self.place)
        register = Register(
            engine=self.engine, staff=self.staff, clock=utc_now, municipality=self.place, country=municipality.country
        )
        register.set_capacity(self._member.id, TargetGroup.ADULTS, 1, actor=self._actor)
        register.set_capacity(self._member.id, TargetGroup.CHILDREN, 12, actor=self._actor)

    def _send(
        self,
        name: str,
        form: FormKey = FormKey.APPLICATION,
        *,
        files: Sequence[SentFile] = (),
        **answers: Sequence[str],
    ) -> str:
        given: Answers = {**sample_answers(form), **answers}
        at = self.now - timedelta(minutes=60 - len(self.found))
        self.found[name] = self._sender.send(form, given, files, at=at)
        return self.found[name]

    def _close(self, reference: str) -> None:
        open_case(self.engine, utc_now, self._identities, reference, actor=self._actor)
        today = local_date(self.now, self._rules.time_zone)
        change = Change(status=CaseStatus.ANSWERED, on=today, by=AnsweredBy.LETTER)
        set_status(self.engine, utc_now, reference, change, actor=self._actor)

    def _export(self, reference: str) -> None:
        subject = str(history(self.engine, reference).submission.id)
        with self.engine.begin() as connection:
            audit.record(connection, at=utc_now(), actor=self._actor, action=f"{EXPORTED} {SHA}", subject=subject)


def _files() -> tuple[SentFile, ...]:
    """One to look at, one that nothing could open, and one with a long name and a cleaned copy."""
    letter, act = pdf(b"Et vedtak"), pdf(b"Et skjema")
    flags = (FileFlag.UNCHECKED.value, FileFlag.UNSCANNED.value)
    return (
        SentFile(facts=FileFacts.of(letter, name="Vedtak fra kommunen.pdf", kind="application/pdf"), content=letter),
        SentFile(facts=FileFacts.of(HEIC, name="bilde.heic", kind="image/heic", flags=flags), content=HEIC),
        SentFile(
            facts=FileFacts.of(
                act, name=f"{_LONG}.pdf", kind="application/pdf", flags=(FileFlag.ACTIVE.value,), cleaned=letter
            ),
            content=act,
            cleaned=letter,
        ),
    )
