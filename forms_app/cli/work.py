"""Puts the workers together from the settings."""

import signal
from collections.abc import Sequence

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.books.canaries import Confirmer as CanaryConfirmer
from forms_app.books.chaining import Chainer
from forms_app.books.heads import HeadsFile
from forms_app.cli.context import open_database
from forms_app.cli.watch import make_watch
from forms_app.clock import utc_now
from forms_app.delivery.dispatch import hand_over_marker, handlers
from forms_app.delivery.expiry import DraftExpiry, OwnCopyExpiry
from forms_app.delivery.mail import Confirmer
from forms_app.delivery.means import Means
from forms_app.delivery.packing import Packer
from forms_app.delivery.presence import Presence
from forms_app.delivery.repeated import DAY, Repeated
from forms_app.delivery.return_address import ReturnAddresses
from forms_app.delivery.routing import every_kind
from forms_app.delivery.worker import Handler, Worker
from forms_app.delivery.workers import Workers
from forms_app.sealing.signature import load_signing_key
from forms_app.settings import Settings
from forms_app.storage.deliveries import CONFIRMATION_MAIL
from forms_app.storage.leases import Lane

_MAILS_AT_ONCE = 2


def make_workers(settings: Settings, identities: Sequence[Identity]) -> Workers:
    """One worker for each lane, and what deletes the expired; on SIGTERM and SIGINT they end what they are doing."""
    engine = open_database(settings.database_url)
    drafts = DraftExpiry(engine, utc_now, days=settings.draft_days)
    own_copies = OwnCopyExpiry(engine, utc_now, deployment=settings.deployment)
    canaries = CanaryConfirmer(engine=engine, clock=utc_now, identities=identities)
    packer = Packer(engine=engine, deployment=settings.deployment, identities=identities)
    deliver = handlers(every_kind(settings.deployment, means_of(settings)), packer)
    mark = hand_over_marker(utc_now)
    mails = deliver | _confirmers(settings, engine, identities)
    workers = Workers(
        [
            Presence(engine),
            Worker(engine, deliver, on_delivered=mark),
            Worker(engine, deliver, on_delivered=mark, lane=Lane.OUTWARD),
            Worker(engine, mails, lane=Lane.MAIL, threads=_MAILS_AT_ONCE, on_delivered=mark),
            Repeated(engine, drafts.run_once, job="expire_drafts", every=DAY),
            Repeated(engine, own_copies.run_once, job="expire_own_copies", every=DAY),
            Repeated(engine, canaries.run_once, job="open_canaries"),
            Repeated(engine, _chainer(settings, engine).run_once, job="chain_audit"),
            Repeated(engine, make_watch(settings, engine), job="watch"),
        ]
    )
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *unused_arguments: workers.stop())
    return workers


def means_of(settings: Settings) -> Means:
    """What channels are made with."""
    return Means(
        outbox=settings.outbox,
        secrets=settings.channel_secrets,
        mail=settings.mail,
        returns=return_addresses(settings),
        is_demo=settings.demo,
    )


def return_addresses(settings: Settings) -> ReturnAddresses | None:
    """Where mail comes back to, if anything reads it there."""
    pattern = settings.mail.returns_to if settings.mail else ""
    return ReturnAddresses(pattern=pattern, secret_key=settings.secret_key) if pattern else None


def _confirmers(settings: Settings, engine: sa.Engine, identities: Sequence[Identity]) -> dict[str, Handler]:
    if not settings.mail:
        return {}
    confirmer = Confirmer(
        engine=engine,
        deployment=settings.deployment,
        identities=identities,
        server=settings.mail,
        site=settings.site_address,
        clock=utc_now,
        returns=return_addresses(settings),
    )
    return {CONFIRMATION_MAIL: confirmer}


def _chainer(settings: Settings, engine: sa.Engine) -> Chainer:
    settings.audit_heads.parent.mkdir(parents=True, exist_ok=True)
    return Chainer(
        engine=engine, clock=utc_now, signer=load_signing_key(settings.audit_key), file=HeadsFile(settings.audit_heads)
    )
