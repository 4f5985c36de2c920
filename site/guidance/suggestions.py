"""What to write instead of a number, a name or an address that the legal facts hold."""

from collections.abc import Collection, Iterator, Mapping

from forms_app.countries import Country, Fact, Unit, rules_for
from guidance.pages import Page

# More than these would be no help.
_MOST = 5


def for_number(values: Collection[int], units: Collection[Unit], page: Page) -> str | None:
    """References to the page's facts with one of these numbers: "{{ fact.a }} eller {{ fact.b }}"."""
    fitting = [
        _reference(page, country, fact.name)
        for country in page.countries
        for fact in rules_for(country).facts.values()
        if fact.unit is not None and (not units or fact.unit in units) and fact.value in values
    ]
    return _either(fitting[:_MOST]) if fitting else None


def for_name(page: Page) -> Mapping[str, str]:
    """Every name the facts hold, in the page's language, with the reference that writes it."""
    known: dict[str, str] = {}
    for country, fact in _nearest_first(page):
        if fact.unit is None:
            known.setdefault(fact.phrase(page.language), _reference(page, country, fact.name))
    return known


def for_address(address: str, page: Page) -> str | None:
    """The link to the same place by its key: "law:PBRL", "site:denmark.advice"."""
    for country in (*page.countries, *Country):
        rules = rules_for(country)
        for scheme, entries in (("law", rules.statutes), ("site", rules.sites)):
            for key, entry in entries.items():
                if entry.address.rstrip("/") == address.rstrip("/"):
                    return f"{scheme}:{_key(page, country, key)}"
    return None


def _nearest_first(page: Page) -> Iterator[tuple[Country, Fact]]:
    """Two countries' bodies may share a name; the page's own country is then meant."""
    for country in (*page.countries, *Country):
        for fact in rules_for(country).facts.values():
            yield country, fact


def _reference(page: Page, country: Country, name: str) -> str:
    return f"{{{{ {'fact' if page.countries == (country,) else country}.{name} }}}}"


def _key(page: Page, country: Country, key: str) -> str:
    return key if page.countries == (country,) else f"{country}.{key}"


def _either(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} eller {last}" if first else last
