"""`portal status`: what the citizen reads of where a case stands."""

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from forms_app.casework.status import CaseHistory, Change, history, set_status
from forms_app.cli.context import actor, open_database, settings
from forms_app.cli.explained import explained
from forms_app.clock import utc_now
from forms_app.intake.timeline import STATUS_TEXTS
from forms_app.language import Language, use
from forms_app.storage.case_events import CaseEvent, StatusText
from forms_app.storage.tables import AnsweredBy, CaseStatus


@click.group()
def status() -> None:
    """Say where a case stands, and read what was said; the citizen sees it with the code."""


@status.command("set")
@click.argument("reference")
@click.argument("new_status", metavar="STATUS", type=click.Choice([one.value for one in CaseStatus]))
@click.option(
    "--text",
    type=click.Choice([one.value for one in StatusText]),
    help="A sentence for the citizen; `portal status texts` shows what they say.",
)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day of the answer; with `answered`.")
@click.option(
    "--by", type=click.Choice([one.value for one in AnsweredBy]), help="How the answer was given; with `answered`."
)
@explained
def set_(reference: str, new_status: str, text: str | None, on: datetime | None, by: str | None) -> None:
    """Set where the case REFERENCE stands: received, in_progress, waiting_for_citizen, answered or closed."""
    change = Change(
        status=CaseStatus(new_status),
        text=StatusText(text) if text else None,
        on=on.date() if on else None,
        by=AnsweredBy(by) if by else None,
    )
    is_new = set_status(open_database(settings().database_url), utc_now, reference, change, actor=actor())
    click.echo("The citizen sees it now." if is_new else "That was said already; nothing is changed.")


@status.command()
@click.argument("reference")
@explained
def show(reference: str) -> None:
    """Show where the case REFERENCE stands and what was said of it, without opening anything."""
    for line in _lines(history(open_database(settings().database_url), reference)):
        click.echo(line)


@status.command()
@explained
def texts() -> None:
    """Show what each text says in the three languages."""
    for key, text in STATUS_TEXTS.items():
        click.echo(key)
        for language in Language:
            with use(language):
                click.echo(f"  {language}  {text}")


def _lines(found: CaseHistory) -> Iterator[str]:
    case = found.case
    yield f"{found.submission.reference}  {found.submission.municipality}  {found.submission.form}  {case.status}"
    marks = {
        "received": found.submission.accepted_at,
        "opened": case.opened_at,
        "handed over": case.handed_over_at,
        "withdrawn": case.withdrawn_at,
        "revoked": case.revoked_at,
        "not read since": case.news_at,
    }
    yield from (f"{_minute(at)}  {mark}" for mark, at in marks.items() if at)
    yield from (f"{_minute(event.at)}  status {_said(event)}" for event in found.events)


def _said(event: CaseEvent) -> str:
    parts = [event.status, event.text or "", str(event.answered_on or ""), event.answered_by or ""]
    return " ".join(part for part in parts if part)


def _minute(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
