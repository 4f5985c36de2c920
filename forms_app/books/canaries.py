"""Opens the canaries of the citizen side with the municipality's keys, so that citizens can begin to send."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app import log
from forms_app.clock import Clock
from forms_app.sealing.canary import NoCanary, open_canary
from forms_app.sealing.envelope import CannotOpen
from forms_app.storage import canaries
from forms_app.storage.engine import reading

_log = log.logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Confirmer:
    """Whoever holds the opening keys; several may do it, for each gives the same answer."""

    engine: sa.Engine
    clock: Clock
    identities: Sequence[Identity]

    def run_once(self) -> None:
        """Confirm what can be opened. What cannot be is an error in the log, each time; without any key nothing is
        expected.
        """
        if not self.identities:
            return
        with reading(self.engine) as connection:
            waiting = canaries.waiting(connection)
        for one in waiting:
            try:
                proof = open_canary(one.sealed, self.identities, fingerprint=one.fingerprint)
            except (CannotOpen, NoCanary) as error:
                _log.error("canary_not_opened", error=type(error).__name__)
                continue
            with self.engine.begin() as connection:
                canaries.confirm(connection, one, proof, now=self.clock())
