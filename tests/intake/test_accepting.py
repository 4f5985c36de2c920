"""What is stored when a form is sent: everything that was typed, once, or nothing."""

import json
from datetime import date
from hashlib import sha256

import pytest
import sqlalchemy as sa
from counter import FILES, Counter, rows
from movable_clock import SUNDAY_NOON
from people import CITIZEN
from pyrage.x25519 import Identity

from forms_app.intake import drafts, receipts, uploads
from forms_app.intake import submit as sending
from forms_app.intake.drafts import AlreadySubmitted
from forms_app.intake.submit import NotComplete, NotWhatWasReviewed
from forms_app.sealing.codes import Code
from forms_app.sealing.envelope import CannotOpen, open_envelope
from forms_app.sealing.signature import ReceiptFacts, verify
from forms_app.sealing.submission import BindingMismatch, content_hash, open_everything, open_summary
from forms_app.storage import attachments, audit, cases, deliveries, submissions
from forms_app.storage.engine import reading
from forms_app.storage.tables import draft_files, draft_steps, metadata


def test_the_envelopes_hold_what_was_typed(
    counter: Counter, database: sa.Engine, identities: tuple[Identity, ...]
) -> None:
    receipt = counter.send(counter.begin())
    with reading(database) as connection:
        row = submissions.by_reference(connection, receipt.binding.reference)
        assert row
        assert row.answers
        assert row.summary
        envelopes = attachments.sealed(connection, row.id)
    assert envelopes
    opened, files = open_everything(row.answers, envelopes, identities, expected=row.binding)
    assert {file.facts.name: file.content for file in files} == FILES
    copies = {file.facts.name: file.cleaned for file in files if file.cleaned is not None}
    assert set(copies) == {"bilde.jpg"}
    assert b"Telefon" in FILES["bilde.jpg"]
    assert b"Telefon" not in copies["bilde.jpg"]
    assert opened.answers["myself"]["address"] == CITIZEN.address
    assert opened.answers["myself"]["birth_date"] == "1961-05-17"
    assert opened.answers["change"]["why"] == "Fordi «det»\n\n& <b>\t🙂"
    assert opened.answers["reach"]["phone"] == CITIZEN.phone
    assert set(opened.answers) == {
        "municipality", "role", "myself", "service", "decision", "change", "deadline", "reach",
    }  # fmt: skip
    summary = open_summary(row.summary, identities, expected=row.binding)
    assert summary["name_of_person"] == CITIZEN.name


def test_the_row_says_what_staff_must_know_without_a_key(counter: Counter, database: sa.Engine) -> None:
    receipt = counter.send(counter.begin())
    with reading(database) as connection:
        row = submissions.by_reference(connection, receipt.binding.reference)
        assert row
        case = cases.of(connection, row.id)
        owed = deliveries.of(connection, row.id)
        trail = audit.entries(connection, str(row.id))
        listed = attachments.listed(connection, row.id)
        envelopes = attachments.of(connection, row.id)
    assert (row.municipality, row.language, row.form, row.target_group) == ("rudersdal", "nn", "complaint", "adults")
    assert row.accepted_at == SUNDAY_NOON
    assert row.sealed_hash == sha256(row.answers or b"").hexdigest()
    assert [(one.kind, one.due_on) for one in case.deadlines] == [("reassessment", date(2026, 12, 21))]
    assert not case.is_late
    assert [one.key for one in owed] == [f"folder:{row.id}"]
    assert [(entry.actor, entry.action, entry.at) for entry in trail] == [("citizen", "submitted", SUNDAY_NOON)]
    assert [one.size for one in listed] == [len(content) for content in FILES.values()]
    assert [one.sealed_hash for one in envelopes] == [sha256(one.sealed or b"").hexdigest() for one in envelopes]
    assert [one.cleaned_hash for one in envelopes] == [
        one.cleaned and sha256(one.cleaned).hexdigest() for one in envelopes
    ]
    assert case.is_unscanned


def test_the_receipt_is_what_is_stored_and_its_signature_holds(counter: Counter) -> None:
    receipt = counter.send(counter.begin())
    binding = receipt.binding
    facts = ReceiptFacts(
        key_id=receipt.key_id,
        reference=binding.reference,
        municipality=binding.municipality,
        form=binding.form,
        form_version=binding.form_version,
        language=binding.language,
        accepted_at=binding.accepted_at,
        files=receipt.files,
        content_hash=receipt.content_hash,
    )
    assert verify(facts, receipt.signature, counter.desk.signer.public_key)
    assert [one.sha256 for one in receipt.files] == [sha256(content).hexdigest() for content in FILES.values()]


def test_the_hash_on_the_receipt_is_that_of_the_sealed_answers(
    counter: Counter, database: sa.Engine, identities: tuple[Identity, ...]
) -> None:
    receipt = counter.send(counter.begin())
    with reading(database) as connection:
        row = submissions.by_reference(connection, receipt.binding.reference)
    assert row
    document = json.loads(open_envelope(row.answers or b"", identities))
    assert content_hash(document["salt"], document["answers"]) == receipt.content_hash


def test_sending_again_returns_the_same_receipt(counter: Counter, database: sa.Engine) -> None:
    code = counter.begin()
    draft, filled = counter.look(code)
    first = counter.send(code)
    assert receipts.find(counter.desk.engine, code) == first
    municipality = filled.context.municipality
    assert municipality
    again = sending.submit(
        counter.desk,
        draft,
        filled,
        reviewed="of another page",
        municipality=municipality,
        recipients=counter.settings.recipients[municipality.key],
        language=first.binding.language,
    )
    assert again == first
    assert rows(database)["submissions"] == 1


def test_the_draft_holds_nothing_after_sending_and_takes_nothing_more(counter: Counter, database: sa.Engine) -> None:
    code = counter.begin()
    counter.send(code)
    assert rows(database)[draft_steps.name] == rows(database)[draft_files.name] == 0
    now = counter.desk.clock()
    with pytest.raises(AlreadySubmitted):
        drafts.save_step(counter.desk.engine, code, "change", {"why": ["for sent"]}, read_revision=0, now=now)
    with pytest.raises(AlreadySubmitted):
        uploads.keep(counter.desk.engine, code, name="sent.txt", content=b"for sent", now=now)
    assert rows(database)[draft_steps.name] == rows(database)[draft_files.name] == 0


def test_the_own_copy_opens_with_the_code_only(
    counter: Counter, database: sa.Engine, identities: tuple[Identity, ...]
) -> None:
    code = counter.begin()
    counter.send(code)
    with reading(database) as connection:
        row = submissions.by_draft(connection, code.draft_id)
    assert row
    assert row.own_copy
    assert open_envelope(row.own_copy, [code.age_identity])
    for others in ([Code.new().age_identity], list(identities)):
        with pytest.raises(CannotOpen):
            open_envelope(row.own_copy, others)
    assert receipts.find(counter.desk.engine, Code.new()) is None


def test_an_own_copy_in_another_row_is_refused(counter: Counter, database: sa.Engine) -> None:
    mine, other = counter.begin(), counter.begin()
    counter.send(mine)
    counter.send(other)
    table = metadata.tables["submissions"]
    with reading(database) as connection:
        row = submissions.by_draft(connection, mine.draft_id)
    assert row
    with database.begin() as connection:
        connection.execute(sa.update(table).where(table.c.draft_id == other.draft_id).values(own_copy=row.own_copy))
    with pytest.raises(CannotOpen):
        receipts.find(counter.desk.engine, other)
    with database.begin() as connection:
        connection.execute(sa.update(table).where(table.c.draft_id == mine.draft_id).values(reference="0000-0000"))
    with pytest.raises(BindingMismatch):
        receipts.find(counter.desk.engine, mine)


def test_a_form_with_a_gap_is_not_accepted(counter: Counter, database: sa.Engine) -> None:
    code = counter.begin()
    draft, unused_filled = counter.look(code)
    read = draft.revisions["reach"]
    drafts.save_step(counter.desk.engine, code, "reach", {}, read_revision=read, now=counter.desk.clock())
    with pytest.raises(NotComplete):
        counter.send(code)
    assert rows(database)["submissions"] == 0


def test_what_was_not_reviewed_is_not_accepted(counter: Counter, database: sa.Engine) -> None:
    with pytest.raises(NotWhatWasReviewed):
        counter.send(counter.begin(), reviewed="another hash")
    assert rows(database)["submissions"] == 0
