"""Logging in and out. The browser holds a random secret; the session lies where only the staff surface reaches."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

import sqlalchemy as sa

from forms_app.casework.access import Visitor, actor_of
from forms_app.clock import Clock
from forms_app.errors import PortalError
from forms_app.storage import audit
from forms_app.storage.engine import DatabaseBusy, reading
from forms_app.storage.staff import members, sessions
from forms_app.storage.staff.sessions import Session

IDLE = timedelta(minutes=30)
STRANGER = "stranger"
"""How the audit trail names whoever is not a member: the provider knows who it is, and we keep no list of them."""
LONGEST = timedelta(hours=10)
_SAVED_EVERY = timedelta(seconds=20)


class NotAMember(PortalError):
    """The provider knows who it is, but nobody has given them a role here."""


@dataclass(frozen=True, kw_only=True)
class FrontDoor:
    """The two databases that a login touches: who works here, and what was done."""

    staff: sa.Engine
    engine: sa.Engine
    clock: Clock

    def log_in(self, *, issuer: str, subject: str, id_token: str) -> str:
        """Begin a session and return the secret of its cookie. Raises NotAMember."""
        now = self.clock()
        with reading(self.staff) as connection:
            member = members.by_login(connection, issuer, subject)
        if member is None or not member.roles:
            self._record("refused", STRANGER, audit.EVERYWHERE)
            raise NotAMember
        secret = secrets.token_urlsafe(32)
        municipality = min(member.roles)
        with self.staff.begin() as connection:
            sessions.end_idle(connection, now - IDLE)
            sessions.insert(
                connection,
                Session(
                    id=_id(secret),
                    member_id=member.id,
                    municipality=municipality,
                    started_at=now,
                    seen_at=now,
                    id_token=id_token,
                ),
            )
        self._record("logged in", actor_of(member.id), municipality)
        return secret

    def visitor(self, secret: str) -> Visitor | None:
        """Who comes with this secret; None when nobody does, or they were away too long. It counts as being there."""
        now = self.clock()
        with reading(self.staff) as connection:
            session = sessions.find(connection, _id(secret))
            member = members.by_id(connection, session.member_id) if session else None
        if session is None or member is None or not member.roles or _is_over(session, self.clock):
            return None
        if now - session.seen_at > _SAVED_EVERY:
            # Whoever cannot be noted as seen just now is so at the next click.
            with suppress(DatabaseBusy), self.staff.begin() as connection:
                sessions.mark_seen(connection, session.id, now=now)
        # A role in the municipality where they were at work may have been taken from them meanwhile.
        place = session.municipality if session.municipality in member.roles else min(member.roles)
        return Visitor(member=member, municipality=place, idle_at=min(now + IDLE, session.started_at + LONGEST))

    def move(self, secret: str, visitor: Visitor, municipality: str) -> None:
        """Be at work for another of their municipalities. Raises NotAllowed."""
        visitor.demand(visitor.roles_in(municipality), municipality)
        with self.staff.begin() as connection:
            sessions.move(connection, _id(secret), municipality)

    def log_out(self, secret: str) -> str | None:
        """End the session; what the provider wants to see to end its own, or None where there was no session."""
        with self.staff.begin() as connection:
            session = sessions.find(connection, _id(secret))
            sessions.end(connection, _id(secret))
            member = members.by_id(connection, session.member_id) if session else None
        if session is None:
            return None
        if member:
            self._record("logged out", actor_of(member.id), session.municipality)
        return session.id_token

    def _record(self, action: str, actor: str, subject: str) -> None:
        with self.engine.begin() as connection:
            audit.record(connection, at=self.clock(), actor=actor, action=action, subject=subject)


def _is_over(session: Session, clock: Clock) -> bool:
    now = clock()
    return now - session.seen_at > IDLE or now - session.started_at > LONGEST


def _id(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
