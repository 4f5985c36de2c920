"""Envelopes open for their recipients and for nobody else, whole or not at all; Debian's age agrees."""

import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyrage.x25519 import Identity

from forms_app.sealing.envelope import (
    CannotOpen,
    Recipients,
    TooFewRecipients,
    WrongRecipient,
    open_envelope,
    seal,
    seal_to_one,
)
from forms_app.sealing.keys import load_identities, new_identity_file, public_keys

same_keys = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)


@same_keys
@given(content=st.binary(max_size=2000))
def test_each_recipient_opens_alone(
    content: bytes, recipients: Recipients, working_key: Identity, recovery_key: Identity
) -> None:
    envelope = seal(content, recipients)
    assert open_envelope(envelope, [working_key]) == content
    assert open_envelope(envelope, [recovery_key]) == content


def test_a_large_file_keeps_its_bytes(recipients: Recipients, working_key: Identity) -> None:
    content = bytes(range(256)) * 1024
    assert open_envelope(seal(content, recipients), [working_key]) == content


def test_strangers_and_nobody_cannot_open(recipients: Recipients, stranger_key: Identity) -> None:
    envelope = seal(b"answers", recipients)
    for identities in ([stranger_key], []):
        with pytest.raises(CannotOpen):
            open_envelope(envelope, identities)


def test_nothing_of_the_content_or_the_keys_is_seen(recipients: Recipients) -> None:
    envelope = seal(b"a very private sentence" * 10, recipients)
    assert b"private" not in envelope
    assert not any(key.encode() in envelope for key in recipients.keys)
    assert seal(b"same", recipients) != seal(b"same", recipients)


@same_keys
@given(place=st.integers(0, 9_999), bit=st.integers(0, 7))
def test_a_flipped_bit_is_refused(place: int, bit: int, recipients: Recipients, working_key: Identity) -> None:
    changed = bytearray(seal(b"answers" * 20, recipients))
    changed[place % len(changed)] ^= 1 << bit
    with pytest.raises(CannotOpen):
        open_envelope(bytes(changed), [working_key])


@same_keys
@given(kept=st.integers(0, 9_999))
def test_a_cut_or_lengthened_envelope_is_refused(kept: int, recipients: Recipients, working_key: Identity) -> None:
    envelope = seal(b"answers" * 20, recipients)
    for changed in (envelope[: kept % len(envelope)], envelope + b"x"):
        with pytest.raises(CannotOpen):
            open_envelope(changed, [working_key])


@same_keys
@given(junk=st.binary(max_size=300))
def test_bytes_that_are_no_envelope_are_refused_by_name(junk: bytes, working_key: Identity) -> None:
    with pytest.raises(CannotOpen):
        open_envelope(junk, [working_key])


def test_one_key_or_the_same_key_twice_is_too_few(working_key: Identity) -> None:
    key = str(working_key.to_public())
    for keys in ((), (key,), (key, key)):
        with pytest.raises(TooFewRecipients):
            Recipients(keys)


def test_a_secret_or_a_misspelt_key_is_no_recipient(working_key: Identity, recovery_key: Identity) -> None:
    key = str(working_key.to_public())
    for wrong in (str(recovery_key), key[:-1] + ("q" if key[-1] != "q" else "p"), "", "fjordvik"):
        with pytest.raises(WrongRecipient):
            Recipients((key, wrong))
        with pytest.raises(WrongRecipient):
            seal_to_one(b"answers", wrong)


def test_the_fingerprint_knows_the_set_of_keys_and_not_their_order(
    recipients: Recipients, stranger_key: Identity
) -> None:
    keys = recipients.keys
    assert Recipients(keys[::-1]).fingerprint == recipients.fingerprint
    assert Recipients((*keys, keys[0])).fingerprint == recipients.fingerprint
    assert Recipients((*keys, str(stranger_key.to_public()))).fingerprint != recipients.fingerprint
    assert recipients.fingerprint == sha256("\n".join(sorted(keys)).encode()).hexdigest()


def command(name: str) -> str:
    """The path of a program; the tests fail where Debian's package `age` is missing."""
    found = shutil.which(name)
    assert found, f"{name} is missing: install the Debian package age"
    return found


def run(program: str, *arguments: str, given: bytes = b"") -> bytes:
    result = subprocess.run([command(program), *arguments], input=given, capture_output=True, timeout=30, check=True)
    return result.stdout


def test_debians_age_opens_what_we_seal(tmp_path: Path) -> None:
    working, recovery = tmp_path / "working.txt", tmp_path / "recovery.txt"
    recipients = Recipients((new_identity_file(working), new_identity_file(recovery)))
    envelope = seal("Klage: æøå".encode(), recipients)
    for path in (working, recovery):
        assert run("age", "--decrypt", "-i", str(path), given=envelope).decode() == "Klage: æøå"


def test_we_open_what_debians_age_seals(tmp_path: Path) -> None:
    path = tmp_path / "key.txt"
    run("age-keygen", "-o", str(path))
    (public_key,) = public_keys(path)
    assert run("age-keygen", "-y", str(path)).decode().strip() == public_key
    envelope = run("age", "--encrypt", "-r", public_key, given="Søknad".encode())
    assert open_envelope(envelope, load_identities(path)).decode() == "Søknad"


def test_debians_age_refuses_a_changed_envelope(tmp_path: Path, recovery_key: Identity) -> None:
    path = tmp_path / "key.txt"
    envelope = bytearray(seal(b"answers", Recipients((new_identity_file(path), str(recovery_key.to_public())))))
    envelope[-1] ^= 1
    with pytest.raises(subprocess.CalledProcessError):
        run("age", "--decrypt", "-i", str(path), given=bytes(envelope))
