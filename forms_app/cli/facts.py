"""`portal facts`: everything the portal says about the law, where it comes from, and what is due for a look."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

import click

from forms_app.clock import utc_now
from forms_app.countries import Country, CountryRules, Fact, OfficialSite, rules_for
from forms_app.language import Language
from forms_app.municipality import Municipality
from forms_app.settings import deployment_of


@dataclass(frozen=True, kw_only=True)
class KnownFact:
    """A line of the table. Days are written as in portal.toml: "2027-05-21"."""

    country: str
    name: str
    value: str
    source: str
    address: str
    checked_on: str
    review_by: str
    confidence: str
    is_due: bool


@click.command("facts")
@click.option("--due", is_flag=True, help="Only what someone should have looked at by now.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array, with the address of each source.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="As if it were this day.")
def facts(due: bool, as_json: bool, today: datetime | None) -> None:
    """List the legal facts with source, day of the last check, and what is due for review."""
    day = (today or utc_now()).date()
    receivers = (one for one in deployment_of().municipalities if one.review_by)
    known = [*known_facts(day), *(_contact(one, day) for one in receivers)]
    known = [one for one in known if one.is_due or not due]
    if as_json:
        click.echo(json.dumps([asdict(one) for one in known], ensure_ascii=False, indent=2))
        return
    for line in _as_table(known):
        click.echo(line)
    click.echo(f"{len(known)} facts, {sum(one.is_due for one in known)} due for review on {day}")


def known_facts(today: date) -> Iterator[KnownFact]:
    """Facts and official addresses of every country, what must be looked at soonest first in each."""
    for country in Country:
        rules = rules_for(country)
        rows = [*(_fact(rules, fact, today) for fact in rules.facts.values())]
        rows += [_site(rules, site, today) for site in rules.sites.values()]
        yield from sorted(rows, key=lambda row: (row.review_by, row.name))


def _fact(rules: CountryRules, fact: Fact, today: date) -> KnownFact:
    native = Language.DA if rules.country is Country.DENMARK else Language.NB
    return KnownFact(
        country=rules.country,
        name=fact.name,
        value=fact.phrase(native),
        source=fact.source,
        address=fact.address,
        checked_on=fact.checked_on.isoformat(),
        review_by=fact.review_by.isoformat(),
        confidence=fact.confidence,
        is_due=fact.review_by < today,
    )


def _site(rules: CountryRules, site: OfficialSite, today: date) -> KnownFact:
    return KnownFact(
        country=rules.country,
        name=f"site:{site.key}",
        value=site.address.removeprefix("https://").partition("/")[0],
        source="official page",
        address=site.address,
        checked_on=site.checked_on.isoformat(),
        review_by=site.review_by.isoformat(),
        confidence=site.confidence,
        is_due=site.review_by < today,
    )


def _contact(municipality: Municipality, today: date) -> KnownFact:
    review_by = municipality.review_by or today
    return KnownFact(
        country=municipality.country,
        name=f"municipality:{municipality.key}",
        value="contact and times",
        source="portal.toml",
        address=municipality.contact.website or "",
        checked_on="",
        review_by=review_by.isoformat(),
        confidence="",
        is_due=review_by < today,
    )


def _as_table(known: list[KnownFact]) -> Iterator[str]:
    headings = ("country", "fact", "value", "source", "checked", "review by", "sure", "")
    rows = [headings]
    rows += [
        (
            one.country, one.name, one.value, one.source, one.checked_on, one.review_by, one.confidence,
            "DUE" if one.is_due else "",
        )
        for one in known
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(len(headings))]
    return ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
