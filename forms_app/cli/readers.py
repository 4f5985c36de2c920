"""`portal audit read`: the answer to "who has read my case", ready to be handed to the citizen."""

from collections.abc import Iterator

import click
import sqlalchemy as sa

from forms_app.casework.deeds import said
from forms_app.casework.readers import Listing, Readers, Staff, who_has_read
from forms_app.cli.context import actor, open_database, settings
from forms_app.cli.explained import explained
from forms_app.cli.terminal import one_line
from forms_app.clock import utc_now
from forms_app.countries import rules_for
from forms_app.language import format_moment, ngettext, use
from forms_app.language import gettext as _
from forms_app.municipality import Municipality
from forms_app.settings import Settings


@click.command("read")
@click.argument("reference")
@explained
def read(reference: str) -> None:
    """Tell who has read or worked on the case REFERENCE, and when, in the municipality's language."""
    present = settings()
    found = who_has_read(open_database(present.database_url), utc_now, reference, actor=actor())
    place = present.deployment.municipality(found.submission.municipality)
    staff = _staff(present)
    with use(place.default_language):
        for line in _letter(found, staff, place):
            click.echo(line)


def _staff(present: Settings) -> Staff:
    engine = open_database(present.staff_database_url)
    try:
        return Staff.of(engine)
    except sa.exc.OperationalError:
        click.echo("The staff database cannot be reached, so members of staff are told by their ids.", err=True)
        return Staff.unknown()
    finally:
        engine.dispose()


def _letter(found: Readers, staff: Staff, place: Municipality) -> Iterator[str]:
    zone = rules_for(place.country).time_zone
    reference, received = found.submission.reference, format_moment(found.submission.accepted_at, zone)
    yield _("Who has read the case %(reference)s", reference=reference)
    yield place.name
    yield _("Received %(time)s. This list was made %(now)s.", time=received, now=format_moment(utc_now(), zone))
    yield ""
    yield _("What was done with the case, also with what you sent later:")
    for deed in found.deeds:
        name, words = staff.described(deed.actor, place.key), said(deed.action, staff.names)
        yield f"- {format_moment(deed.at, zone)}: {one_line(name)}. {one_line(words)}."
    if found.listings:
        yield ""
        yield _("Who has seen the list of cases since then. It shows the name, but nothing of what you wrote:")
    for one in found.listings:
        yield f"- {one_line(staff.described(one.actor, place.key))}: {_times(one, zone)}."
    yield ""
    yield _("The portal writes this down by itself before anything is shown, and nobody can change it unnoticed.")


def _times(one: Listing, zone: str) -> str:
    first, last = format_moment(one.first, zone), format_moment(one.last, zone)
    when = first if one.times == 1 else _("between %(first)s and %(last)s", first=first, last=last)
    times = ngettext("%(num)d time", "%(num)d times", one.times)
    return f"{times}, {when}"
