"""The channels there are, and what is said of them elsewhere."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from forms_app.delivery import channels
from forms_app.municipality import CHANNEL_KINDS
from forms_app.storage.deliveries import CONFIRMATION_MAIL, HANDS_NOTHING_OVER, MAILS, NewDelivery, enqueue
from forms_app.storage.leases import Lane, claim
from tests.delivery.conftest import SUBMISSION


def kinds() -> Iterator[tuple[str, Any]]:
    """Every class in a module of `delivery.channels` that delivers, with the name of its module."""
    for module in pkgutil.iter_modules(channels.__path__, f"{channels.__name__}."):
        for unused_name, one in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if one.__module__ == module.name and hasattr(one, "deliver"):
                yield module.name.rpartition(".")[2], one


def test_portal_toml_may_name_exactly_the_channels_there_are() -> None:
    found = list(kinds())
    assert sorted(one.kind for unused_module, one in found) == sorted(CHANNEL_KINDS)
    for module, one in found:
        assert one.kind == module
        assert callable(one.greet)
        assert callable(importlib.import_module(one.__module__).make)


def test_what_hands_nothing_over_and_what_is_mail_is_known_to_all() -> None:
    hand_nothing_over = {kind for kind, entry in CHANNEL_KINDS.items() if not entry.hands_over}
    assert hand_nothing_over | {CONFIRMATION_MAIL} == HANDS_NOTHING_OVER
    assert set(MAILS) - {CONFIRMATION_MAIL} == {"mail", "notice"}
    assert not any(CHANNEL_KINDS[kind].can_be_opened for kind in ("mail", "notice"))


@pytest.mark.parametrize(
    ("lane", "wanted"),
    [
        (Lane.HAND_OVER, ["folder", "pigeon"]),
        (Lane.OUTWARD, ["sftp", "webhook"]),
        (Lane.MAIL, ["confirmation_mail", "mail", "notice"]),
    ],
)
def test_every_kind_is_claimed_in_one_lane(engine: sa.Engine, lane: Lane, wanted: list[str]) -> None:
    owed = ("folder", "pigeon", "sftp", "webhook", "confirmation_mail", "mail", "notice")
    assert set(CHANNEL_KINDS) <= set(owed)
    with engine.begin() as connection:
        enqueue(connection, [NewDelivery(key=kind, kind=kind, submission_id=SUBMISSION) for kind in owed])
        claimed = claim(connection, lane, free=10, lease_seconds=60)
    assert sorted(one.kind for one in claimed) == wanted
