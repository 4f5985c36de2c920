"""`portal deliveries`: what became of a hand-over, and trying it anew."""

from collections.abc import Iterator
from datetime import datetime

import click

from forms_app.casework.handing_over import HandOver, hand_overs, owe_again
from forms_app.cli.context import actor, open_database, settings
from forms_app.cli.explained import explained
from forms_app.clock import utc_now
from forms_app.storage.tables import DeliveryStatus


@click.group()
def deliveries() -> None:
    """See what became of the hand-overs of a case, and have them tried anew."""


@deliveries.command()
@click.argument("reference")
@explained
def show(reference: str) -> None:
    """Show every hand-over of the case REFERENCE with its attempts, without opening anything."""
    for one in hand_overs(open_database(settings().database_url), reference):
        for line in _lines(one):
            click.echo(line)


@deliveries.command()
@click.argument("reference")
@explained
def again(reference: str) -> None:
    """Try anew what was given up of the case REFERENCE, once the reason is mended."""
    kinds = owe_again(open_database(settings().database_url), utc_now, reference, actor=actor())
    click.echo(f"Owed again: {', '.join(kinds)}." if kinds else "Nothing of it was given up.")


def _lines(one: HandOver) -> Iterator[str]:
    delivery = one.delivery
    at = {DeliveryStatus.TODO: delivery.due_at, DeliveryStatus.DOING: None}.get(delivery.state, delivery.finished_at)
    yield f"{one.reference}  {delivery.kind}  {delivery.state}{_moment(at)}"
    if one.signed:
        said = one.signed.acknowledgement
        yield f"    acknowledged{_moment(said.received_at)}, key {said.key_id}, manifest {said.manifest_sha256}"
    for attempt in delivery.trail:
        yield f"    {attempt.number}{_moment(attempt.started_at)}  {attempt.outcome}  {attempt.error or ''}".rstrip()


def _moment(at: datetime | None) -> str:
    return f"  {at:%Y-%m-%dT%H:%M:%SZ}" if at else ""
