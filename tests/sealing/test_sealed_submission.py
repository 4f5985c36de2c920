"""No envelope can stand in another's place: everything is compared with the row it came from."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyrage.x25519 import Identity

from forms_app.language import Language
from forms_app.sealing.attached import open_file
from forms_app.sealing.canonical import NotCanonical, canonical_json
from forms_app.sealing.envelope import CannotOpen, Recipients, open_envelope, seal
from forms_app.sealing.submission import (
    Binding,
    BindingMismatch,
    FileFacts,
    SealedFile,
    SealedSubmission,
    SentFile,
    content_hash,
    open_everything,
    open_submission,
    open_summary,
    seal_submission,
)

ANSWERS = {
    "who": "parent",
    "needs": ["school", "ergo therapy"],
    "words": "Vi treng hjelp – på nynorsk. 😀",
    "more": None,
}
SUMMARY = {"name": "Åse Made-Up", "target_group": "children"}
LETTER = b"%PDF-1.7 a made-up letter"
PHOTO = b"\xff\xd8\xff a made-up photo"
COPY = b"\xff\xd8\xff the photo alone"
FILES = (
    SentFile(facts=FileFacts.of(LETTER, name="brev frå legen.pdf", kind="application/pdf"), content=LETTER),
    SentFile(
        facts=FileFacts.of(PHOTO, name="IMG_1.jpg", kind="image/jpeg", flags=("unscanned",), cleaned=COPY),
        content=PHOTO,
        cleaned=COPY,
    ),
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


@pytest.fixture
def sealed(binding: Binding, recipients: Recipients) -> SealedSubmission:
    return seal_submission(binding=binding, answers=ANSWERS, summary=SUMMARY, files=FILES, recipients=recipients)


def test_what_was_sent_is_opened_as_it_was_sent(
    sealed: SealedSubmission, binding: Binding, working_key: Identity
) -> None:
    opened = open_submission(sealed.answers, [working_key], expected=binding)
    assert opened.binding == binding
    assert opened.answers == ANSWERS
    assert opened.files == tuple(file.facts for file in FILES)
    assert (opened.salt, opened.content_hash) == (sealed.salt, sealed.content_hash)
    assert open_summary(sealed.summary, [working_key], expected=binding) == SUMMARY
    again, files = open_everything(sealed.answers, sealed.attachments, [working_key], expected=binding)
    assert again == opened
    assert tuple(files) == FILES


def test_the_sealed_hash_is_of_the_stored_bytes_and_the_content_hash_of_the_words(
    sealed: SealedSubmission,
) -> None:
    assert sealed.sealed_hash == sha256(sealed.answers).hexdigest()
    assert sealed.content_hash == sha256(bytes.fromhex(sealed.salt) + canonical_json(ANSWERS)).hexdigest()
    assert len(bytes.fromhex(sealed.salt)) == 16


def test_the_same_answers_give_another_hash_each_time(binding: Binding, recipients: Recipients) -> None:
    hashes = {
        seal_submission(binding=binding, answers=ANSWERS, summary=SUMMARY, files=(), recipients=recipients).content_hash
        for unused_time in range(20)
    }
    assert len(hashes) == 20


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("submission_id", "another"),
        ("reference", "0000-0000"),
        ("municipality", "another"),
        ("form", "complaint"),
        ("form_version", 2),
        ("language", Language.DA),
        ("accepted_at", datetime(2026, 11, 22, 10, 15, 30, 123457, UTC)),
    ],
)
def test_a_row_that_differs_in_one_value_is_refused_and_the_value_is_named(
    sealed: SealedSubmission, binding: Binding, working_key: Identity, field: str, value: Any
) -> None:
    other = replace(binding, **{field: value})
    with pytest.raises(BindingMismatch, match=f": {field}$"):
        open_submission(sealed.answers, [working_key], expected=other)
    with pytest.raises(BindingMismatch, match=f": {field}$"):
        open_summary(sealed.summary, [working_key], expected=other)


def test_the_acceptance_time_is_the_same_in_every_zone(
    sealed: SealedSubmission, binding: Binding, working_key: Identity
) -> None:
    oslo = binding.accepted_at.astimezone(timezone(timedelta(hours=1)))
    assert open_submission(sealed.answers, [working_key], expected=replace(binding, accepted_at=oslo))


def test_rows_swapped_between_two_cases_are_refused(
    sealed: SealedSubmission, binding: Binding, recipients: Recipients, working_key: Identity
) -> None:
    other = replace(binding, submission_id="the-other-case", reference="K7M2-9QXB")
    theirs = seal_submission(binding=other, answers={"a": 1}, summary={}, files=FILES[:1], recipients=recipients)
    with pytest.raises(BindingMismatch):
        open_submission(theirs.answers, [working_key], expected=binding)
    with pytest.raises(BindingMismatch):
        open_summary(theirs.summary, [working_key], expected=binding)
    with pytest.raises(BindingMismatch):
        open_file(sealed.attachments[1], [working_key], expected=FILES[0].facts)


def without_copy(file: SealedFile) -> SealedFile:
    return replace(file, cleaned=None)


def with_another_copy(file: SealedFile) -> SealedFile:
    return replace(file, cleaned=file.original)


def with_the_copy_in_place_of_the_file(file: SealedFile) -> SealedFile:
    return SealedFile(original=file.cleaned or b"", cleaned=file.original)


@pytest.mark.parametrize("change", [without_copy, with_another_copy, with_the_copy_in_place_of_the_file])
def test_a_cleaned_copy_that_is_gone_or_swapped_is_refused(
    sealed: SealedSubmission, binding: Binding, working_key: Identity, change: Callable[[SealedFile], SealedFile]
) -> None:
    letter, photo = sealed.attachments
    with pytest.raises(BindingMismatch):
        open_everything(sealed.answers, [letter, change(photo)], [working_key], expected=binding)


def test_a_cleaned_copy_that_nobody_made_is_refused(
    sealed: SealedSubmission, binding: Binding, working_key: Identity
) -> None:
    letter, photo = sealed.attachments
    with pytest.raises(BindingMismatch, match="cleaned copy"):
        open_everything(
            sealed.answers, [replace(letter, cleaned=photo.cleaned), photo], [working_key], expected=binding
        )


def test_a_file_too_few_is_refused(sealed: SealedSubmission, binding: Binding, working_key: Identity) -> None:
    with pytest.raises(BindingMismatch, match="2 files were sent"):
        open_everything(sealed.answers, sealed.attachments[:1], [working_key], expected=binding)


def test_what_was_sent_before_there_were_copies_is_still_opened(
    sealed: SealedSubmission, binding: Binding, recipients: Recipients, working_key: Identity
) -> None:
    def as_before(document: dict[str, Any]) -> None:
        document["files"] = [file.facts.as_sent for file in FILES[:1]]

    answers = forge(sealed, working_key, recipients, as_before)
    unused_opened, files = open_everything(answers, sealed.attachments[:1], [working_key], expected=binding)
    assert files == list(FILES[:1])


def test_envelopes_swapped_within_a_case_are_refused(
    sealed: SealedSubmission, binding: Binding, working_key: Identity
) -> None:
    for envelope in (sealed.summary, sealed.attachments[0].original):
        with pytest.raises(BindingMismatch):
            open_submission(envelope, [working_key], expected=binding)
    for envelope in (sealed.answers, sealed.attachments[0].original):
        with pytest.raises(BindingMismatch):
            open_summary(envelope, [working_key], expected=binding)
    with pytest.raises(BindingMismatch):
        open_file(SealedFile(original=sealed.answers), [working_key], expected=FILES[0].facts)


def test_a_stranger_opens_nothing(sealed: SealedSubmission, binding: Binding, stranger_key: Identity) -> None:
    with pytest.raises(CannotOpen):
        open_submission(sealed.answers, [stranger_key], expected=binding)
    with pytest.raises(CannotOpen):
        open_summary(sealed.summary, [stranger_key], expected=binding)
    with pytest.raises(CannotOpen):
        open_file(sealed.attachments[0], [stranger_key], expected=FILES[0].facts)


def test_a_file_that_is_not_what_its_facts_say_is_never_sealed(binding: Binding, recipients: Recipients) -> None:
    for content in (LETTER + b" ", LETTER[:-1] + b"!"):
        with pytest.raises(BindingMismatch) as caught:
            seal_submission(
                binding=binding,
                answers=ANSWERS,
                summary=SUMMARY,
                files=[replace(FILES[0], content=content)],
                recipients=recipients,
            )
        assert "legen" not in str(caught.value)


def forge(
    sealed: SealedSubmission,
    working_key: Identity,
    recipients: Recipients,
    change: Callable[[dict[str, Any]], None],
) -> bytes:
    """What someone who knows only the public keys could put in place of the answers, had they seen them."""
    document = json.loads(open_envelope(sealed.answers, [working_key]))
    change(document)
    return seal(json.dumps(document).encode(), recipients)


FORGERIES: list[Callable[[dict[str, Any]], Any]] = [
    lambda document: document["answers"].update(who="myself"),
    lambda document: document.update(salt="00" * 16),
    lambda document: document.update(salt="not hex"),
    lambda document: document.update(answers=["who"]),
    lambda document: document.pop("answers"),
    lambda document: document.pop("binding"),
    lambda document: document.update(binding=None),
    lambda document: document["binding"].update(accepted_at="yesterday"),
    lambda document: document["binding"].update(language="en"),
    lambda document: document["binding"].update(surprise=1),
    lambda document: document["files"][0].pop("sha256"),
    lambda document: document["files"][0].update(size="5"),
    lambda document: document["files"][0].update(name=["a"]),
    lambda document: document["files"][0].update(flags=[1]),
    lambda document: document["files"][0].update(flags=5),
    lambda document: document["files"][1].update(cleaned={"size": "5", "sha256": "0"}),
    lambda document: document["files"][1].update(cleaned={"size": 5, "sha256": 0}),
    lambda document: document["files"][1].update(cleaned=["size", "sha256"]),
    lambda document: document.update(files=[["name"]]),
    lambda document: document.update(files=["name"]),
    lambda document: document.update(format=2),
    lambda document: document.update(what="summary"),
]


@pytest.mark.parametrize("change", FORGERIES)
def test_a_forged_document_is_refused(
    sealed: SealedSubmission,
    binding: Binding,
    working_key: Identity,
    recipients: Recipients,
    change: Callable[[dict[str, Any]], None],
) -> None:
    with pytest.raises(BindingMismatch):
        open_submission(forge(sealed, working_key, recipients, change), [working_key], expected=binding)


@pytest.mark.parametrize("content", [b"", b"[]", b"5", b"\xff", b"[" * 100_000])
def test_an_envelope_with_something_else_in_it_is_refused(
    content: bytes, binding: Binding, recipients: Recipients, working_key: Identity
) -> None:
    envelope = seal(content, recipients)
    with pytest.raises(BindingMismatch):
        open_submission(envelope, [working_key], expected=binding)
    with pytest.raises(BindingMismatch):
        open_summary(envelope, [working_key], expected=binding)


@pytest.mark.parametrize("changed", [{"summary": None}, {"summary": ["name"]}, {"binding": None}, {"binding": {}}])
def test_a_summary_without_a_summary_or_a_binding_is_refused(
    sealed: SealedSubmission,
    binding: Binding,
    recipients: Recipients,
    working_key: Identity,
    changed: dict[str, Any],
) -> None:
    document = json.loads(open_envelope(sealed.summary, [working_key])) | changed
    with pytest.raises(BindingMismatch, match="summary"):
        open_summary(seal(canonical_json(document), recipients), [working_key], expected=binding)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(answers=st.dictionaries(TEXT, JSON, max_size=5))
def test_any_answers_come_back_as_they_were(
    answers: dict[str, Any], binding: Binding, recipients: Recipients, working_key: Identity
) -> None:
    sealed = seal_submission(binding=binding, answers=answers, summary={}, files=(), recipients=recipients)
    opened = open_submission(sealed.answers, [working_key], expected=binding)
    assert opened.answers == answers
    assert opened.content_hash == content_hash(opened.salt, answers)


@given(value=st.dictionaries(TEXT, JSON, max_size=5))
def test_canonical_json_does_not_depend_on_order_and_reads_back(value: dict[str, Any]) -> None:
    backwards = dict(reversed(list(value.items())))
    assert canonical_json(value) == canonical_json(backwards)
    assert json.loads(canonical_json(value)) == value


def test_canonical_json_is_written_in_one_way_only() -> None:
    assert canonical_json({"b": [1, True, None], "a": "å"}) == '{"a":"å","b":[1,true,null]}'.encode()
    composed, decomposed = "\u00e5", "a\u030a"
    assert canonical_json(composed) != canonical_json(decomposed)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", b"bytes", {1, 2}, datetime.now(UTC)])
def test_what_has_no_canonical_json_is_refused_without_being_shown(value: object) -> None:
    with pytest.raises(NotCanonical) as caught:
        canonical_json({"answer": value})
    assert "answer" not in str(caught.value)


def test_a_naive_time_is_never_bound(binding: Binding, recipients: Recipients) -> None:
    naive = replace(binding, accepted_at=binding.accepted_at.replace(tzinfo=None))
    with pytest.raises(NotCanonical, match="naive"):
        seal_submission(binding=naive, answers={}, summary={}, files=(), recipients=recipients)
