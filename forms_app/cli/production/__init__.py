"""`portal check --production`: refuses what is unsafe where people send real things, and says what to do instead."""

from collections.abc import Iterator
from datetime import datetime

from forms_app.cli.finding import Finding
from forms_app.cli.production.configured import configured
from forms_app.cli.production.databases import databases
from forms_app.cli.production.machine import machine
from forms_app.cli.production.side import Side, side_of
from forms_app.settings import Settings

__all__ = ["Side", "production"]


def production(settings: Settings, now: datetime, side: Side | None = None) -> Iterator[Finding]:
    """Look at the settings, the files and the machine, and the database, for the process that they are of."""
    checked = side or side_of(settings)
    yield Finding(f"checked as {checked}: say --side if this is another process")
    yield from configured(settings, checked, now.date())
    yield from machine(settings, checked, now)
    yield from databases(settings, checked)
