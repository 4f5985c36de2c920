"""A receipt is told from one that was made up."""

import json
import stat
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forms_app.language import Language
from forms_app.sealing.secret_files import KeyFileExists, KeyFileUnreadable
from forms_app.sealing.signature import (
    ReceiptFacts,
    ReceiptSigner,
    WrongSigningKey,
    load_signing_key,
    new_signing_key,
    verify,
)
from forms_app.sealing.submission import Binding, FileFacts

SIGNER = ReceiptSigner(Ed25519PrivateKey.generate())


@pytest.fixture
def facts(binding: Binding) -> ReceiptFacts:
    return ReceiptFacts(
        key_id=SIGNER.key_id,
        reference=binding.reference,
        municipality=binding.municipality,
        form=binding.form,
        form_version=binding.form_version,
        language=binding.language,
        accepted_at=binding.accepted_at,
        files=(FileFacts.of(b"letter", name="brev.pdf", kind="application/pdf"),),
        content_hash="ab" * 32,
    )


def test_a_signed_receipt_is_recognised(facts: ReceiptFacts) -> None:
    signature = SIGNER.sign(facts)
    assert verify(facts, signature, SIGNER.public_key)
    oslo = facts.accepted_at.astimezone(timezone(timedelta(hours=1)))
    assert verify(replace(facts, accepted_at=oslo), signature, SIGNER.public_key)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", 2),
        ("key_id", "0" * 16),
        ("reference", "0000-0000"),
        ("municipality", "another"),
        ("form", "complaint"),
        ("form_version", 2),
        ("language", Language.DA),
        ("files", ()),
        ("content_hash", "cd" * 32),
    ],
)
def test_a_receipt_changed_in_one_value_is_not_recognised(facts: ReceiptFacts, field: str, value: Any) -> None:
    assert not verify(replace(facts, **{field: value}), SIGNER.sign(facts), SIGNER.public_key)


def test_a_receipt_moved_in_time_or_with_another_file_is_not_recognised(facts: ReceiptFacts) -> None:
    signature = SIGNER.sign(facts)
    later = replace(facts, accepted_at=facts.accepted_at + timedelta(microseconds=1))
    renamed = replace(facts, files=(replace(facts.files[0], name="annet.pdf"),))
    assert not verify(later, signature, SIGNER.public_key)
    assert not verify(renamed, signature, SIGNER.public_key)


def test_what_is_found_out_about_a_file_does_not_change_what_was_signed(facts: ReceiptFacts) -> None:
    looked_at = FileFacts.of(b"letter", name="brev.pdf", kind="application/pdf", flags=("unscanned",), cleaned=b"copy")
    assert verify(replace(facts, files=(looked_at,)), SIGNER.sign(facts), SIGNER.public_key)


def test_another_key_is_not_recognised(facts: ReceiptFacts) -> None:
    other = ReceiptSigner(Ed25519PrivateKey.generate())
    theirs = replace(facts, key_id=other.key_id)
    assert not verify(theirs, other.sign(theirs), SIGNER.public_key)
    assert not verify(facts, SIGNER.sign(facts), other.public_key)


def test_a_receipt_that_names_another_key_is_not_signed_and_not_recognised(facts: ReceiptFacts) -> None:
    foreign = replace(facts, key_id="0" * 16)
    with pytest.raises(WrongSigningKey):
        SIGNER.sign(foreign)
    raw = Ed25519PrivateKey.generate()
    signed_anyway = b64encode(raw.sign(foreign.canonical)).decode()
    assert not verify(foreign, signed_anyway, ReceiptSigner(raw).public_key)


@pytest.mark.parametrize("text", ["", "not base64!", "æ", "AAAA", b64encode(bytes(64)).decode()])
def test_malformed_signatures_and_keys_are_simply_not_recognised(facts: ReceiptFacts, text: str) -> None:
    assert not verify(facts, text, SIGNER.public_key)
    assert not verify(facts, SIGNER.sign(facts), text)


def test_what_is_signed_is_the_json_that_is_documented(facts: ReceiptFacts) -> None:
    assert json.loads(facts.canonical) == {
        "what": "receipt",
        "version": 1,
        "key_id": SIGNER.key_id,
        "reference": "K7M2-9QXA",
        "municipality": "fjordvik",
        "form": "application",
        "form_version": 1,
        "language": "nn",
        "accepted_at": "2026-11-22T10:15:30.123456Z",
        "files": [{"name": "brev.pdf", "size": 6, "sha256": facts.files[0].sha256, "kind": "application/pdf"}],
        "content_hash": "ab" * 32,
    }


def test_a_signing_key_is_written_once_for_its_owner_and_read_back(tmp_path: Path, facts: ReceiptFacts) -> None:
    path = tmp_path / "signing.pem"
    public_key = new_signing_key(path)
    signer = load_signing_key(path)
    mine = replace(facts, key_id=signer.key_id)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signer.public_key == public_key
    assert verify(mine, signer.sign(mine), public_key)
    with pytest.raises(KeyFileExists):
        new_signing_key(path)


def pem_of(key: Any, encryption: serialization.KeySerializationEncryption) -> str:
    private: bytes = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    return private.decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no key",
        pem_of(generate_private_key(SECP256R1()), serialization.NoEncryption()),
        pem_of(Ed25519PrivateKey.generate(), serialization.BestAvailableEncryption(b"a password")),
    ],
    ids=["empty", "no key", "another curve", "with a password"],
)
def test_a_file_without_a_usable_signing_key_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "signing.pem"
    path.write_text(text)
    with pytest.raises(KeyFileUnreadable, match=r"signing\.pem"):
        load_signing_key(path)
