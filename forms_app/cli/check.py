"""`portal check`: looks at everything the portal stands on, and says how to mend what is wrong."""

from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa
from babel.messages.pofile import read_po

from forms_app.books.alarms import MEANING, AlarmKind
from forms_app.books.watching import SILENT_AFTER_SECONDS
from forms_app.casework.drill import last_passed
from forms_app.cli.context import open_database
from forms_app.cli.databases import demand_open
from forms_app.cli.finding import Finding, looked_at, warning
from forms_app.cli.work import means_of
from forms_app.countries import Country, rules_for
from forms_app.delivery.routing import every_channel, make_channel
from forms_app.delivery.smtp import greet
from forms_app.files.apart import inspect_apart
from forms_app.language import Language, catalogue_folder
from forms_app.sealing.envelope import open_envelope, seal
from forms_app.sealing.keys import load_identities
from forms_app.sealing.signature import load_signing_key
from forms_app.settings import Settings, Surface
from forms_app.storage import alarms, beats, measures, submissions
from forms_app.storage.engine import reading
from forms_app.storage.migrate import Standing, standing

_CANARY = b"canary"
_DRILL_EVERY = timedelta(days=365)


def findings(settings: Settings, today: date) -> Iterator[Finding]:
    """Look at configuration, keys, other servers, database, catalogues, facts and the built site, in that order."""
    yield Finding(f"configuration: {len(settings.deployment.municipalities)} municipalities")
    yield looked_at("signing key", lambda: load_signing_key(settings.signing_key), "portal keys new --signing FILE")
    if settings.opening_keys:
        mend = "portal keys new --signing FILE, and PORTAL_AUDIT_KEY_FILE"
        yield looked_at("key of the audit trail", lambda: load_signing_key(settings.audit_key), mend)
    yield from _keys(settings)
    yield looked_at("parsers of uploads", lambda: inspect_apart("a.txt", b"a"), "install the portal anew: make run")
    yield _virus_scanner(settings)
    yield from _mail(settings)
    yield from _channels(settings)
    yield from _database(settings)
    yield from _watched(settings)
    if settings.opening_keys and not settings.demo:
        yield _drill(settings, today)
    yield from _catalogues()
    yield from _facts(today)
    built = (settings.site / "index.html").is_file() and (settings.assets / "forms" / "forms.css").is_file()
    yield Finding("site and styles", *(() if built else ("not built", "make site")))


def _virus_scanner(settings: Settings) -> Finding:
    if settings.virus_scanner is None:
        return Finding("virus scanner: none, so every file is marked as unscanned")
    fault = ("does not answer, so files are marked as unscanned", "start clamd, or correct PORTAL_VIRUS_SCANNER")
    return Finding("virus scanner", *(() if settings.virus_scanner.answers() else fault))


def _keys(settings: Settings) -> Iterator[Finding]:
    """A canary sealed to each municipality's recipients must open with the key that case workers hold."""
    if settings.opening_keys is None:
        yield Finding("opening key: not on this machine, as it should be on the citizen side")
        return
    path = settings.opening_keys
    loaded = looked_at("opening key", lambda: load_identities(path), "portal keys new FILE")
    yield loaded
    if loaded.fault:
        return
    identities = load_identities(path)
    for key, recipients in settings.recipients.items():
        envelope = seal(_CANARY, recipients)
        yield looked_at(
            f"recipients of {key}",
            lambda envelope=envelope: open_envelope(envelope, identities),  # type: ignore[misc]
            "put the public half of the opening key among the recipients in portal.toml",
        )


def _mail(settings: Settings) -> Iterator[Finding]:
    """Only where the worker runs: the others need no way to the mail server."""
    server = settings.mail
    if server is None:
        yield Finding("mail server: none, so no mail is promised or sent")
    elif _hands_over(settings):
        yield looked_at("mail server", lambda: greet(server), "see the settings PORTAL_SMTP_… in the README")


def _channels(settings: Settings) -> Iterator[Finding]:
    """Only where the worker runs: the others have no way to the receivers."""
    means = means_of(settings)
    for municipality, channel in every_channel(settings.deployment) if _hands_over(settings) else ():
        forms = f", {' and '.join(channel.forms)} only" if channel.forms else ""
        yield looked_at(
            f"channel {channel.kind} of {municipality.key}{forms}",
            lambda one=channel, whose=municipality: make_channel(one, whose, means).greet(),  # type: ignore[misc]
            "see “Hand over” in the README",
        )


def _hands_over(settings: Settings) -> bool:
    """Whether these are the settings of a worker; in a demonstration all processes have the same."""
    return settings.opening_keys is not None and (settings.demo or Surface.STAFF not in settings.surfaces)


def _database(settings: Settings) -> Iterator[Finding]:
    engine = open_database(settings.database_url)
    try:
        found = standing(engine)
        if not found.is_usable:
            is_early = found is Standing.EARLIER
            mend = "portal migrate" if is_early else "start a later version of the portal: one has migrated it"
            yield Finding("database", "the schema is not one that this version can work on", mend)
            return
        yield Finding(f"database, {found} schema")
        mend = "see “Move from SQLite to PostgreSQL” in the README"
        yield looked_at("database takes what is sent", lambda: demand_open(engine), mend)
        with reading(engine) as connection:
            stored = submissions.municipalities(connection)
    finally:
        engine.dispose()
    removed = sorted(stored - {one.key for one in settings.deployment.municipalities})
    fault = f"not in portal.toml, though submissions to them are kept: {', '.join(map(repr, removed))}"
    mend = "put them back: without them nothing of theirs can be handed over or opened"
    yield Finding("municipalities in the database", *((fault, mend) if removed else ()))


def _watched(settings: Settings) -> Iterator[Finding]:
    """What the worker found, and whether there is one: this is another process, which needs none to tell."""
    engine = open_database(settings.database_url)
    try:
        with reading(engine) as connection:
            known = [one for one in alarms.known(connection) if not one.ended_at]
            is_there = any(one.seconds_ago <= SILENT_AFTER_SECONDS for one in beats.all(connection))
            is_owed = any(one.waiting for one in measures.queue(connection).values())
    except sa.exc.DBAPIError:
        yield Finding("worker and alarms: not for this process to read")
        return
    finally:
        engine.dispose()
    fault = "none has been there for two minutes, though something is to be handed over"
    is_missed = is_owed and not is_there
    yield (
        warning("worker", fault, "start one: portal work")
        if is_missed
        else Finding("worker" if is_there else "worker: none")
    )
    for one in known:
        meaning, deed = MEANING[AlarmKind(one.kind)]
        about = f", {one.subject}" if one.subject else ""
        yield warning(f"alarm {one.kind}{about}: {one.count} since {one.began_at:%Y-%m-%d %H:%M} UTC", meaning, deed)


def _drill(settings: Settings, today: date) -> Finding:
    """That a drill is due is told, but is no fault: the portal works as well as yesterday."""
    engine = open_database(settings.database_url)
    try:
        passed = last_passed(engine)
    except sa.exc.DBAPIError:
        return Finding("restore drill: the database cannot tell when the last one was")
    finally:
        engine.dispose()
    if passed is None:
        return Finding("restore drill: DUE, none has passed yet: portal keys drill export FILE.zip")
    is_due = today - passed.date() > _DRILL_EVERY
    return Finding(f"restore drill: {'DUE, ' if is_due else ''}the last one passed on {passed.date()}")


def _catalogues() -> Iterator[Finding]:
    for language in Language:
        for domain in ("messages", "wtforms"):
            path = catalogue_folder() / language / "LC_MESSAGES" / f"{domain}.po"
            with path.open("rb") as file:
                entries = [entry for entry in read_po(file) if entry.id]
            faulty = [entry for entry in entries if not entry.string or not all(entry.string) or entry.fuzzy]
            fault = f"{len(faulty)} of {len(entries)} messages are missing or fuzzy" if faulty else ""
            yield Finding(f"catalogue {language}/{domain}", fault, "fill them in, in the .po file" if fault else "")


def _facts(today: date) -> Iterator[Finding]:
    """A fact that is due for review is told, but is no fault: the portal must start on that day too."""
    for country in Country:
        due = sorted(fact.name for fact in rules_for(country).facts.values() if fact.review_by < today)
        yield Finding(f"facts of {country}" + (f": due for review: {', '.join(due)}" if due else ""))
