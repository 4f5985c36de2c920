"""The same four people in every test."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who fills in a form, or for whom one is filled in."""

    name: str
    born: tuple[int, int, int]
    """Year, month, day."""
    address: str
    phone: str
    email: str
    municipality: str


@dataclass(frozen=True, kw_only=True)
class Caseworker:
    """Someone who opens what came in."""

    name: str
    municipality: str


CITIZEN = Person(
    name="Åse Ødegård",
    born=(1961, 5, 17),
    address="Strandgata 3\n4836 Arendal",
    phone="40 50 16 00",
    email="ase@example.org",
    municipality="arendal",
)
AGENT = Person(
    name="Pål Sæther-Øyen",
    born=(1988, 2, 29),
    address="Kirkegata 12\n4611 Kristiansand",
    phone="+47 40 50 17 00",
    email="pal@example.org",
    municipality="kristiansand",
)
CASEWORKER = Caseworker(name="Ingrid", municipality="arendal")
OTHER_CASEWORKER = Caseworker(name="Mette", municipality="rudersdal")
