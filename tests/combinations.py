"""Which combinations of database, workers and form the tests of real processes run in.

Such a test takes many seconds. Usually it sees each value of each of its parameters once; `make proof-acceptance` goes
through every combination.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import pytest

Value = tuple[str, object]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-combination", action="store_true", help="of the parameters of tests of real processes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--every-combination"):
        return
    together: dict[object, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("acceptance"):
            together[item.parent, getattr(item, "originalname", item.name)].append(item)
    left_out = {one for same in together.values() for one in set(same) - set(_enough(same))}
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def _enough(items: Sequence[pytest.Item]) -> Iterable[pytest.Item]:
    """As few as have every value that all of them have, always the same ones."""
    missing = {value for item in items for value in _values(item)}
    yield items[0]
    missing -= _values(items[0])
    while missing:
        best = max(items, key=lambda item: len(_values(item) & missing))
        missing -= _values(best)
        yield best


def _values(item: pytest.Item) -> set[Value]:
    call = getattr(item, "callspec", None)
    return {(name, repr(value)) for name, value in call.params.items()} if call else set()
