"""A receipt is believed when it is the municipality's own, and not when anything in it is another."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from sample_answers import DEPLOYMENT
from signed import SIGNER, STRANGER, signed_receipt

from forms_app.documents.receipt import receipt_pdf
from forms_app.documents.signed_receipt import FILE_NAME, NotAReceipt, SignedReceipt, read
from forms_app.language import Language

KEYS = (STRANGER.public_key, SIGNER.public_key)


@pytest.fixture(scope="module")
def receipt() -> SignedReceipt:
    return signed_receipt()


@pytest.fixture(scope="module")
def pdf(receipt: SignedReceipt) -> bytes:
    return receipt_pdf(receipt, DEPLOYMENT, Language.NB)


def holds(receipt: SignedReceipt) -> bool:
    return receipt.signer(KEYS) is not None and receipt.has_its_answers


def with_attachments(pdf: bytes, **files: bytes) -> bytes:
    """The PDF with these attachments and no others."""
    changed = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for name in list(opened.attachments):
            del opened.attachments[name]
        for name, content in files.items():
            opened.attachments[name] = pikepdf.AttachedFileSpec(opened, content, filename=name)
        opened.save(changed)
    return changed.getvalue()


def test_the_true_receipt_holds_as_json_and_in_the_pdf(receipt: SignedReceipt, pdf: bytes) -> None:
    for file in (receipt.to_json(), pdf):
        assert read(file) == receipt
        assert holds(read(file))
        assert read(file).signer(KEYS) == SIGNER.public_key


def test_a_pdf_that_another_program_has_saved_still_holds(receipt: SignedReceipt, pdf: bytes) -> None:
    assert holds(read(with_attachments(pdf, **{FILE_NAME: receipt.to_json()})))


def test_a_receipt_that_somebody_else_signed_does_not_hold() -> None:
    made_up = signed_receipt(signer=STRANGER)
    assert made_up.has_its_answers
    assert made_up.signer([SIGNER.public_key]) is None
    assert made_up.signer([]) is None
    assert made_up.signer(["", "not a key", SIGNER.public_key[:-4]]) is None


def test_a_key_inside_the_file_proves_nothing(receipt: SignedReceipt) -> None:
    document = json.loads(signed_receipt(signer=STRANGER).to_json())
    document["public_key"] = STRANGER.public_key
    with pytest.raises(NotAReceipt):
        read(json.dumps(document).encode())


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "another reference": lambda one: one["receipt"].update(reference="K7M2-9QXB"),
    "earlier": lambda one: one["receipt"].update(accepted_at="2026-11-01T12:00:00.000000Z"),
    "another municipality": lambda one: one["receipt"].update(municipality="arendal"),
    "another form": lambda one: one["receipt"].update(form="complaint"),
    "another version of the form": lambda one: one["receipt"].update(form_version=2),
    "another language": lambda one: one["receipt"].update(language="da"),
    "another key": lambda one: one["receipt"].update(key_id=STRANGER.key_id),
    "another hash": lambda one: one["receipt"].update(content_hash="0" * 64),
    "a file less": lambda one: one["receipt"]["files"].pop(),
    "a file more": lambda one: one["receipt"]["files"].append(one["receipt"]["files"][0]),
    "another file": lambda one: one["receipt"]["files"][0].update(sha256="0" * 64),
    "another name of a file": lambda one: one["receipt"]["files"][0].update(name="annet.pdf"),
    "another signature": lambda one: one.update(signature="A" * 88),
    "no signature": lambda one: one.update(signature=""),
    "a signature that is none": lambda one: one.update(signature="ø"),
    "another answer": lambda one: one["answers"]["situation"].update(situation="Alt er bra."),
    "an answer less": lambda one: one["answers"]["situation"].pop("goals"),
    "an answer more": lambda one: one["answers"]["situation"].update(more="x"),
    "a step less": lambda one: one["answers"].pop("situation"),
    "another salt": lambda one: one.update(salt="cd" * 16),
    "a salt that is none": lambda one: one.update(salt="ø"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_receipt_with_a_change_does_not_hold(
    change: Callable[[dict[str, Any]], object], receipt: SignedReceipt, pdf: bytes
) -> None:
    document = json.loads(receipt.to_json())
    change(document)
    changed = json.dumps(document).encode()
    assert not holds(read(changed))
    assert not holds(read(with_attachments(pdf, **{FILE_NAME: changed})))


MALFORMED: dict[str, Callable[[dict[str, Any]], object]] = {
    "a field more": lambda one: one.update(note="granted"),
    "a field more that looks signed": lambda one: one["receipt"].update(decision="granted"),
    "a field less": lambda one: one.pop("salt"),
    "a fact less": lambda one: one["receipt"].pop("reference"),
    "a fact of another kind": lambda one: one["receipt"].update(reference=7),
    "a number as text": lambda one: one["receipt"].update(form_version="1"),
    "a version that is none": lambda one: one["receipt"].update(version="x"),
    "a day that is none": lambda one: one["receipt"].update(accepted_at="yesterday"),
    "a language that is none": lambda one: one["receipt"].update(language="xx"),
    "a file with a field more": lambda one: one["receipt"]["files"][0].update(note="x"),
    "files that are no list": lambda one: one["receipt"].update(files=None),
    "answers that are none": lambda one: one.update(answers=[]),
    "answers as pairs": lambda one: one["answers"].update(situation=[["situation", "x"]]),
    "another kind of document": lambda one: one.update(what="receipt"),
    "another format": lambda one: one.update(format=2),
}


@pytest.mark.parametrize("change", MALFORMED.values(), ids=list(MALFORMED))
def test_what_does_not_look_like_a_receipt_is_refused(
    change: Callable[[dict[str, Any]], object], receipt: SignedReceipt
) -> None:
    document = json.loads(receipt.to_json())
    change(document)
    with pytest.raises(NotAReceipt):
        read(json.dumps(document).encode())


@pytest.mark.parametrize("file", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"%PDF-1.7\nnothing", b"[" * 100_000])
def test_other_files_are_refused(file: bytes) -> None:
    with pytest.raises(NotAReceipt):
        read(file)


def test_a_name_that_stands_twice_is_refused(receipt: SignedReceipt) -> None:
    text = receipt.to_json().decode().replace('"reference": ', '"reference": "AAAA-AAAA", "reference": ', 1)
    with pytest.raises(NotAReceipt):
        read(text.encode())


def test_a_pdf_without_the_receipt_or_with_two_is_refused(receipt: SignedReceipt, pdf: bytes) -> None:
    for files in ({}, {FILE_NAME: receipt.to_json(), "other.json": receipt.to_json()}):
        with pytest.raises(NotAReceipt):
            read(with_attachments(pdf, **files))


@pytest.mark.parametrize("only", ["salt", "answers"])
def test_a_receipt_without_answers_holds_and_one_with_half_of_them_is_none(receipt: SignedReceipt, only: str) -> None:
    bare = replace(receipt, answers=None, salt=None)
    pdf = receipt_pdf(bare, DEPLOYMENT, Language.DA)
    for file in (bare.to_json(), pdf):
        assert read(file) == bare
        assert read(file).signer(KEYS) == SIGNER.public_key
        assert not read(file).has_its_answers
    document = json.loads(bare.to_json()) | {only: json.loads(receipt.to_json())[only]}
    with pytest.raises(NotAReceipt):
        read(json.dumps(document).encode())
