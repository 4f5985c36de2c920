"""What each process may do on PostgreSQL: least privilege, told table by table.

Four roles that nobody logs in as. A deployment makes a login for each process and puts it into one of them; the
schema belongs to whoever runs `portal migrate`. None of them may change or delete what was sent, but for staff, who
may erase it, and none may change a line of the audit trail. SQLite knows no roles.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum

import sqlalchemy as sa

from forms_app.storage.migrate import Schema
from forms_app.storage.staff.tables import metadata as staff_metadata


class DatabaseRole(StrEnum):
    """Whose processes. The value is the role's name on the server."""

    CITIZEN = "portal_citizen"
    STAFF = "portal_staff"
    WORKER = "portal_worker"
    WATCH = "portal_watch"
    """Counts, for `portal metrics` and `portal books`; reads nothing that is sealed."""


_READ, _ADD = "SELECT", "INSERT"
_READ_AND_ADD = "SELECT, INSERT"
_ALL = "SELECT, INSERT, UPDATE, DELETE"
_PUT = "SELECT, INSERT, DELETE"
_NOTHING = ""
# An INSERT asks for the number that the new line got.
_ADD_LINES = "INSERT, SELECT (id)"

_CITIZEN: Mapping[str, str] = {
    "drafts": _ALL,
    "draft_steps": _ALL,
    "draft_files": _ALL,
    "limits": _ALL,
    "submissions": "SELECT, INSERT, UPDATE (own_copy)",
    "own_files": _PUT,
    "attachments": _ADD,
    "follow_ups": _READ_AND_ADD,
    "invitations": "SELECT, INSERT, UPDATE (sealed, answered_at)",
    "cases": "SELECT, INSERT, UPDATE (withdrawn_at, revoked_at, news_at, is_unscanned)",
    "case_events": _READ,
    "deadlines": _READ_AND_ADD,
    "deliveries": _READ_AND_ADD,
    "attempts": _READ,
    "audit": _ADD_LINES,
    "canaries": _PUT,
    "acknowledgements": _NOTHING,
    "alarms": _NOTHING,
    "audit_heads": _NOTHING,
    "audit_links": _NOTHING,
    "beats": _NOTHING,
    "case_notes": _NOTHING,
    "complaints": _NOTHING,
    "moves": _READ,
    "sign_offs": _NOTHING,
    "turns": _NOTHING,
}

_STAFF: Mapping[str, str] = {
    **_CITIZEN,
    # A paper form is keyed in through the citizen's own form. What is erased is emptied, never deleted.
    "submissions": "SELECT, INSERT, UPDATE (summary, answers, erased_at, own_copy)",
    "attachments": "SELECT, INSERT, UPDATE (sealed, cleaned)",
    "cases": "SELECT, INSERT, UPDATE",
    "case_events": _READ_AND_ADD,
    "case_notes": "SELECT, INSERT, UPDATE (sealed)",
    "complaints": "SELECT, INSERT, UPDATE",
    "deadlines": "SELECT, INSERT, UPDATE, DELETE",
    "deliveries": "SELECT, INSERT, UPDATE",
    "sign_offs": _READ_AND_ADD,
    "audit": _READ_AND_ADD,
    "audit_heads": _READ,
    "audit_links": _READ,
    "acknowledgements": _READ,
    "alarms": _READ,
    "beats": _READ,
}

_WORKER: Mapping[str, str] = {
    **dict.fromkeys(_CITIZEN, _NOTHING),
    "drafts": "SELECT, DELETE",
    "submissions": "SELECT, UPDATE (own_copy)",
    "own_files": "SELECT, DELETE",
    "attachments": _READ,
    "follow_ups": _READ,
    "invitations": _READ,
    "cases": "SELECT, UPDATE (handed_over_at)",
    "case_events": _READ,
    "deadlines": _READ,
    "deliveries": "SELECT, UPDATE",
    "attempts": _READ_AND_ADD,
    "acknowledgements": _READ_AND_ADD,
    "audit": _READ_AND_ADD,
    "audit_links": _READ_AND_ADD,
    "audit_heads": _READ_AND_ADD,
    "moves": _READ,
    "sign_offs": _READ,
    "canaries": "SELECT, UPDATE (confirmed_at, proof)",
    "alarms": _ALL,
    "beats": _ALL,
    "turns": "SELECT, INSERT, UPDATE",
}

_WATCH: Mapping[str, str] = {
    **dict.fromkeys(_CITIZEN, _NOTHING),
    "drafts": "SELECT (id, saved_at)",
    "submissions": (
        "SELECT (id, reference, draft_id, form, language, municipality, accepted_at, sealed_hash, erased_at)"
    ),
    "follow_ups": _READ,
    "cases": _READ,
    "deliveries": _READ,
    "attempts": _READ,
    "acknowledgements": _READ,
    "sign_offs": _READ,
    "canaries": "SELECT (fingerprint, made_at, confirmed_at)",
    "alarms": _READ,
    "beats": _READ,
}

RIGHTS: Mapping[DatabaseRole, Mapping[str, str]] = {
    DatabaseRole.CITIZEN: _CITIZEN,
    DatabaseRole.STAFF: _STAFF,
    DatabaseRole.WORKER: _WORKER,
    DatabaseRole.WATCH: _WATCH,
}
"""What each may do to each table, as GRANT has it."""
_VERSION = "alembic_version"


def grant(connection: sa.Connection, schema: Schema) -> None:
    """Make the roles if they are not there, and give them exactly these rights; whatever else they had is gone.

    The connection must belong to the owner of the tables, who may make roles. The staff's own database is for
    the staff's processes alone. Raises what the server raises.
    """
    for statement in _statements(connection.engine.url.database or "", schema):
        connection.exec_driver_sql(statement)


def _statements(database: str, schema: Schema) -> Iterator[str]:
    everybody = ", ".join(DatabaseRole)
    name = f'"{database}"'
    for role in DatabaseRole:
        yield (
            f"DO $$ BEGIN IF to_regrole('{role}') IS NULL THEN CREATE ROLE {role} NOLOGIN; END IF; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    yield f"REVOKE ALL ON DATABASE {name} FROM PUBLIC, {everybody}"
    yield "REVOKE ALL ON SCHEMA public FROM PUBLIC"
    for kind in ("TABLES", "SEQUENCES"):
        yield f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM PUBLIC, {everybody}"
    for role in DatabaseRole:
        rights = _rights(role, schema)
        if not rights:
            continue
        yield f"GRANT CONNECT ON DATABASE {name} TO {role}"
        yield f"GRANT USAGE ON SCHEMA public TO {role}"
        for table, allowed in rights.items():
            if allowed:
                yield f"GRANT {allowed} ON {table} TO {role}"
        yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"


def _rights(role: DatabaseRole, schema: Schema) -> dict[str, str]:
    if schema is Schema.PORTAL:
        return {**RIGHTS[role], _VERSION: _READ}
    if role is DatabaseRole.STAFF:
        return dict.fromkeys(staff_metadata.tables, _ALL) | {"moves": _READ, _VERSION: _READ}
    return {}
