"""The confirmation is a delivery like any other, in a lane of its own: nothing else ever waits for it."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from mail_servers import Postbox, mail_server, say_nothing, talking
from people import CITIZEN
from pyrage.x25519 import Identity

from forms_app.clock import utc_now
from forms_app.delivery.mail import Confirmer
from forms_app.delivery.policy import RetryPolicy
from forms_app.delivery.worker import Handler, Worker
from forms_app.delivery.workers import Workers
from forms_app.language import Language
from forms_app.mail_server import MailServer
from forms_app.municipality import load_deployment
from forms_app.sealing.envelope import Recipients
from forms_app.sealing.submission import Binding, seal_submission
from forms_app.storage.deliveries import CONFIRMATION_MAIL, Delivery
from forms_app.storage.leases import Lane
from forms_app.storage.tables import DeliveryStatus, Outcome, submissions

AT_ONCE = RetryPolicy(base_seconds=0.0)
SUBMISSION = uuid.UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WHOLE = load_deployment(Path(__file__).parents[2] / "portal.toml")
OWNER, SAFE = Identity.generate(), Identity.generate()

Owe = Callable[..., None]
Find = Callable[..., Delivery]


@pytest.fixture
def reach(engine: sa.Engine) -> Callable[[object], None]:
    """Seals this as the last step of the one submission's answers."""

    def seal(answered: object) -> None:
        binding = Binding(
            submission_id=str(SUBMISSION),
            reference="ABCD2345",
            municipality="arendal",
            form="complaint",
            form_version=1,
            language=Language.NN,
            accepted_at=NOON,
        )
        sealed = seal_submission(
            binding=binding,
            answers={"reach": answered},
            summary={},
            files=[],
            recipients=Recipients((str(OWNER.to_public()), str(SAFE.to_public()))),
        )
        with engine.begin() as connection:
            connection.execute(sa.update(submissions).values(answers=sealed.answers, language=binding.language))

    seal({"email": CITIZEN.email})
    return seal


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with mail_server() as postbox:
        yield postbox


@pytest.fixture
def confirm(engine: sa.Engine, reach: object) -> Callable[..., Confirmer]:
    """Makes what sends the mail through a server."""

    def make(server: MailServer) -> Confirmer:
        return Confirmer(
            engine=engine, deployment=WHOLE, identities=[OWNER], server=server, site="", clock=lambda: NOON
        )

    return make


@pytest.fixture
def send_mail(engine: sa.Engine, owe: Owe) -> Callable[[Handler], None]:
    """Owes the mail and works in its lane until nothing is due."""

    def work(handler: Handler) -> None:
        owe("confirmation_mail:1", kind=CONFIRMATION_MAIL)
        mails = {CONFIRMATION_MAIL: handler}
        Worker(engine, mails, lane=Lane.MAIL, policy=AT_ONCE, poll_seconds=0.02).run_once()

    return work


def test_the_mail_goes_once_to_the_address_in_the_sealed_answers(
    confirm: Callable[..., Confirmer], send_mail: Callable[[Handler], None], postbox: Postbox, delivery: Find
) -> None:
    send_mail(confirm(postbox.server))
    (mail,) = postbox.mails
    assert postbox.recipients == [mail["To"]] == [CITIZEN.email]
    assert mail["From"] == "Arendal <portal@example.org>"
    assert mail["Message-ID"] == "<confirmation_mail.1@example.org>"
    assert mail["Subject"] == "Vi har fått det du sende – referanse ABCD2345"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert delivery("confirmation_mail:1").state is DeliveryStatus.SUCCEEDED


def test_a_mail_that_was_put_off_goes_again_under_the_same_message_id(
    confirm: Callable[..., Confirmer], send_mail: Callable[[Handler], None], postbox: Postbox, delivery: Find
) -> None:
    postbox.answers = {"DATA": ["451 4.7.1 greylisted"] * 2}
    send_mail(confirm(postbox.server))
    assert [mail["Message-ID"] for mail in postbox.refused] == [postbox.mails[0]["Message-ID"]] * 2
    assert len(postbox.mails) == 1
    trail = delivery("confirmation_mail:1").trail
    assert [(one.outcome, one.error) for one in trail] == [
        (Outcome.FAILED, "MailPostponed"),
        (Outcome.FAILED, "MailPostponed"),
        (Outcome.SUCCEEDED, None),
    ]


@pytest.mark.parametrize(
    ("answered", "answers", "error"),
    [
        ({"email": CITIZEN.email}, ["550 5.1.1 nobody here"], "MailRefused"),
        ({"email": "ase@example.org\r\nBcc: x@example.net"}, [], "NoUsableAddress"),
        ({"email": "ase@example.org, x@example.net"}, [], "NoUsableAddress"),
        ({"email": None, "phone": CITIZEN.phone}, [], "NoUsableAddress"),
    ],
)
def test_what_can_never_arrive_is_given_up_at_once(
    reach: Callable[[object], None],
    confirm: Callable[..., Confirmer],
    send_mail: Callable[[Handler], None],
    postbox: Postbox,
    delivery: Find,
    answered: object,
    answers: list[str],
    error: str,
) -> None:
    reach(answered)
    postbox.answers = {"RCPT": list(answers)}
    send_mail(confirm(postbox.server))
    lost = delivery("confirmation_mail:1")
    assert (lost.state, lost.attempts, lost.last_error) == (DeliveryStatus.GIVEN_UP, 1, error)
    assert postbox.recipients == []


@pytest.mark.parametrize(
    ("lacking", "error", "state"),
    [
        ({"identities": ()}, "NoOpeningKey", DeliveryStatus.TODO),
        ({"deployment": replace(WHOLE, municipalities=())}, "MunicipalityRemoved", DeliveryStatus.TODO),
    ],
)
def test_what_the_worker_lacks_is_waited_for(
    engine: sa.Engine,
    confirm: Callable[..., Confirmer],
    owe: Owe,
    postbox: Postbox,
    delivery: Find,
    lacking: dict[str, object],
    error: str,
    state: DeliveryStatus,
) -> None:
    owe("k", kind=CONFIRMATION_MAIL)
    handler = replace(confirm(postbox.server), **lacking)  # type: ignore[arg-type]
    Worker(engine, {CONFIRMATION_MAIL: handler}, lane=Lane.MAIL).run_once()
    assert (delivery("k").state, delivery("k").last_error) == (state, error)


def test_nothing_is_sent_about_what_was_erased(
    engine: sa.Engine,
    confirm: Callable[..., Confirmer],
    send_mail: Callable[[Handler], None],
    postbox: Postbox,
    delivery: Find,
) -> None:
    with engine.begin() as connection:
        connection.execute(sa.update(submissions).values(answers=None, summary=None, erased_at=utc_now()))
    send_mail(confirm(postbox.server))
    assert delivery("confirmation_mail:1").last_error == "NothingToDeliver"
    assert postbox.mails == []


@contextmanager
def at_work(workers: Workers) -> Iterator[None]:
    thread = threading.Thread(target=workers.run)
    thread.start()
    try:
        yield
    finally:
        workers.stop()
        thread.join(20)
        assert not thread.is_alive()


def wait_for(condition: Callable[[], bool]) -> float:
    """How many seconds it took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < 10
        time.sleep(0.02)
    return time.monotonic() - started


def test_a_mail_server_that_hangs_holds_up_no_hand_over(
    engine: sa.Engine, confirm: Callable[..., Confirmer], owe: Owe, delivery: Find
) -> None:
    owe(*(f"mail{number}" for number in range(30)), kind=CONFIRMATION_MAIL, delay=-60.0)
    handed_over: list[str] = []
    with talking(say_nothing) as port:
        server = replace(Postbox(port=port).server, answer_seconds=3.0)
        workers = Workers(
            [
                Worker(engine, {"folder": lambda claimed: handed_over.append(claimed.key)}, poll_seconds=0.02),
                Worker(engine, {CONFIRMATION_MAIL: confirm(server)}, lane=Lane.MAIL, threads=2, poll_seconds=0.02),
            ]
        )
        with at_work(workers):
            wait_for(lambda: delivery("mail0").state is DeliveryStatus.DOING)
            owe(*(f"folder{number}" for number in range(20)))
            assert wait_for(lambda: len(handed_over) == 20) < 2
            states = [delivery(f"mail{number}").state for number in range(30)]
            assert states == [DeliveryStatus.DOING] * 2 + [DeliveryStatus.TODO] * 28
    assert (delivery("mail0").state, delivery("mail0").last_error) == (DeliveryStatus.TODO, "MailServerFailed")


def test_each_lane_leaves_the_other_alone(engine: sa.Engine, owe: Owe, delivery: Find) -> None:
    owe("mail", kind=CONFIRMATION_MAIL)
    owe("hook", kind="webhook")
    owe("folder")
    done: dict[Lane, list[str]] = {lane: [] for lane in Lane}
    for lane, seen in done.items():
        kinds = ("folder", "webhook", CONFIRMATION_MAIL)
        take = {kind: lambda claimed, seen=seen: seen.append(claimed.key) for kind in kinds}
        Worker(engine, take, lane=lane).run_once()
    assert done == {Lane.HAND_OVER: ["folder"], Lane.OUTWARD: ["hook"], Lane.MAIL: ["mail"]}


def test_a_worker_that_breaks_stops_those_beside_it(engine: sa.Engine, url: str) -> None:
    whole = Worker(engine, {}, lane=Lane.MAIL, poll_seconds=0.02)
    broken = Worker(engine, {})
    broken._start_due = lambda unused_pool: 1 // 0  # type: ignore[method-assign, assignment]
    with pytest.raises(ZeroDivisionError):
        Workers([whole, broken]).run()


def test_working_once_works_in_every_lane(engine: sa.Engine, owe: Owe, delivery: Find) -> None:
    owe("mail", kind=CONFIRMATION_MAIL)
    owe("folder")
    both = {"folder": lambda claimed: None, CONFIRMATION_MAIL: lambda claimed: None}
    Workers([Worker(engine, both, lane=lane, poll_seconds=0.02) for lane in Lane]).run_once()
    assert delivery("mail").state is delivery("folder").state is DeliveryStatus.SUCCEEDED
