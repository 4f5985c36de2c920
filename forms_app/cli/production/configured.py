"""What is unsafe can be seen from the settings and `portal.toml` alone."""

import logging
import re
from collections.abc import Iterator
from datetime import date

from forms_app.cli.finding import Finding, warning
from forms_app.cli.production.side import Side
from forms_app.countries import rules_for
from forms_app.errors import PortalError
from forms_app.sealing.keys import load_identities
from forms_app.settings import DemoFiles, Settings

_LEAST_CHARACTERS = 12
_PLACEHOLDER = re.compile(r"change.?me|secret|example|password|passord|default|hemmelig", re.IGNORECASE)
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - told, not listened at


def configured(settings: Settings, side: Side, today: date) -> Iterator[Finding]:
    """In the order of the settings' table in the README."""
    yield _demo(settings)
    yield _secret(settings)
    yield from _keys(settings, side)
    yield from _addresses(settings, side)
    if side is not Side.WORKER:
        yield from _web_server(settings)
    yield from _told(settings, side)
    if side is Side.CITIZEN and settings.virus_scanner is None:
        fault = "none, so every file is marked as unscanned, and case workers open what nobody has looked at"
        yield warning("virus scanner", fault, "run clamd, and set PORTAL_VIRUS_SCANNER")
    yield _log_level(settings)
    yield from _facts(settings, today)


def _demo(settings: Settings) -> Finding:
    fault = (
        "every page says that nothing may be sent, and keys lie beside the database",
        "demo = false in portal.toml",
    )
    return Finding("demonstration", *(fault if settings.demo else ()))


def _secret(settings: Settings) -> Finding:
    secret, made = settings.secret_key, DemoFiles(settings.data).secret_key
    mend = "make one: python3 -c 'import secrets; print(secrets.token_urlsafe(48))', the same on every host"
    if len(set(secret)) < _LEAST_CHARACTERS or _PLACEHOLDER.search(secret):
        return Finding("secret key", "PORTAL_SECRET_KEY can be guessed: nobody has drawn it by chance", mend)
    if not settings.demo and made.is_file() and made.read_text("utf-8").strip() == secret:
        return Finding("secret key", "PORTAL_SECRET_KEY is one that a demonstration made for itself", mend)
    return Finding("secret key")


def _keys(settings: Settings, side: Side) -> Iterator[Finding]:
    if side is Side.CITIZEN:
        held = settings.opening_keys or DemoFiles(settings.data).opening_key
        is_there = settings.opening_keys is not None or held.exists()
        could = "the citizens' process could open what was sent before a break-in"
        yield Finding("opening key", *((could, f"take {held} off this machine") if is_there else ()))
        return
    if side is Side.WORKER and settings.audit_key == settings.signing_key:
        fault = "is the one that signs receipts, which the citizens' process has too: it could sign a trail of its own"
        mend = "portal keys new --signing FILE, and PORTAL_AUDIT_KEY_FILE"
        yield warning("key of the audit trail", fault, mend)
    yield from _recovery(settings)


def _recovery(settings: Settings) -> Iterator[Finding]:
    try:
        ring = (
            {str(one.to_public()) for one in load_identities(settings.opening_keys)} if settings.opening_keys else set()
        )
    except PortalError:
        # That the file cannot be read is told by the plain check.
        return
    lacking = sorted(place for place, one in settings.recipients.items() if set(one.keys) <= ring)
    fault = f"every key that opens what is sent to {', '.join(lacking)} lies on this machine: none would be left"
    mend = "add the public half of a key that is kept elsewhere to `recipients`, and keep that key in a safe"
    yield Finding("recovery keys", *((fault, mend) if lacking else ()))
    demo = DemoFiles(settings.data).recipients
    made = set(demo.read_text("utf-8").split()) if demo.is_file() and not settings.demo else set()
    theirs = sorted(place for place, one in settings.recipients.items() if set(one.keys) & made)
    if theirs:
        fault = f"{', '.join(theirs)}: a demonstration made a key, and its secret half lies in {demo.parent}"
        yield Finding("recipients", fault, "make new keys: portal keys new FILE")


def _addresses(settings: Settings, side: Side) -> Iterator[Finding]:
    if settings.site_address.startswith("http://"):
        yield Finding("site address", "PORTAL_SITE_ADDRESS is not https: codes would be typed in clear", "use https")
    elif not settings.site_address:
        fault = "PORTAL_SITE_ADDRESS is not set: mails have no link, and cards say what a browser says"
        yield warning("site address", fault, "set it to https://… as citizens see it")
    else:
        yield Finding("site address")
    if side is Side.STAFF and settings.login and not settings.login.own_address.startswith("https://"):
        yield Finding("staff address", "PORTAL_STAFF_ADDRESS is not https", "use https")


def _web_server(settings: Settings) -> Iterator[Finding]:
    fault = "no web server stands in front, and the portal itself speaks no https"
    mend = "put Caddy or nginx in front, and set PORTAL_TRUSTED_PROXIES to 1"
    yield Finding("trusted proxies", *((fault, mend) if settings.trusted_proxies == 0 else ()))
    if settings.host in _EVERYWHERE:
        fault = f"HOST is {settings.host}: whoever goes past the web server in front can choose their address"
        yield warning("listening", fault, "listen on 127.0.0.1, or let nobody but the web server reach the port")


def _told(settings: Settings, side: Side) -> Iterator[Finding]:
    metrics = settings.operations.metrics
    if metrics and metrics.host in _EVERYWHERE:
        fault = (
            f"PORTAL_METRICS_ADDRESS is {metrics.host}: whoever reaches this host can read how much is sent and when"
        )
        yield Finding("metrics", fault, "listen on 127.0.0.1, or on the address of a network of your own")
    if settings.mail is None and side is not Side.STAFF:
        fault = "no mail server: nobody is sent a confirmation, and no alarm leaves by mail"
        yield warning("mail", fault, "set PORTAL_SMTP_HOST and PORTAL_MAIL_FROM")
    if side is not Side.WORKER:
        return
    if settings.operations.alarm_mail:
        yield Finding("alarms")
    elif metrics:
        yield warning("alarms", "nobody is mailed, so Prometheus alone can tell somebody", "set PORTAL_ALARM_MAIL")
    else:
        yield Finding(
            "alarms", "stand in the log only: nobody would know that something is lost", "set PORTAL_ALARM_MAIL"
        )


def _log_level(settings: Settings) -> Finding:
    level = settings.operations.log_level
    mend = "leave PORTAL_LOG_LEVEL out, or set it to info"
    if level > logging.WARNING:
        return warning("log level", "warnings are not written, such as that an alarm is over", mend)
    if level < logging.INFO:
        return warning("log level", "more is written than anybody reads", mend)
    return Finding("log level")


def _facts(settings: Settings, today: date) -> Iterator[Finding]:
    mend = "portal facts: look each up at its source, then set checked_on and review_by"
    for country in sorted({one.country for one in settings.deployment.municipalities}):
        due = sorted(fact.name for fact in rules_for(country).facts.values() if fact.review_by < today)
        fault = f"should have been looked at again: {', '.join(due)}"
        yield Finding(f"facts of {country} in force", *((fault, mend) if due else ()))
    places = [one.key for one in settings.deployment.municipalities if one.review_by and one.review_by < today]
    if places:
        fault = f"should have been looked at again: {', '.join(places)}"
        yield Finding("facts of municipalities", fault, "look at them, then set review_by in portal.toml")
