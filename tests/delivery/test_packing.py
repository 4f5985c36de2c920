"""A submission that cannot be packed waits or is given up, under a name that tells the operator why."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from forms_app.clock import utc_now
from forms_app.delivery.channels.folder import FolderChannel
from forms_app.delivery.dispatch import handlers
from forms_app.delivery.packing import Packer
from forms_app.delivery.worker import Worker
from forms_app.municipality import ChannelSettings, Municipality, load_deployment
from forms_app.storage.deliveries import Delivery
from forms_app.storage.tables import DeliveryStatus, submissions

WHOLE = load_deployment(Path(__file__).parents[2] / "portal.toml")
(ARENDAL,) = (one for one in WHOLE.municipalities if one.key == "arendal")


@pytest.mark.parametrize(
    ("municipalities", "error"),
    [
        ((), "MunicipalityRemoved"),
        ((replace(ARENDAL, channels=(ChannelSettings(kind="other"),)),), "ChannelRemoved"),
        ((ARENDAL,), "NoOpeningKey"),
    ],
)
def test_what_portal_toml_or_the_key_lacks_is_named_and_waited_for(
    engine: sa.Engine,
    tmp_path: Path,
    owe: Callable[..., None],
    delivery: Callable[..., Delivery],
    municipalities: tuple[Municipality, ...],
    error: str,
) -> None:
    owe("k")
    deployment = replace(WHOLE, municipalities=municipalities)
    packer = Packer(engine=engine, deployment=deployment, identities=())
    Worker(engine, handlers([FolderChannel(tmp_path)], packer)).run_once()
    assert (delivery("k").state, delivery("k").last_error) == (DeliveryStatus.TODO, error)


def test_what_was_erased_is_given_up(
    engine: sa.Engine, tmp_path: Path, owe: Callable[..., None], delivery: Callable[..., Delivery]
) -> None:
    owe("k")
    with engine.begin() as connection:
        connection.execute(sa.update(submissions).values(answers=None, summary=None, erased_at=utc_now()))
    packer = Packer(engine=engine, deployment=WHOLE, identities=())
    Worker(engine, handlers([FolderChannel(tmp_path)], packer)).run_once()
    assert (delivery("k").state, delivery("k").last_error) == (DeliveryStatus.GIVEN_UP, "NothingToDeliver")
