"""Which combinations of database, workers and form the tests of real processes run in.

Such a test takes many seconds. Usually each is run once, and they take turns with the combinations;
`make proof-acceptance` goes through all of them.
"""

from collections import defaultdict

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-combination", action="store_true", help="of the parameters of tests of real processes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--every-combination"):
        return
    together: dict[object, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("acceptance") and _is_on_both(item):
            together[item.parent, getattr(item, "originalname", item.name)].append(item)
    left_out = {
        one
        for turn, combinations in enumerate(together.values())
        for place, one in enumerate(combinations)
        if place != turn % len(combinations)
    }
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def _is_on_both(item: pytest.Item) -> bool:
    call = getattr(item, "callspec", None)
    return bool(call) and "database_kind" in call.params
