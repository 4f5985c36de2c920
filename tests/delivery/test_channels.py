"""The channels there are, and what portal.toml may name."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from forms_app.delivery import channels
from forms_app.municipality import CHANNEL_KINDS


def kinds() -> Iterator[str]:
    """Of every class in a module of `delivery.channels` that delivers."""
    for module in pkgutil.iter_modules(channels.__path__, f"{channels.__name__}."):
        for unused_name, one in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if one.__module__ == module.name and hasattr(one, "deliver"):
                yield vars(one)["kind"]


def test_portal_toml_may_name_exactly_the_channels_there_are() -> None:
    assert sorted(kinds()) == sorted(CHANNEL_KINDS)
