"""Posts a parcel as JSON to an HTTPS address of the municipality, after the conventions of Standard Webhooks.

The body is `{"type": "submission.accepted", "timestamp": …, "data": {"delivery_key": …, "reference": …,
"manifest_sha256": …, "files": [{"name": …, "content": …}]}}`: `timestamp` is when the submission was accepted, each
content is base64, and one of the files is the manifest. `webhook-signature` is `v1,` and the base64 of an HMAC-SHA256
over id, time and body with dots between, once for each secret in the file, so that a secret can be exchanged.

The receiver may answer with an acknowledgement (`sealing.acknowledgement`), which is kept as the proof.
"""

import hmac
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from forms_app.clock import Clock, utc_now
from forms_app.delivery.channels import ChannelNotReady, PermanentFailure, TemporaryFailure
from forms_app.delivery.https import SUCCESS, Address, Answer, AnswerTooLong, ServerFailed, post, reach
from forms_app.delivery.means import Means
from forms_app.delivery.parcel import Parcel
from forms_app.delivery.webhook_body import chunks
from forms_app.municipality import ChannelSettings, Municipality
from forms_app.sealing.acknowledgement import NotAcknowledged, SignedAcknowledgement, read_acknowledgement

_SECRET_PREFIX = "whsec_"  # noqa: S105 - not a secret, but what each begins with
_SHORTEST_SECRET, _LONGEST_SECRET = 24, 64
_PUBLIC_KEY_BYTES = 32
_LATER_CODES = frozenset({408, 425, 429})


class WebhookUnreachable(TemporaryFailure):
    """The receiver could not be reached, hung up, or did not answer in time."""


class WebhookBusy(TemporaryFailure):
    """The receiver cannot take the parcel now, and says that it may later (408, 425, 429 or 5xx)."""


class WebhookMoved(TemporaryFailure):
    """The receiver sends us elsewhere; nothing goes anywhere but to the address in portal.toml."""


class WebhookRefused(PermanentFailure):
    """The receiver will not take the parcel as it is (4xx)."""


class AcknowledgementNotValid(TemporaryFailure):
    """What the receiver signed is not for this parcel, or not signed with a key in portal.toml: it proves nothing."""


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Where to post, what to sign with, and whose acknowledgement counts. `trusted` is a file with authorities."""

    address: Address
    secrets: tuple[bytes, ...] = field(repr=False)
    acknowledged_by: tuple[str, ...] = ()
    """Public keys (Ed25519) in base64."""
    trusted: Path | None = None
    clock: Clock = utc_now
    answer_seconds: float = 60.0
    longest_seconds: float = 600.0


def make(settings: ChannelSettings, unused_municipality: Municipality, means: Means) -> "WebhookChannel":
    """The channel. Raises ChannelNotReady, SecretMissing and WrongAddress."""
    options = settings.options
    address = Address.of(options["url"], may_be_open=means.is_demo)
    try:
        secrets = tuple(_secret(line) for line in means.secret(options["secret"]).split())
        acknowledged_by = tuple(_public_key(key) for key in options["acknowledged_by"])
    except ValueError as error:
        raise ChannelNotReady(f"acknowledged_by, or the file {options['secret']}: {error}") from error
    if not secrets:
        raise ChannelNotReady(f"the file {options['secret']} is empty")
    return WebhookChannel(
        Receiver(
            address=address,
            secrets=secrets,
            acknowledged_by=acknowledged_by,
            trusted=means.secret_file(options["ca"]) if options["ca"] else None,
            clock=means.clock,
        )
    )


def _secret(text: str) -> bytes:
    raw = b64decode(text.removeprefix(_SECRET_PREFIX), validate=True)
    if not text.startswith(_SECRET_PREFIX) or not _SHORTEST_SECRET <= len(raw) <= _LONGEST_SECRET:
        raise ValueError(f"a secret is {_SECRET_PREFIX} and base64 of {_SHORTEST_SECRET} to {_LONGEST_SECRET} bytes")
    return raw


def _public_key(text: str) -> str:
    if len(b64decode(text, validate=True)) != _PUBLIC_KEY_BYTES:
        raise ValueError("a public key is base64 of 32 bytes (Ed25519)")
    return text


class WebhookChannel:
    """Proves the hand-over where the receiver's acknowledgement is verified."""

    kind = "webhook"

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.proves_hand_over = bool(receiver.acknowledged_by)

    def deliver(self, parcel: Parcel) -> SignedAcknowledgement | None:
        """As Channel.deliver. The receiver knows a repeat by `webhook-id`, which is the delivery's key."""
        try:
            answer = post(
                self.receiver.address,
                lambda: chunks(parcel),
                headers=self._headers(parcel),
                trusted=self.receiver.trusted,
                answer_seconds=self.receiver.answer_seconds,
                longest_seconds=self.receiver.longest_seconds,
            )
        except ServerFailed as error:
            raise WebhookUnreachable(str(error)) from error
        except AnswerTooLong as error:
            raise AcknowledgementNotValid(error.meaning()) from error
        self._judge(answer)
        return self._acknowledged(answer, parcel) if self.proves_hand_over and answer.body else None

    def greet(self) -> None:
        """As Channel.greet: no further than the handshake of TLS, for there is no request that means nothing."""
        try:
            reach(self.receiver.address, trusted=self.receiver.trusted)
        except ServerFailed as error:
            raise WebhookUnreachable(str(error)) from error

    def _headers(self, parcel: Parcel) -> dict[str, str]:
        key, at = parcel.label.key, str(int(self.receiver.clock().timestamp()))
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "webhook-id": key,
            "webhook-timestamp": at,
            "webhook-signature": " ".join(f"v1,{self._signature(one, parcel, at)}" for one in self.receiver.secrets),
        }

    def _signature(self, secret: bytes, parcel: Parcel, at: str) -> str:
        signed = hmac.new(secret, f"{parcel.label.key}.{at}.".encode(), sha256)
        for chunk in chunks(parcel):
            signed.update(chunk)
        return b64encode(signed.digest()).decode()

    def _judge(self, answer: Answer) -> None:
        if answer.status in SUCCESS:
            return
        said = str(answer.status)
        if 300 <= answer.status < 400:
            raise WebhookMoved(said)
        if 400 <= answer.status < 500 and answer.status not in _LATER_CODES:
            raise WebhookRefused(said)
        raise WebhookBusy(said, wait_seconds=answer.wished_wait(self.receiver.clock()))

    def _acknowledged(self, answer: Answer, parcel: Parcel) -> SignedAcknowledgement:
        try:
            signed = read_acknowledgement(answer.body, self.receiver.acknowledged_by)
        except NotAcknowledged as error:
            raise AcknowledgementNotValid(str(error)) from error
        said = signed.acknowledgement
        if (said.delivery_key, said.manifest_sha256) != (parcel.label.key, parcel.manifest_sha256):
            raise AcknowledgementNotValid("another parcel")
        return signed
