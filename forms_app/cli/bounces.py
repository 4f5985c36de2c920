"""`portal bounces`: what mail servers send back."""

import mailbox
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
import sqlalchemy as sa

from forms_app.cli.context import open_database, settings
from forms_app.cli.explained import explained
from forms_app.cli.work import return_addresses
from forms_app.delivery.bounces import Outcome, take
from forms_app.errors import PortalError
from forms_app.storage.failures import DatabaseBusy

_TRY_AGAIN_LATER = 75
"""What a mail server understands as: keep it, and pipe it again (EX_TEMPFAIL)."""
_DATABASE_FAILED = (sa.exc.DBAPIError, sa.exc.TimeoutError, DatabaseBusy)

Take = Callable[[bytes], Outcome]


class BouncesNotRead(PortalError):
    """PORTAL_BOUNCES_TO is not set, so mail comes back to where nobody tells one from the other."""


class NoMailbox(PortalError):
    """There is no mailbox at this place, or another program holds it: a Maildir folder, an mbox file, or - is read."""


@click.command()
@click.argument("place", metavar="MAILDIR|MBOX|-", type=click.Path(path_type=Path, allow_dash=True))
@explained
def bounces(place: Path) -> None:
    """Read reports of mail that did not arrive, and give those deliveries up, so that staff see it.

    What was understood is taken out of the mailbox, and the rest left for a person. With - one message is read from
    standard input, as a mail server pipes it.
    """
    found = settings()
    returns = return_addresses(found)
    if returns is None:
        raise BouncesNotRead
    engine = open_database(found.database_url)
    if str(place) == "-":
        _take_piped(lambda raw: take(engine, returns, raw))
        return
    with _opened(place) as box:
        outcomes = Counter(_take_all(box, lambda raw: take(engine, returns, raw)))
    for outcome in Outcome:
        click.echo(f"{outcome}: {outcomes[outcome]}")


def _take_piped(read: Take) -> None:
    try:
        click.echo(read(sys.stdin.buffer.read()))
    except _DATABASE_FAILED as error:
        click.echo(f"The database cannot be used now: {type(error).__name__}", err=True)
        sys.exit(_TRY_AGAIN_LATER)


def _take_all(box: "mailbox.Mailbox[mailbox.Message]", read: Take) -> Iterator[Outcome]:
    for key in list(box.keys()):
        outcome = read(box.get_bytes(key))
        if outcome is not Outcome.NOT_OURS:
            box.discard(key)
            # At once: what is read again after a delivery was made anew would give that up too.
            box.flush()
        yield outcome


@contextmanager
def _opened(place: Path) -> "Iterator[mailbox.Mailbox[mailbox.Message]]":
    """The mailbox, held against everybody who keeps to the locks, and closed in the end."""
    if place.is_dir() and not all((place / name).is_dir() for name in ("new", "cur", "tmp")):
        raise NoMailbox(str(place))
    try:
        box: mailbox.Mailbox[mailbox.Message] = (
            mailbox.Maildir(str(place), create=False) if place.is_dir() else mailbox.mbox(str(place), create=False)
        )
        with closing(box):
            box.lock()
            yield box
    except (OSError, mailbox.Error) as error:
        raise NoMailbox(f"{place}: {type(error).__name__}") from error
