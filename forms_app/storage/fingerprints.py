"""What the rows of a table amount to: the same on both kinds of database."""

import hashlib
import struct
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True, kw_only=True)
class Tally:
    """A whole table: how many rows there are, and a SHA-256 in hexadecimal over all of them in their order."""

    table: str
    rows: int
    sha256: str


class Teller:
    """Makes the tally of a table, one row after the other.

    What is hashed of a value is its kind, its length and its bytes, so that no two rows are alike that differ.
    """

    def __init__(self, table: sa.Table) -> None:
        self._table = table.name
        self._rows = 0
        self._hash = hashlib.sha256(" ".join([table.name, *table.columns.keys()]).encode())

    def add(self, row: sa.Row[Any]) -> None:
        """The next row, with the table's columns in their order."""
        self._rows += 1
        for value in row:
            kind, content = _in_bytes(value)
            self._hash.update(kind + struct.pack(">Q", len(content)))
            self._hash.update(content)

    @property
    def tally(self) -> Tally:
        """Of the rows so far."""
        return Tally(table=self._table, rows=self._rows, sha256=self._hash.hexdigest())


def _in_bytes(value: Any) -> tuple[bytes, bytes]:
    """The kind as one letter, and the value; a bool is an int to Python, and a datetime a date."""
    match value:
        case None:
            return b"n", b""
        case bytes():
            return b"y", value
        case str():
            return b"s", value.encode("utf-8", "surrogatepass")
        case bool():
            return b"b", str(value).encode()
        case int():
            return b"i", str(value).encode()
        case float():
            return b"f", struct.pack(">d", value)
        case uuid.UUID():
            return b"u", value.bytes
        case datetime():
            return b"t", value.astimezone(UTC).isoformat(timespec="microseconds").encode()
        case date():
            return b"d", value.isoformat().encode()
        case _:
            raise TypeError(type(value).__name__)
