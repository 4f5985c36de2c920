"""A cell is never a formula."""

import csv
import io

import pytest

from forms_app.documents.spreadsheet import to_csv


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("cell", ["=1+1", "+47", "-1", "@x", "\t=1", "  =1", "\r=1", "\n=1"])
def test_what_could_be_a_formula_is_text(cell: str) -> None:
    assert read(to_csv([[cell]])) == [[f"'{cell}"]]


def test_everything_else_comes_back_as_it_was() -> None:
    rows = [["Ås", 'et "sitat", med komma', "to\nlinjer"], ["1-2", "", "a=b"]]
    assert read(to_csv(rows)) == rows
