"""Nothing is accepted for recipients of whom nobody has ever shown that they can open: it might be sealed for ever."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import sqlalchemy as sa

from forms_app.clock import Clock
from forms_app.errors import PortalError
from forms_app.sealing.canary import proves, seal_canary
from forms_app.sealing.envelope import Recipients
from forms_app.storage import canaries
from forms_app.storage.engine import reading


class NotConfirmed(PortalError):
    """Nobody has opened the canary of these recipients yet; see that the worker runs with the opening key."""


@dataclass(frozen=True, kw_only=True)
class Canaries:
    """Makes a canary for each list of recipients when it is first asked about, and tells whether it was opened.

    In a demonstration nothing is `demanded`. A confirmation does not go away again, so it is remembered. One that was
    made under another secret key proves nothing here: then there is a new canary.
    """

    engine: sa.Engine
    clock: Clock
    secret_key: str
    recipients: Mapping[str, Recipients]
    demanded: bool
    _known: set[str] = field(default_factory=set)

    def unconfirmed(self) -> frozenset[str]:
        """The keys of the municipalities that nothing is accepted for yet."""
        return frozenset(key for key, recipients in self.recipients.items() if not self.is_confirmed(recipients))

    def demand(self, recipients: Recipients) -> None:
        """Raise NotConfirmed where nothing may be sealed to them."""
        if not self.is_confirmed(recipients):
            raise NotConfirmed(recipients.fingerprint[:16])

    def is_confirmed(self, recipients: Recipients) -> bool:
        """Whether somebody has shown that they can open what is sealed to them."""
        fingerprint = recipients.fingerprint
        if not self.demanded or fingerprint in self._known:
            return True
        with reading(self.engine) as connection:
            found = canaries.get(connection, fingerprint)
        if found and found.proof is None:
            return False
        if found and found.proof and proves(self.secret_key, fingerprint, found.proof):
            self._known.add(fingerprint)
            return True
        # Of several processes that start at once, one is the first.
        with suppress(sa.exc.IntegrityError), self.engine.begin() as connection:
            canaries.put(connection, fingerprint, seal_canary(self.secret_key, recipients), now=self.clock())
        return False
