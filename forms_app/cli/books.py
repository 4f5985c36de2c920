"""`portal books`: whether everything that citizens have receipts for is stored, and where it is."""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from forms_app.books.closing import GRACE, Balance, Books, Finding, bad_bytes, close
from forms_app.books.journals import Journals
from forms_app.cli.context import open_database, settings
from forms_app.cli.explained import explained
from forms_app.cli.terminal import one_line
from forms_app.clock import utc_now
from forms_app.settings import Settings
from forms_app.storage.closed_books import Standing

_COLUMNS = ("receipts", "stored", "waiting", "handed over", "erased", "taken back")


@click.command("books")
@click.argument("journals", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what came in on this day (UTC) or later.")
@click.option("--municipality", help="The key of one municipality.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--contents", is_flag=True, help="Also read everything that is sealed and compare its hash; takes long.")
@explained
def books(
    journals: tuple[Path, ...], since: datetime | None, municipality: str | None, as_json: bool, contents: bool
) -> None:
    """Close the books: receipts = stored = waiting + handed over + erased after that; the exit status is 1 on a gap.

    JOURNALS are issue journals, or folders with files issued*.jsonl, instead of this host's own and PORTAL_JOURNALS.
    """
    present, day = settings(), since.date() if since else None
    engine = open_database(present.database_url)
    found = close(engine, Journals(journals or _own(present)), now=utc_now(), since=day, municipality=municipality)
    findings = list(found.findings)
    if contents:
        findings += bad_bytes(engine, since=day, municipality=municipality)
    if as_json:
        click.echo(json.dumps(_as_json(found, findings), indent=2))
    else:
        for line in _told(found, findings):
            click.echo(line)
    sys.exit(1 if findings else 0)


def _own(present: Settings) -> Sequence[Path]:
    """A host that has shown no receipt yet has no journal of its own."""
    own, *others = present.journals
    return [own, *others] if own.is_dir() else others


def _told(found: Books, findings: Sequence[Finding]) -> Iterator[str]:
    if found.balances:
        width = max(len("municipality"), *(len(one.page.municipality) for one in found.balances))
        yield f"{'day (UTC)':<10}  {'municipality':<{width}}  " + "  ".join(f"{one:>11}" for one in _COLUMNS)
        for one in found.balances:
            numbers = "  ".join(f"{number:>11}" for number in _numbers(one).values())
            yield f"{one.page.day}  {one_line(one.page.municipality):<{width}}  {numbers}"
    for finding in findings:
        yield told_gap(finding)
    told = {one.reference for one in findings}
    fresh = ", ".join(row.reference for row in found.unshown if row.reference not in told)
    if fresh:
        minutes = int(GRACE.total_seconds() // 60)
        yield f"Stored, and not in a journal; within {minutes} minutes that is no gap: {fresh}"
    total = sum(one.issued for one in found.balances)
    yield f"GAPS: {len(findings)}." if findings else f"CLOSED. {total} receipts, and each is accounted for."


def told_gap(finding: Finding) -> str:
    """One line for a terminal."""
    if finding.detail:
        return f"GAP  {finding.gap.value}: {one_line(finding.detail)}"
    place = f" ({finding.page.day}, {one_line(finding.page.municipality)})" if finding.page else ""
    return f"GAP  {one_line(finding.reference)}{place}: {finding.gap.value}"


def _numbers(one: Balance) -> dict[str, int]:
    """What is wrong is in none of the three, so that the sum shows it."""
    standing = one.stored.standing
    columns = (
        one.issued,
        one.stored.count,
        standing[Standing.WAITING],
        standing[Standing.HANDED_OVER],
        standing[Standing.ERASED],
        one.stored.taken_back,
    )
    return dict(zip(_COLUMNS, columns, strict=True))


def _as_json(found: Books, findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "closed": not findings,
        "pages": [
            {"day": _day(one.page.day), "municipality": one.page.municipality}
            | {name.replace(" ", "_"): number for name, number in _numbers(one).items()}
            for one in found.balances
        ],
        "gaps": [
            {
                "gap": one.gap.name.lower(),
                "reference": one.reference or None,
                "day": _day(one.page.day) if one.page else None,
                "municipality": one.page.municipality if one.page else None,
                "detail": one.detail or None,
            }
            for one in findings
        ],
        "not_in_a_journal": [row.reference for row in found.unshown],
    }


def _day(day: date) -> str:
    return day.isoformat()
