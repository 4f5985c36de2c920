"""What a receiver signs is these bytes and no others, so that anybody can make them."""

from datetime import UTC, datetime

import pytest
from acknowledging import acknowledged, acknowledgement, public_key_of
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forms_app.sealing.acknowledgement import Acknowledgement, NotAcknowledged, read_acknowledgement

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
SHA = "ab" * 32
DELIVERY = "webhook:0f8fad5b-d9cb-469f-a165-70867728950e"


def test_the_signed_bytes_are_canonical_json() -> None:
    said = Acknowledgement(
        key_id="0123456789abcdef",
        delivery_key=DELIVERY,
        manifest_sha256=SHA,
        received_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
    )
    assert said.canonical == (
        b'{"delivery_key":"webhook:0f8fad5b-d9cb-469f-a165-70867728950e","key_id":"0123456789abcdef",'
        b'"manifest_sha256":"' + SHA.encode() + b'","received_at":"2026-11-23T12:00:00.000000Z","version":1,'
        b'"what":"acknowledgement"}'
    )


def test_what_a_receiver_signed_is_read_and_can_be_verified_again() -> None:
    signed = acknowledged(KEY, SHA, key=DELIVERY)
    assert signed.is_valid
    assert (signed.acknowledgement.delivery_key, signed.acknowledgement.manifest_sha256) == (DELIVERY, SHA)


def test_while_a_key_is_exchanged_either_counts() -> None:
    other = Ed25519PrivateKey.generate()
    known = [public_key_of(other), public_key_of(KEY)]
    for key in (other, KEY):
        assert read_acknowledgement(acknowledgement(key, SHA, key=DELIVERY), known).public_key == public_key_of(key)


def test_a_key_that_is_not_known_counts_for_nothing() -> None:
    with pytest.raises(NotAcknowledged, match="known"):
        read_acknowledgement(acknowledgement(Ed25519PrivateKey.generate(), SHA, key=DELIVERY), [public_key_of(KEY)])
    with pytest.raises(NotAcknowledged):
        read_acknowledgement(acknowledgement(KEY, SHA, key=DELIVERY), [])
