"""Each form goes where `portal.toml` says, through a channel made of one file and one entry."""

import base64
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from acknowledging import public_key_of
from ssh_server import new_key
from webhook_receiver import SECRET, WebhookReceiver, says, webhook_receiver

from forms_app.clock import utc_now
from forms_app.delivery import channels
from forms_app.delivery.channels import Channel, ChannelNotReady, TemporaryFailure
from forms_app.delivery.channels.folder import FolderChannel
from forms_app.delivery.channels.sftp import SftpChannel
from forms_app.delivery.channels.webhook import WebhookChannel
from forms_app.delivery.dispatch import hand_over_marker, handlers
from forms_app.delivery.means import Means
from forms_app.delivery.packing import ChannelRemoved, MunicipalityRemoved
from forms_app.delivery.parcel import Label, Parcel
from forms_app.delivery.policy import RetryPolicy
from forms_app.delivery.routing import Routed, every_channel, every_kind, make_channel
from forms_app.delivery.worker import Worker
from forms_app.municipality import CHANNEL_KINDS, ChannelKind, ChannelSettings, Deployment, load_deployment
from forms_app.storage import acknowledgements, cases
from forms_app.storage.deliveries import Delivery
from forms_app.storage.engine import reading
from forms_app.storage.leases import Lane
from forms_app.storage.tables import DeliveryStatus

WHOLE = load_deployment(Path(__file__).parents[2] / "portal.toml")
SUBMISSION = uuid.UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
A_KEY = base64.b64encode(bytes(32)).decode()
ARENDAL = WHOLE.municipality("arendal")

Owe = Callable[..., None]
Find = Callable[..., Delivery]


@pytest.fixture
def means(tmp_path: Path) -> Means:
    """An outbox and a folder for secrets."""
    for name in ("outbox", "secrets"):
        (tmp_path / name).mkdir()
    return Means(outbox=tmp_path / "outbox", secrets=tmp_path / "secrets")


def deployment(*settings: ChannelSettings) -> Deployment:
    return replace(WHOLE, municipalities=(replace(ARENDAL, channels=settings),))


def test_a_parcel_goes_through_the_channel_of_its_municipality_and_form(means: Means, parcel: Parcel) -> None:
    only_complaints = ChannelSettings(kind="folder", forms=("complaint",))
    routed = Routed("folder", deployment(only_complaints), means)
    assert routed.deliver(parcel) is None
    assert (means.outbox / "arendal" / "ABCD2345" / "manifest.json").is_file()
    for label, error in [
        (replace(parcel.label, form="application"), ChannelRemoved),
        (replace(parcel.label, municipality="oslo"), MunicipalityRemoved),
    ]:
        with pytest.raises(error):
            routed.deliver(replace(parcel, label=label))


def test_a_worker_delivers_through_every_kind_there_is(means: Means) -> None:
    assert [one.kind for one in every_kind(WHOLE, means)] == list(CHANNEL_KINDS)
    assert [(one.key, channel.kind) for one, channel in every_channel(WHOLE)] == [
        (one.key, "folder") for one in WHOLE.municipalities
    ]


def made(settings: ChannelSettings, means: Means) -> Channel:
    return make_channel(settings, ARENDAL, means)


def test_a_folder_is_greeted_by_looking_whether_it_is_there(means: Means) -> None:
    channel = made(ChannelSettings(kind="folder"), means)
    assert isinstance(channel, FolderChannel)
    channel.greet()
    means.outbox.rmdir()
    with pytest.raises(TemporaryFailure):
        channel.greet()


@pytest.fixture
def sftp(means: Means) -> ChannelSettings:
    """The settings of a channel whose key is there."""
    assert means.secrets
    key = new_key(means.secrets / "arendal-sftp")
    options = {
        "host": "sftp.example.org",
        "port": 2222,
        "user": "portal",
        "folder": "in",
        "host_keys": (key.export_public_key().decode(),),
        "key": "arendal-sftp",
    }
    return ChannelSettings(kind="sftp", options=options)


def test_an_sftp_channel_is_made_of_its_settings_and_a_key(means: Means, sftp: ChannelSettings) -> None:
    channel = made(sftp, means)
    assert isinstance(channel, SftpChannel)
    place = channel.place
    assert (place.host, place.port, place.user, place.folder) == ("sftp.example.org", 2222, "portal", "in")
    assert place.key.public_data == place.host_keys[0].public_data


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"key": "missing"}, "PORTAL_CHANNEL_SECRETS.* missing"),
        ({"key": "../outbox"}, "PORTAL_CHANNEL_SECRETS"),
        ({"key": ".."}, "PORTAL_CHANNEL_SECRETS"),
        ({"key": "empty"}, "the file empty"),
        ({"key": "locked"}, "the file locked"),
        ({"host_keys": ("ssh-ed25519 nonsense",)}, "host_keys"),
    ],
)
def test_what_an_sftp_channel_lacks_is_named(
    means: Means, sftp: ChannelSettings, changed: dict[str, Any], said: str
) -> None:
    assert means.secrets
    (means.secrets / "empty").write_text("", "ascii")
    armour = "OPENSSH " + "PRIVATE KEY"
    (means.secrets / "locked").write_text(f"-----BEGIN {armour}-----\nnonsense\n-----END {armour}-----\n", "ascii")
    with pytest.raises(ChannelNotReady, match=said):
        made(replace(sftp, options={**sftp.options, **changed}), means)


def test_without_a_folder_for_secrets_none_is_found(means: Means, sftp: ChannelSettings) -> None:
    with pytest.raises(ChannelNotReady, match="PORTAL_CHANNEL_SECRETS"):
        made(sftp, replace(means, secrets=None))


@pytest.fixture
def webhook(means: Means) -> ChannelSettings:
    """The settings of a channel whose secret is there."""
    assert means.secrets
    (means.secrets / "hook").write_text(f"{SECRET}\n", "ascii")
    (means.secrets / "ca.pem").write_text("x", "ascii")
    options = {"url": "https://in.example.org/portal", "secret": "hook", "ca": "", "acknowledged_by": ()}
    return ChannelSettings(kind="webhook", options=options)


def test_a_webhook_is_made_of_its_settings_and_a_secret(means: Means, webhook: ChannelSettings) -> None:
    channel = made(webhook, means)
    assert isinstance(channel, WebhookChannel)
    assert not channel.proves_hand_over
    assert channel.receiver.secrets == (b"s" * 32,)
    assert channel.receiver.trusted is None
    other = made(replace(webhook, options={**webhook.options, "ca": "ca.pem", "acknowledged_by": (A_KEY,)}), means)
    assert isinstance(other, WebhookChannel)
    assert other.proves_hand_over
    assert means.secrets
    assert other.receiver.trusted == means.secrets / "ca.pem"


@pytest.mark.parametrize(
    ("changed", "secret", "said"),
    [
        ({}, "", "is empty"),
        ({}, "s" * 44, "whsec_"),
        ({}, "whsec_" + base64.b64encode(b"s" * 23).decode(), "24 to 64"),
        ({}, "whsec_" + base64.b64encode(b"s" * 65).decode(), "24 to 64"),
        ({}, "whsec_%%%", "hook"),
        ({"url": "http://in.example.org/"}, SECRET, "https"),
        ({"ca": "missing.pem"}, SECRET, "missing.pem"),
        ({"acknowledged_by": ("nonsense",)}, SECRET, "acknowledged_by"),
        ({"acknowledged_by": (base64.b64encode(bytes(31)).decode(),)}, SECRET, "32 bytes"),
    ],
)
def test_what_a_webhook_lacks_is_named(
    means: Means, webhook: ChannelSettings, changed: dict[str, Any], secret: str, said: str
) -> None:
    assert means.secrets
    (means.secrets / "hook").write_text(secret, "ascii")
    with pytest.raises(ChannelNotReady, match=said):
        made(replace(webhook, options={**webhook.options, **changed}), means)


def test_a_demonstration_may_post_in_clear(means: Means, webhook: ChannelSettings) -> None:
    in_clear = replace(webhook, options={**webhook.options, "url": "http://in.example.org/"})
    assert made(in_clear, replace(means, is_demo=True)).kind == "webhook"


def test_a_secret_that_is_exchanged_counts_from_the_next_delivery_on(means: Means, webhook: ChannelSettings) -> None:
    assert means.secrets
    (means.secrets / "hook").write_text("whsec_" + base64.b64encode(b"n" * 32).decode(), "ascii")
    channel = made(webhook, means)
    assert isinstance(channel, WebhookChannel)
    assert channel.receiver.secrets == (b"n" * 32,)


@pytest.fixture
def receiver(tmp_path: Path, means: Means, webhook: ChannelSettings) -> Iterator[WebhookReceiver]:
    with webhook_receiver(tmp_path / "secrets") as receiver:
        yield receiver


@pytest.fixture
def work(engine: sa.Engine, means: Means, webhook: ChannelSettings, receiver: WebhookReceiver, label: Label) -> Any:
    """Delivers a parcel that is owed to the receiver, as a worker does."""
    options = {
        "url": receiver.url,
        "secret": "hook",
        "ca": "127.0.0.1.pem",
        "acknowledged_by": (public_key_of(receiver.key),),
    }
    reached = deployment(ChannelSettings(kind="webhook", options=options))

    def do() -> Worker:
        def pack(claimed: Any) -> Parcel:
            return Parcel(label=replace(label, key=claimed.key), is_sealed=True, files=())

        routes = handlers(every_kind(reached, means), pack)
        mark = hand_over_marker(utc_now)
        policy = RetryPolicy(base_seconds=60)
        worker = Worker(
            engine, routes, lane=Lane.OUTWARD, policy=policy, jitter=lambda: 0.5, on_delivered=mark, poll_seconds=0.02
        )
        worker.run_once()
        return worker

    return do


def test_a_signed_acknowledgement_is_kept_and_the_case_handed_over(
    engine: sa.Engine, owe: Owe, delivery: Find, work: Any, receiver: WebhookReceiver
) -> None:
    owe("webhook:1", kind="webhook")
    work()
    done = delivery("webhook:1")
    assert done.state is DeliveryStatus.SUCCEEDED
    with reading(engine) as connection:
        (kept,) = acknowledgements.of(connection, SUBMISSION)
        assert cases.of(connection, SUBMISSION).handed_over_at
    assert kept.is_valid
    assert kept.acknowledgement.delivery_key == "webhook:1"


def test_a_receiver_that_asks_to_be_left_alone_is_up_to_half_a_day(
    owe: Owe, delivery: Find, work: Any, receiver: WebhookReceiver
) -> None:
    asked = {"webhook:1": "1800", "webhook:2": "1", "webhook:3": "864000"}
    for key, seconds in asked.items():
        receiver.answers = [says(429, Retry_After=seconds)]
        owe(key, kind="webhook")
        work()
    waits = {}
    for key in asked:
        one = delivery(key)
        assert (one.state, one.last_error) == (DeliveryStatus.TODO, "WebhookBusy")
        waits[key] = (one.due_at - one.trail[0].started_at).total_seconds()
    assert 1800 <= waits["webhook:1"] < 1830
    assert 60 <= waits["webhook:2"] < 90
    assert 43_200 <= waits["webhook:3"] < 43_230


TOY = '''
"""Writes down what it is handed."""

from pathlib import Path

from forms_app.delivery.channels import PermanentFailure


class TooHeavy(PermanentFailure):
    """The toy cannot lift it."""


def make(settings, municipality, means):
    return ToyChannel(means.outbox / settings.options["box"], settings.options["lifts"])


class ToyChannel:
    kind = "toy"
    proves_hand_over = False

    def __init__(self, box, lifts):
        self.box = box
        self.lifts = lifts

    def deliver(self, parcel):
        if sum(len(file.content) for file in parcel.files) > self.lifts:
            raise TooHeavy
        self.box.write_bytes(parcel.manifest())

    def greet(self):
        pass
'''

TOWN = """
[[municipality]]
key = "arendal"
name = "Arendal"
country = "norway"
default_language = "nb"
coordinating_unit = { nb = "enhet", nn = "eining", da = "enhed" }
channels = [{ kind = "folder", forms = ["application", "power_of_attorney"] }, { kind = "toy", box = "toys" }]
"""


def test_a_channel_is_one_file_and_one_entry(
    engine: sa.Engine,
    owe: Owe,
    delivery: Find,
    means: Means,
    parcel: Parcel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    request.addfinalizer(lambda: sys.modules.pop("forms_app.delivery.channels.toy", None))
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / "toy.py").write_text(TOY, "utf-8")
    monkeypatch.setattr(channels, "__path__", [*channels.__path__, str(tmp_path / "file")])
    monkeypatch.setitem(CHANNEL_KINDS, "toy", ChannelKind(must={"box": str}, may={"lifts": 1000}))
    (tmp_path / "portal.toml").write_text(TOWN, "utf-8")
    town = load_deployment(tmp_path / "portal.toml")
    (channel,) = town.municipality("arendal").channels_for("complaint")
    assert (channel.kind, channel.opened, dict(channel.options)) == ("toy", False, {"box": "toys", "lifts": 1000})
    make_channel(channel, town.municipality("arendal"), means).greet()

    routes = handlers(every_kind(town, means), lambda unused_claimed: parcel)
    owe("toy:1", kind="toy")
    Worker(engine, routes).run_once()
    assert delivery("toy:1").state is DeliveryStatus.SUCCEEDED
    assert (means.outbox / "toys").read_bytes() == parcel.manifest()

    (tmp_path / "portal.toml").write_text(TOWN.replace('"toys"', '"toys", lifts = 1'), "utf-8")
    weak = load_deployment(tmp_path / "portal.toml")
    owe("toy:2", kind="toy")
    Worker(engine, handlers(every_kind(weak, means), lambda unused_claimed: parcel)).run_once()
    assert (delivery("toy:2").state, delivery("toy:2").last_error) == (DeliveryStatus.GIVEN_UP, "TooHeavy")
