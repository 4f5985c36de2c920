"""Puts together what looks each minute at the books and at everything else that must not go unnoticed."""

import socket
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from forms_app.books.bell import Bell
from forms_app.books.journal import IssueJournal
from forms_app.books.journals import Journals
from forms_app.books.keeping import Bookkeeper
from forms_app.books.watching import Watch
from forms_app.casework.drill import last_passed
from forms_app.clock import Clock, utc_now
from forms_app.delivery.alarm_mail import AlarmMail
from forms_app.settings import Settings


def make_watch(settings: Settings, engine: sa.Engine, *, clock: Clock = utc_now) -> Callable[[], None]:
    """What to do each minute."""
    settings.late_journal.parent.mkdir(parents=True, exist_ok=True)
    watch = Watch(
        engine=engine,
        clock=clock,
        deployment=settings.deployment,
        bookkeeper=Bookkeeper(
            engine=engine,
            clock=clock,
            journals=Journals(settings.journals),
            late=IssueJournal(settings.late_journal),
        ),
        lists=frozenset(one.fingerprint for one in settings.recipients.values()),
        certificate=settings.operations.certificate,
        keys=signing_keys(settings),
        drill_passed=lambda: last_passed(engine),
    )
    bell = Bell(engine=engine, clock=clock, send=alarm_mail(settings, clock))
    return lambda: bell.ring(watch.alarms())


def alarm_mail(settings: Settings, clock: Clock = utc_now) -> AlarmMail | None:
    """None where nobody is to be mailed."""
    if not (settings.mail and settings.operations.alarm_mail):
        return None
    return AlarmMail(
        server=settings.mail,
        recipient=settings.operations.alarm_mail,
        source=settings.site_address or socket.gethostname(),
        clock=clock,
    )


def signing_keys(settings: Settings) -> dict[str, Path]:
    """The files of the keys that sign, by what they sign."""
    found = {"receipts": settings.signing_key}
    return found if settings.audit_key == settings.signing_key else found | {"audit": settings.audit_key}
