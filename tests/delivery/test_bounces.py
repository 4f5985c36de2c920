"""Mail that comes back is known by the address that it comes to, and its delivery is given up."""

import uuid
from collections.abc import Callable
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from bounce_reports import REPORTS, absence, exchange, postfix
from hypothesis import given
from hypothesis import strategies as st

from forms_app.delivery.bounces import Outcome, take
from forms_app.delivery.return_address import ReturnAddresses
from forms_app.delivery.worker import Worker
from forms_app.storage import deliveries
from forms_app.storage.deliveries import MAILS, Delivery
from forms_app.storage.leases import Lane
from forms_app.storage.tables import DeliveryStatus
from forms_app.storage.tables import Outcome as HowItEnded

Owe = Callable[..., None]
Find = Callable[..., Delivery]
SUBMISSION = "0f8fad5b-d9cb-469f-a165-70867728950e"
KEY = f"notice:{SUBMISSION}"
RETURNS = ReturnAddresses(pattern="bounces+*@mail.example.org", secret_key="k" * 32)


@pytest.fixture
def sent(engine: sa.Engine, owe: Owe) -> None:
    """A notice that the mail server took."""
    owe(KEY, kind="notice")
    Worker(engine, {"notice": lambda claimed: None}, lane=Lane.MAIL, poll_seconds=0.02).run_once()


@pytest.mark.parametrize("report", REPORTS.values(), ids=list(REPORTS))
def test_a_report_of_failure_gives_the_delivery_up(
    engine: sa.Engine, sent: None, delivery: Find, report: Callable[[str], bytes]
) -> None:
    assert delivery(KEY).state is DeliveryStatus.SUCCEEDED
    assert take(engine, RETURNS, report(RETURNS.of(KEY))) is Outcome.GIVEN_UP
    given_up = delivery(KEY)
    assert (given_up.state, given_up.last_error, given_up.attempts) == (DeliveryStatus.GIVEN_UP, "MailBounced", 2)
    assert [(one.number, one.outcome, one.error) for one in given_up.trail] == [
        (1, HowItEnded.SUCCEEDED, None),
        (2, HowItEnded.FAILED, "MailBounced"),
    ]


def test_a_report_that_comes_twice_changes_nothing_more(engine: sa.Engine, sent: None, delivery: Find) -> None:
    for unused_time in range(2):
        assert take(engine, RETURNS, postfix(RETURNS.of(KEY))) is Outcome.GIVEN_UP
    assert len(delivery(KEY).trail) == 2


def test_a_report_is_known_by_the_name_of_the_envelope_too(engine: sa.Engine, sent: None, delivery: Find) -> None:
    raw = postfix("postmaster@example.org", envelope_id=RETURNS.tag(KEY).upper())
    assert take(engine, RETURNS, raw) is Outcome.GIVEN_UP
    assert delivery(KEY).state is DeliveryStatus.GIVEN_UP


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "Delayed"])
def test_a_report_of_anything_else_leaves_the_delivery_as_it_is(
    engine: sa.Engine, sent: None, delivery: Find, action: str
) -> None:
    assert take(engine, RETURNS, postfix(RETURNS.of(KEY), action=action)) is Outcome.NOT_FINAL
    assert delivery(KEY).state is DeliveryStatus.SUCCEEDED


def cut(raw: bytes, after: bytes) -> bytes:
    return raw[: raw.index(after)]


STRANGER = ReturnAddresses(pattern="bounces+*@mail.example.org", secret_key="x" * 32)


@pytest.mark.parametrize(
    "raw",
    [
        absence(RETURNS.of(KEY)),
        postfix("portal@mail.example.org"),
        postfix(STRANGER.of(KEY)),
        postfix("bounces+@mail.example.org"),
        postfix(RETURNS.of(KEY).replace("@mail.example.org", "@mail.example.com")),
        postfix("x@example.org", envelope_id="n" * 42),
        postfix("x@example.org", envelope_id="1"),
        postfix("x@example.org", envelope_id="a" * 40),
        cut(postfix(RETURNS.of(KEY)), b"Action:"),
        cut(exchange(RETURNS.of(KEY)), b"--_000_AM0"),
        b"Content-Type: multipart/report\r\nTo: " + RETURNS.of(KEY).encode() + b"\r\n\r\nAction: failed\r\n",
        b"",
        b"\xff\x00",
    ],
)
def test_what_is_no_report_of_ours_is_left_for_a_person(
    engine: sa.Engine, sent: None, delivery: Find, raw: bytes
) -> None:
    assert take(engine, RETURNS, raw) is Outcome.NOT_OURS
    assert delivery(KEY).state is DeliveryStatus.SUCCEEDED


def test_a_delivery_that_is_owed_again_is_delivered_and_not_given_up_by_what_was(
    engine: sa.Engine, sent: None, delivery: Find
) -> None:
    take(engine, RETURNS, postfix(RETURNS.of(KEY)))
    given_up = delivery(KEY)
    with engine.begin() as connection:
        assert deliveries.again(connection, [uuid.UUID(SUBMISSION)]) == [KEY]
        assert deliveries.again(connection, [uuid.UUID(SUBMISSION)]) == []
    assert delivery(KEY).max_attempts == given_up.attempts + 12
    assert take(engine, RETURNS, postfix(RETURNS.of(KEY))) is Outcome.GIVEN_UP
    assert delivery(KEY).state is DeliveryStatus.TODO
    Worker(engine, {"notice": lambda claimed: None}, lane=Lane.MAIL, poll_seconds=0.02).run_once()
    assert delivery(KEY).state is DeliveryStatus.SUCCEEDED
    assert [one.number for one in delivery(KEY).trail] == [1, 2, 3]


@given(id=st.uuids(), kind=st.sampled_from(MAILS), change=st.integers(0, 41))
def test_an_address_leads_back_to_its_delivery_and_a_changed_one_nowhere(id: object, kind: str, change: int) -> None:
    key = f"{kind}:{id}"
    address = RETURNS.of(key)
    assert len(address.partition("@")[0]) <= 64
    assert RETURNS.key_in(f"Unit <{address.upper()}>", MAILS) == key
    assert RETURNS.key_in(address, [one for one in MAILS if one != kind]) is None
    tag = RETURNS.tag(key)
    # The last character stands for more than it holds: some of its changes are none.
    other = "b" if tag[change] != "b" else "c"
    changed = tag[:change] + other + tag[change + 1 :]
    assert change == 41 or RETURNS.key_of(changed, MAILS) is None


def test_the_secret_is_shown_to_nobody() -> None:
    assert "k" * 32 not in repr(RETURNS)


def test_a_message_of_any_length_is_read(engine: sa.Engine) -> None:
    message = EmailMessage()
    message["To"] = RETURNS.of(KEY)
    message.set_content("x" * 3_000_000)
    assert take(engine, RETURNS, message.as_bytes()) is Outcome.NOT_OURS
