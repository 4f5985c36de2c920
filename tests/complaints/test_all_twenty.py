"""The table of complaints has twenty lines, and each has its tests here, named by its number."""

import re
from pathlib import Path

import pytest

TESTS = [
    (int(number), name)
    for file in sorted(Path(__file__).parent.glob("test_*.py"))
    for number, name in re.findall(r"^def test_(\d\d)_(\w+)\(", file.read_text("utf-8"), re.MULTILINE)
]


@pytest.mark.parametrize("number", range(1, 21))
def test_each_complaint_has_a_test(number: int) -> None:
    assert [name for of, name in TESTS if of == number]


def test_no_test_is_named_after_a_complaint_that_there_is_not() -> None:
    assert {number for number, unused_name in TESTS} == set(range(1, 21))
