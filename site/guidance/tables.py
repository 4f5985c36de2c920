"""The tables that pages show, made of the countries' rules and of portal.toml; Markdown."""

from collections.abc import Iterable, Iterator
from datetime import date

from forms_app.countries import CountryRules, TableRow, quantity, rules_for
from forms_app.language import Language, format_date, use
from forms_app.municipality import Deployment, Municipality
from guidance.labels import labels
from guidance.pages import Page
from guidance.references import NO_BREAK


def sources(page: Page, unused_deployment: Deployment) -> str:
    """Which laws and rules the pages stand on, which edition was read, and when."""
    language = page.language
    with use(language):
        rows = [
            (
                f"[{_cell(statute.title_in(language))}]({statute.address})",
                _edition(statute.version),
                _day(statute.checked_on),
            )
            for country in page.countries
            for statute in rules_for(country).statutes.values()
        ]
    return _table(("law", "version", "checked_on"), rows, language)


def deadlines(page: Page, unused_deployment: Deployment) -> str:
    """How long people have to complain, and where the complaint goes."""
    rows = [
        (
            _about(row, page),
            _limit(row, page.language),
            row.send_to[page.language],
            _cite(row.source, rules, page.language),
        )
        for rules in _rules(page)
        for row in rules.deadlines
        if row.send_to
    ]
    return _table(("concerns", "deadline", "send_to", "law"), rows, page.language)


def ages(page: Page, unused_deployment: Deployment) -> str:
    """What changes at which age."""
    rows = [
        (_limit(row, page.language), _about(row, page), _cite(row.source, rules, page.language))
        for rules in _rules(page)
        for row in rules.ages
    ]
    return _table(("age", "means", "law"), rows, page.language)


def processing_times(page: Page, deployment: Deployment) -> str:
    """How long each municipality may take in each area; those under a statutory limit have it already.

    Danish municipalities must publish this (RSL §§ 3 and 3 a).
    """
    receivers = [one for country in page.countries for one in deployment.of_country(country)]
    return "\n\n".join(_times_of(one, page, named=len(receivers) > 1) for one in receivers)


def _times_of(municipality: Municipality, page: Page, *, named: bool) -> str:
    rules, language = rules_for(municipality.country), page.language
    rows = [
        (_about(row, page), _own_limit(row, municipality, language), _cite(row.source, rules, language))
        for row in rules.processing_times
    ]
    table = _table(("area", "deadline", "law"), rows, language)
    return f"**{municipality.name}**\n\n{table}" if named else table


def _own_limit(row: TableRow, municipality: Municipality, language: Language) -> str:
    if row.fact:
        return _limit(row, language)
    time = municipality.processing_times.get(row.key)
    if time is None:
        return labels(language)["time_missing"]
    return quantity(time.number, time.unit, language).replace(" ", NO_BREAK)


def _rules(page: Page) -> Iterator[CountryRules]:
    return (rules_for(country) for country in page.countries)


def _about(row: TableRow, page: Page) -> str:
    return _cell(row.about[page.language])


def _limit(row: TableRow, language: Language) -> str:
    return row.fact.phrase(language).replace(" ", NO_BREAK) if row.fact else ""


def _cite(source: str, rules: CountryRules, language: Language) -> str:
    """Link to the statute, followed by the section: "[Barnets lov](https://…) § 32"."""
    cited = []
    for part in source.split(";"):
        key, _, section = part.strip().partition(" ")
        statute = rules.statutes.get(key)
        link = f"[{_cell(statute.title_in(language))}]({statute.address})" if statute else key
        cited.append(f"{link} {section}".strip().replace("§ ", f"§{NO_BREAK}"))
    return ", ".join(cited)


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]], language: Language) -> str:
    words = [labels(language)[heading] for heading in headings]
    lines = [words, ["---"] * len(words), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def _edition(version: str) -> str:
    """A day in words, or the act's number: "1. juni 2026", "LBK 354/2025"."""
    try:
        return _day(date.fromisoformat(version))
    except ValueError:
        return _cell(version.replace(" ", NO_BREAK))


def _day(day: date) -> str:
    return format_date(day).replace(" ", NO_BREAK)
