"""Canaries: one for each list of recipients that the citizen side seals to, with the proof that somebody opened it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from forms_app.storage.casework_tables import canaries


@dataclass(frozen=True, kw_only=True)
class Canary:
    """A canary, `proof` being what was in it; None until it was opened."""

    fingerprint: str
    sealed: bytes
    made_at: datetime
    confirmed_at: datetime | None
    proof: str | None


_IS_LIST = canaries.c.fingerprint == sa.bindparam("list")
_GET = sa.select(canaries).where(_IS_LIST)
_WAITING = sa.select(canaries).where(canaries.c.proof.is_(None)).order_by(canaries.c.fingerprint)
_CONFIRM = (
    sa.update(canaries)
    .where(_IS_LIST, canaries.c.sealed == sa.bindparam("opened"))
    .values(confirmed_at=sa.bindparam("moment"), proof=sa.bindparam("said"))
)


def get(connection: sa.Connection, fingerprint: str) -> Canary | None:
    """That of this list."""
    row = connection.execute(_GET, {"list": fingerprint}).one_or_none()
    return Canary(**row._mapping) if row else None


def put(connection: sa.Connection, fingerprint: str, sealed: bytes, *, now: datetime) -> None:
    """A new one in place of what there was: nobody has opened this one yet."""
    connection.execute(sa.delete(canaries).where(_IS_LIST), {"list": fingerprint})
    connection.execute(sa.insert(canaries), {"fingerprint": fingerprint, "sealed": sealed, "made_at": now})


def waiting(connection: sa.Connection) -> list[Canary]:
    """Those that nobody has opened."""
    return [Canary(**row._mapping) for row in connection.execute(_WAITING)]


def confirm(connection: sa.Connection, canary: Canary, proof: str, *, now: datetime) -> bool:
    """Keep the proof; False where the canary was made anew meanwhile."""
    values = {"list": canary.fingerprint, "opened": canary.sealed, "moment": now, "said": proof}
    return connection.execute(_CONFIRM, values).rowcount == 1
