"""A table of `portal.toml`, and what is wrong in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

_IN_WORDS = {
    str: "text in quotes",
    bool: "true or false, without quotes",
    int: "a whole number",
    list: "a list in [ ]",
    dict: "a table",
}
_Value = TypeVar("_Value")
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of portal.toml. What is wrong in it joins `faults`, and something of the right type stands in for it."""

    place: str
    values: Mapping[str, Any]
    faults: list[str]

    def fault(self, what: str) -> None:
        """Say where it is wrong, and what."""
        self.faults.append(self.place + what)

    def optional(self, name: str, kind: type[_Value]) -> _Value:
        """What stands there, empty where nothing does."""
        value = self.values.get(name, kind())
        if isinstance(value, kind):
            return value
        self.fault(f"'{name}' must be {_IN_WORDS[kind]}")
        return kind()

    def demand(self, name: str) -> None:
        """It is a fault if nothing stands there."""
        if self.values.get(name) in (None, "", [], {}):
            self.fault(f"'{name}' is missing or empty")

    def required(self, name: str, kind: type[_Value]) -> _Value:
        """What must stand there."""
        self.demand(name)
        return self.optional(name, kind)

    def count(self, name: str) -> int:
        """A number of things or days, of which there must be some."""
        number = self.optional(name, int)
        if number < 1 or isinstance(number, bool):
            self.fault(f"'{name}' must be a whole number above 0")
        return number

    def choice(self, name: str, kind: type[_Choice], *, among: Iterable[_Choice] = ()) -> _Choice:
        """One of a closed set, or of those `among` it."""
        value, choices = self.required(name, str), list(among) or list(kind)
        if value and value not in choices:
            self.fault(f"'{name}' must be one of {', '.join(choices)}")
        return kind(value) if value in choices else choices[0]

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, empty where nothing stands."""
        entries = self.optional(name, list)
        if not all(isinstance(entry, str) for entry in entries):
            self.fault(f"each of '{name}' must be {_IN_WORDS[str]}")
        return tuple(map(str, entries))

    def table(self, name: str) -> "Table":
        """The table of that name, empty where nothing stands."""
        return self._within(name, self.optional(name, dict))

    def tables(self, name: str) -> "list[Table]":
        """Those under the name in two brackets."""
        entries = self.optional(name, list)
        if not all(isinstance(entry, dict) for entry in entries):
            self.fault(f"each '{name}' must be a table of its own, such as one under [[{name}]] with two brackets")
            return []
        return [self._within(name, entry) for entry in entries]

    def demand_known(self, names: Iterable[str]) -> None:
        """Everything that stands there must have one of these names."""
        for name in self.values.keys() - set(names):
            self.fault(f"nothing is called '{name}' here")

    def _within(self, name: str, values: Mapping[str, Any]) -> "Table":
        return Table(place=f"{self.place}{name}: ", values=values, faults=self.faults)
