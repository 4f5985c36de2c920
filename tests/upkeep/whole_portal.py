"""A portal with cases, drafts and work in it, and whether all of that is there somewhere else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, File
from flask import Flask
from form_journeys import Journey, code_of
from movable_clock import MovableClock
from pyrage.x25519 import Identity
from sample_files import pdf, pdf_with

from forms_app.casework.opening import open_case
from forms_app.forms.definition import FormKey
from forms_app.intake import drafts, receipts
from forms_app.language import Language
from forms_app.sealing.attached import FileFacts, SentFile
from forms_app.sealing.codes import Code
from forms_app.sealing.signature import load_signing_key
from forms_app.settings import Settings
from forms_app.storage.contents import movable
from forms_app.storage.copying import Watch, tally
from forms_app.storage.engine import reading
from forms_app.storage.fingerprints import Tally
from forms_app.storage.migrate import Schema
from tests.demo_cases import Sender, sample_answers

EmptyPlace = Callable[[], sa.Engine]
"""Makes a database without a table."""
of_both_kinds = pytest.mark.parametrize("target_kind", ["sqlite", "postgresql"])
"""To a place of the same kind, and of the other."""


def url_of(engine: sa.Engine) -> str:
    """As DATABASE_URL has it."""
    return engine.url.set(drivername=engine.dialect.name).render_as_string(hide_password=False)


def silent(unused_phase: str) -> Watch:
    """Tells nobody how far it has come."""
    return lambda *unused: None


def watching(look: Callable[[str, str, int, int], None]) -> Callable[[str], Watch]:
    """Lets a test look on: phase, table, done, total."""
    return lambda phase: lambda table, done, total: look(phase, table, done, total)


def amounts(engine: sa.Engine, schema: Schema = Schema.PORTAL) -> list[Tally]:
    """What every table amounts to."""
    with reading(engine) as connection:
        return [tally(connection, table, watch=lambda *unused: None) for table in movable(schema)]


def small_file(name: str, content: bytes) -> SentFile:
    """As the portal keeps it once it was looked at."""
    whole = pdf(content)
    return SentFile(facts=FileFacts.of(whole, name=name, kind="application/pdf", flags=()), content=whole)


@dataclass
class Filled:
    """What was sent, by the codes of the senders; `draft` was not."""

    settings: Settings
    engine: sa.Engine
    clock: MovableClock
    identities: Sequence[Identity]
    codes: dict[str, Code] = field(default_factory=dict)
    draft: Code = field(default_factory=Code.new)

    def fill(self, app: Flask) -> None:
        """Send a form with files as a citizen does, more of each kind, and leave a draft."""
        files = [File(name="brev æ.pdf", content=pdf_with(b"\r\n\x00\xff")), File(name="notat.txt", content=b"hei")]
        answers = {"situation": "Linje en\nLinje to <b>"}
        receipt = Journey(CheckedClient(app), Language.NB, "application", answers, files).send()
        code = Code.parse(code_of(receipt))
        found = receipts.find(self.engine, code)
        assert found
        self.codes[found.binding.reference] = code
        for form in FormKey:
            self.send(form)
        hesitant = CheckedClient(app)
        journey = Journey(hesitant, Language.DA, "complaint", words="Det tager tid")
        journey.send_page(journey.begin())
        self.draft = Code.parse(hesitant.cookie("draft-complaint") or "")

    def send(self, form: FormKey = FormKey.APPLICATION, engine: sa.Engine | None = None) -> str:
        """Send one more; its reference."""
        self.clock.move(minutes=1)
        code = Code.new()
        sender = Sender(self.settings, engine or self.engine, "arendal")
        file = small_file("Vedtak.pdf", form.encode())
        reference = sender.send(form, sample_answers(form), [file], at=self.clock(), code=code)
        self.codes[reference] = code
        return reference

    def assert_is_in(self, engine: sa.Engine) -> None:
        """Every receipt verifies, every case opens with every file, and the draft can be gone on with."""
        key = load_signing_key(self.settings.signing_key).public_key
        for reference, code in self.codes.items():
            receipt = receipts.find(engine, code)
            assert receipt
            assert receipt.binding.reference == reference
            assert receipt.signed.signer([key]) == key
            later = self.clock() + timedelta(minutes=1)
            opened = open_case(engine, lambda now=later: now, self.identities, reference, actor="cli:test")
            assert opened.submission.binding == receipt.binding
            assert [file.facts.sha256 for file in opened.files] == [one.sha256 for one in receipt.files]
        draft = drafts.read(engine, self.draft)
        assert draft
        assert draft.typed
