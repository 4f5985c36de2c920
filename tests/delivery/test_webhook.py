"""Webhooks to a real HTTPS server: signed, once, never anywhere else, and believed only with a signature."""

import base64
import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from acknowledging import acknowledgement, public_key_of
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from mail_servers import certificate, free_port, jammed, say_nothing, spin_it_out, talking
from webhook_receiver import SECRET, Answer, WebhookReceiver, says, webhook_receiver

from forms_app.delivery.channels import PermanentFailure, TemporaryFailure
from forms_app.delivery.channels.webhook import (
    AcknowledgementNotValid,
    Receiver,
    WebhookBusy,
    WebhookChannel,
    WebhookMoved,
    WebhookRefused,
    WebhookUnreachable,
)
from forms_app.delivery.https import Address, WrongAddress
from forms_app.delivery.parcel import Label, Parcel, sealed_parcel
from forms_app.sealing.attached import SealedFile

KEY = "folder:ABCD2345"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[WebhookReceiver]:
    with webhook_receiver(tmp_path) as receiver:
        yield receiver


def known_as(receiver: WebhookReceiver, **changed: Any) -> Receiver:
    """The receiver as the portal knows it."""
    usual = Receiver(
        address=Address.of(receiver.url, may_be_open=False),
        secrets=(base64.b64decode(receiver.secret.removeprefix("whsec_")),),
        acknowledged_by=(public_key_of(receiver.key),),
        trusted=receiver.trusted,
        answer_seconds=10,
        longest_seconds=20,
    )
    return replace(usual, **changed)


def failure(receiver: Receiver, parcel: Parcel) -> Any:
    with pytest.raises((TemporaryFailure, PermanentFailure)) as caught:
        WebhookChannel(receiver).deliver(parcel)
    return caught.value


def test_a_parcel_is_posted_signed_and_acknowledged(receiver: WebhookReceiver, parcel: Parcel) -> None:
    signed = WebhookChannel(known_as(receiver)).deliver(parcel)
    assert receiver.parcels[KEY] == {
        **{file.name: file.content for file in parcel.files},
        "manifest.json": parcel.manifest(),
    }
    (request,) = receiver.requests
    assert request["path"] == "/portal/in?from=portal"
    assert request["content-type"] == "application/json"
    assert signed
    assert signed.is_valid
    assert signed.acknowledgement.manifest_sha256 == parcel.manifest_sha256


def test_a_large_sealed_parcel_arrives_byte_for_byte(receiver: WebhookReceiver, label: Label) -> None:
    content = bytes(range(256)) * 8192 + b"odd"
    parcel = sealed_parcel(label, answers=b"", attachments=[SealedFile(original=content)])
    WebhookChannel(known_as(receiver)).deliver(parcel)
    assert receiver.parcels[KEY]["attachments/01.age"] == content
    assert receiver.parcels[KEY]["answers.age"] == b""


def test_a_repeat_is_known_by_its_id_and_acknowledged_again(receiver: WebhookReceiver, parcel: Parcel) -> None:
    channel = WebhookChannel(known_as(receiver))
    for unused_time in range(2):
        assert channel.deliver(parcel)
    assert len(receiver.requests) == 2
    assert list(receiver.parcels) == [KEY]


def test_while_a_secret_is_exchanged_both_sign(receiver: WebhookReceiver, parcel: Parcel) -> None:
    known = known_as(receiver)
    WebhookChannel(replace(known, secrets=(b"n" * 32, *known.secrets))).deliver(parcel)
    assert KEY in receiver.parcels


def test_a_wrong_secret_is_refused_for_good(receiver: WebhookReceiver, parcel: Parcel) -> None:
    assert isinstance(failure(known_as(receiver, secrets=(b"x" * 32,)), parcel), WebhookRefused)
    assert receiver.parcels == {}


def test_without_a_key_to_check_with_nothing_is_proven_whatever_the_answer(
    receiver: WebhookReceiver, parcel: Parcel
) -> None:
    channel = WebhookChannel(known_as(receiver, acknowledged_by=()))
    assert channel.deliver(parcel) is None
    assert not channel.proves_hand_over
    receiver.answers = [says(202, b"Thank you")]
    assert channel.deliver(parcel) is None


def test_a_receiver_that_signs_nothing_is_delivered_to_and_proves_nothing(
    receiver: WebhookReceiver, parcel: Parcel
) -> None:
    receiver.signs = False
    channel = WebhookChannel(known_as(receiver))
    assert channel.proves_hand_over
    assert channel.deliver(parcel) is None


def forged(receiver: WebhookReceiver, parcel: Parcel) -> bytes:
    return acknowledgement(Ed25519PrivateKey.generate(), parcel.manifest_sha256, key=KEY)


def tampered(receiver: WebhookReceiver, parcel: Parcel) -> bytes:
    said = json.loads(acknowledgement(receiver.key, parcel.manifest_sha256, key=KEY))
    return json.dumps(said | {"received_at": "2020-01-01T00:00:00.000000Z"}).encode()


def of_another_content(receiver: WebhookReceiver, parcel: Parcel) -> bytes:
    return acknowledgement(receiver.key, "0" * 64, key=KEY)


def of_another_delivery(receiver: WebhookReceiver, parcel: Parcel) -> bytes:
    return acknowledgement(receiver.key, parcel.manifest_sha256, key="webhook:other")


def changed(name: str, value: Any) -> Callable[[WebhookReceiver, Parcel], bytes]:
    def make(receiver: WebhookReceiver, parcel: Parcel) -> bytes:
        return json.dumps(
            json.loads(acknowledgement(receiver.key, parcel.manifest_sha256, key=KEY)) | {name: value}
        ).encode()

    return make


@pytest.mark.parametrize(
    "answer",
    [
        forged,
        tampered,
        of_another_content,
        of_another_delivery,
        changed("signature", "nonsense"),
        changed("signature", None),
        changed("delivery_key", "ø"),
        changed("received_at", "yesterday"),
        changed("received_at", 1),
        lambda *unused: b"OK",
        lambda *unused: b"[]",
        lambda *unused: b"{}",
        lambda *unused: b"[" * 60_000,
        lambda *unused: b"\xff",
        lambda *unused: b" " * 70_000,
    ],
)
def test_what_does_not_prove_anything_is_no_success(
    receiver: WebhookReceiver, parcel: Parcel, answer: Callable[[WebhookReceiver, Parcel], bytes]
) -> None:
    receiver.answers = [says(200, answer(receiver, parcel))]
    caught = failure(known_as(receiver), parcel)
    assert isinstance(caught, AcknowledgementNotValid)
    assert isinstance(caught, TemporaryFailure)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
def test_what_the_receiver_will_never_take_is_for_staff_to_look_at(
    receiver: WebhookReceiver, parcel: Parcel, status: int
) -> None:
    receiver.answers = [says(status, b"x" * 100_000)]
    caught = failure(known_as(receiver), parcel)
    assert isinstance(caught, WebhookRefused)
    assert isinstance(caught, PermanentFailure)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_what_the_receiver_may_take_later_is_tried_again(
    receiver: WebhookReceiver, parcel: Parcel, status: int
) -> None:
    receiver.answers = [says(status)]
    caught = failure(known_as(receiver), parcel)
    assert isinstance(caught, WebhookBusy)
    assert caught.wait_seconds == 0


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("3600", 3600),
        (format_datetime(NOW + timedelta(hours=2), usegmt=True), 7200),
        (format_datetime(NOW - timedelta(hours=2), usegmt=True), 0),
        ("Mon, 23 Nov 2026 14:00:00 -0000", 0),
        ("9" * 40, 999_999_999),
        ("soon", 0),
        ("-5", 0),
    ],
)
def test_a_receiver_says_how_long_it_wants_to_be_left_alone(
    receiver: WebhookReceiver, parcel: Parcel, said: str, seconds: float
) -> None:
    receiver.answers = [says(429, Retry_After=said)]
    assert failure(known_as(receiver, clock=lambda: NOW), parcel).wait_seconds == seconds


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nothing_follows_a_receiver_elsewhere(receiver: WebhookReceiver, parcel: Parcel, status: int) -> None:
    receiver.answers = [says(status, Location=receiver.url)]
    caught = failure(known_as(receiver), parcel)
    assert isinstance(caught, WebhookMoved)
    assert isinstance(caught, TemporaryFailure)
    assert receiver.parcels == {}


def test_a_server_that_nobody_vouches_for_gets_nothing(
    receiver: WebhookReceiver, parcel: Parcel, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = certificate(tmp_path / "other", "127.0.0.1")
    for trusted in (None, other, tmp_path / "missing.pem"):
        assert isinstance(failure(known_as(receiver, trusted=trusted), parcel), WebhookUnreachable)
    with pytest.raises(WebhookUnreachable):
        WebhookChannel(known_as(receiver, trusted=None)).greet()
    assert receiver.requests == []


def test_a_server_that_is_gone_is_waited_for(receiver: WebhookReceiver, parcel: Parcel) -> None:
    for url in (f"https://127.0.0.1:{free_port()}/", "https://nowhere.invalid/", f"https://{'x' * 64}.invalid/"):
        assert isinstance(
            failure(known_as(receiver, address=Address.of(url, may_be_open=False)), parcel), WebhookUnreachable
        )


def test_a_server_can_be_greeted_without_a_parcel(receiver: WebhookReceiver) -> None:
    WebhookChannel(known_as(receiver)).greet()
    assert receiver.requests == []


def half_an_answer(request: BaseHTTPRequestHandler) -> Answer:
    request.rfile.read(int(request.headers["Content-Length"]))
    return 200, {"Content-Length": "100"}, b"half"


def half_a_chunk(request: BaseHTTPRequestHandler) -> None:
    request.rfile.read(int(request.headers["Content-Length"]))
    request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf")


def no_answer(request: BaseHTTPRequestHandler) -> None:
    request.rfile.read(int(request.headers["Content-Length"]))


def nonsense(request: BaseHTTPRequestHandler) -> None:
    request.rfile.read(int(request.headers["Content-Length"]))
    request.wfile.write(b"SMTP ready\r\n\r\n")


def half_a_head(request: BaseHTTPRequestHandler) -> None:
    request.rfile.read(int(request.headers["Content-Length"]))
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Ty")


@pytest.mark.parametrize("answer", [half_a_head, half_an_answer, half_a_chunk, no_answer, nonsense])
@pytest.mark.parametrize("is_acknowledged", [True, False])
def test_half_an_answer_is_none(receiver: WebhookReceiver, parcel: Parcel, answer: Any, is_acknowledged: bool) -> None:
    receiver.answers = [answer]
    known = known_as(receiver) if is_acknowledged else known_as(receiver, acknowledged_by=())
    assert isinstance(failure(known, parcel), WebhookUnreachable)


def refuse_at_once(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    request.wfile.flush()
    # It goes on reading for a while, or its answer would be lost with the connection.
    request.connection.settimeout(1)
    try:
        request.rfile.read(1_000_000)
    finally:
        request.close_connection = True


def test_an_answer_that_comes_before_everything_was_sent_is_heard(receiver: WebhookReceiver, label: Label) -> None:
    receiver.answers = [refuse_at_once]
    parcel = sealed_parcel(label, answers=b"a" * 30_000_000, attachments=[])
    caught = failure(known_as(receiver), parcel)
    # If the connection breaks before the answer is read, nobody knows better than to try again.
    assert isinstance(caught, WebhookRefused | WebhookUnreachable)


def dribbling(head: bytes) -> Any:
    def dribble(request: BaseHTTPRequestHandler) -> None:
        request.rfile.read(int(request.headers["Content-Length"]))
        request.wfile.write(b"HTTP/1.1 200 OK\r\n" + head)
        for unused_time in range(1000):
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(0.02)

    return dribble


def test_no_answer_is_waited_for_without_end(receiver: WebhookReceiver, parcel: Parcel) -> None:
    start = time.monotonic()
    receiver.answers = [dribbling(b"X-Long: "), dribbling(b"Content-Length: 9999\r\nConnection: close\r\n\r\n")]
    for unused_answer in range(2):
        assert isinstance(failure(known_as(receiver, longest_seconds=0.5), parcel), WebhookUnreachable)
    for server in (talking(say_nothing), talking(spin_it_out), jammed()):
        with server as port:
            address = Address.of(f"https://127.0.0.1:{port}/", may_be_open=False)
            known = known_as(receiver, address=address, answer_seconds=0.5, longest_seconds=1)
            assert isinstance(failure(known, parcel), WebhookUnreachable)
    assert time.monotonic() - start < 15


def deaf(connection: socket.socket, is_over: Any) -> None:
    is_over.wait(30)


def test_a_receiver_that_reads_nothing_is_hung_up_on(receiver: WebhookReceiver, label: Label) -> None:
    parcel = sealed_parcel(label, answers=b"a" * 30_000_000, attachments=[])
    with talking(deaf) as port:
        address = Address.of(f"http://127.0.0.1:{port}/", may_be_open=False)
        known = known_as(receiver, address=address, answer_seconds=0.5, longest_seconds=1)
        assert isinstance(failure(known, parcel), WebhookUnreachable)


def test_an_address_is_taken_apart() -> None:
    assert Address.of("https://example.org", may_be_open=False) == Address(
        is_encrypted=True, host="example.org", port=443, target="/"
    )
    open_one = Address.of("http://example.org:8080/a?b=c", may_be_open=True)
    assert open_one == Address(is_encrypted=False, host="example.org", port=8080, target="/a?b=c")
    assert Address.of("http://example.org", may_be_open=True).port == 80
    for this_machine in ("http://localhost/", "http://127.0.0.1/", "http://[::1]:80/"):
        assert not Address.of(this_machine, may_be_open=False).is_encrypted


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "http://127.example.org/",
        "ftp://example.org/",
        "https:///path",
        "https://user@example.org/",
        "https://example.org/#part",
        "https://example.org:port/",
        "https://blåbær.no/",
        "example.org",
        "",
    ],
)
def test_what_is_no_address_to_post_to_is_refused(url: str) -> None:
    with pytest.raises(WrongAddress):
        Address.of(url, may_be_open=False)


def test_secrets_are_shown_to_nobody(receiver: WebhookReceiver) -> None:
    assert "s" * 32 not in repr(known_as(receiver))
    assert SECRET not in repr(known_as(receiver))
