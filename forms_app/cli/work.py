"""Puts a worker together from the settings."""

import signal
from collections.abc import Sequence

from pyrage.x25519 import Identity

from forms_app.clock import utc_now
from forms_app.delivery.channels.folder import FolderChannel
from forms_app.delivery.dispatch import hand_over_marker, handlers
from forms_app.delivery.packing import Packer
from forms_app.delivery.worker import Worker
from forms_app.settings import Settings
from forms_app.storage.engine import make_engine


def make_worker(settings: Settings, identities: Sequence[Identity]) -> Worker:
    """A worker that ends what it is doing and stops on SIGTERM and SIGINT."""
    engine = make_engine(settings.database_url)
    channels = [FolderChannel(settings.outbox)]
    packer = Packer(engine=engine, deployment=settings.deployment, identities=identities)
    worker = Worker(engine, handlers(channels, packer), on_delivered=hand_over_marker(channels, utc_now))
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *unused_arguments: worker.stop())
    return worker
