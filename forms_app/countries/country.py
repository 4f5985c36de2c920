"""The countries whose rules we know."""

from enum import StrEnum


class Country(StrEnum):
    """Of the rules, never of the words; the value is also the name of the file of facts."""

    NORWAY = "norway"
    DENMARK = "denmark"
