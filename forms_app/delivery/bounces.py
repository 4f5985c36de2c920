"""Reads what mail servers send back (RFC 3464), and gives the delivery up: staff see then that it did not arrive.

A report is known by the address it came to, which was made for that delivery. What is no report of a failure, such as
an absence notice, changes nothing: it can come to the same address.
"""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser, HeaderParser
from enum import StrEnum

import sqlalchemy as sa

from forms_app import log
from forms_app.delivery.channels import PermanentFailure
from forms_app.delivery.return_address import ReturnAddresses
from forms_app.storage import deliveries
from forms_app.storage.deliveries import MAILS

_ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
# What the report says comes before the mail that it gives back.
_LARGEST = 1_000_000
_BLANK_LINE = re.compile(r"\r?\n\r?\n")
_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_log = log.logger(__name__)


class MailBounced(PermanentFailure):
    """The mail server had taken the mail, and said later that it could not be delivered."""


class Outcome(StrEnum):
    """What came of a message."""

    GIVEN_UP = "given up"
    """The delivery is given up, now or before."""
    NOT_FINAL = "not final"
    """A report that it takes longer, or that it arrived."""
    NOT_OURS = "not ours"
    """No report, or of nothing that we sent: for a person to look at."""


def take(engine: sa.Engine, returns: ReturnAddresses, raw: bytes) -> Outcome:
    """Read one message as it came; raises what the database raises."""
    message = BytesParser().parsebytes(raw[:_LARGEST])
    key = _key_of(message, returns)
    actions = set(_actions(message))
    if key is None or not actions:
        return Outcome.NOT_OURS
    if "failed" not in actions:
        _log.warning("mail_delayed", delivery=key)
        return Outcome.NOT_FINAL
    with engine.begin() as connection:
        is_news = deliveries.come_back(connection, key, error=MailBounced.__name__)
    _log.error("given_up" if is_news else "bounced_again", error=MailBounced.__name__, delivery=key)
    return Outcome.GIVEN_UP


def _key_of(message: Message, returns: ReturnAddresses) -> str | None:
    """By an address that it came to, or by the name that the envelope had where the servers passed that on."""
    for name in _ADDRESSED:
        for value in _values(message, name):
            if key := returns.key_in(value, MAILS):
                return key
    for status in _statuses(message):
        for value in _values(status, "Original-Envelope-Id"):
            if key := returns.key_of(value.strip(), MAILS):
                return key
    return None


def _actions(message: Message) -> Iterator[str]:
    """What the report says of each recipient; nothing where it is no report."""
    for status in _statuses(message):
        for value in _values(status, "Action"):
            yield value.strip().lower()


def _statuses(message: Message) -> Iterator[Message]:
    """The blocks of fields: the first is of the whole mail, each other of a recipient."""
    if message.get_content_type() == "multipart/report":
        for part in _parts(message):
            for block in _parts(part) if part.get_content_type() in _REPORTS else ():
                yield block
                # The library takes apart the one kind of report only; of the other, the first block is the head of all.
                yield from (HeaderParser().parsestr(text) for text in _BLANK_LINE.split(str(block.get_payload())))


def _parts(message: Message) -> Iterator[Message]:
    """Those that there are: what claims to have parts may be cut, or have none."""
    payload = message.get_payload()
    yield from (one for one in payload if isinstance(one, Message)) if isinstance(payload, list) else ()


def _values(message: Message, name: str) -> list[str]:
    return [str(value) for value in message.get_all(name, [])]
