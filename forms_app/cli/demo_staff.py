"""The demonstration's own members of staff, and a provider that lets anybody log in as one of them."""

import sys
from collections.abc import Mapping

import sqlalchemy as sa

from forms_app.casework.access import Role
from forms_app.cli.context import open_database
from forms_app.cli.processes import free_port
from forms_app.clock import utc_now
from forms_app.settings import Settings, Surface
from forms_app.storage.staff import members

_PROVIDER = "forms_app.cli.demo_login"
_SECRET = "any will do"  # noqa: S105 - the demonstration's provider takes whatever it is given
_WORKER, _LEADER, _AUDITOR = Role.CASE_WORKER, Role.UNIT_LEADER, Role.AUDITOR
_NORWAY = ("arendal", "kristiansand")

PEOPLE: Mapping[str, tuple[str, Mapping[str, frozenset[Role]]]] = {
    "ingrid": ("Ingrid Solberg", {key: frozenset({_WORKER}) for key in _NORWAY}),
    "olav": ("Olav Nes", {"bjornafjorden": frozenset({_WORKER})}),
    "mette": ("Mette Holm", {"rudersdal": frozenset({_WORKER})}),
    "leder": ("Kari Lunde", {key: frozenset({_WORKER, _LEADER}) for key in (*_NORWAY, "bjornafjorden", "rudersdal")}),
    "revisor": ("Per Vik", {key: frozenset({_AUDITOR}) for key in (*_NORWAY, "bjornafjorden", "rudersdal")}),
}
"""By what they log in with: name, and roles by municipality."""

HOST = "127.0.0.1"
"""Where the provider listens: a demonstration is for this machine only."""


def login_of_demo(settings: Settings) -> tuple[list[list[str]], dict[str, str]]:
    """The provider to start, and what the web server must be told of it; nothing where staff log in elsewhere."""
    if not settings.demo or settings.login or Surface.STAFF not in settings.surfaces:
        return [], {}
    port = free_port(HOST)
    issuer = f"http://{HOST}:{port}"
    staff = open_database(settings.staff_database_url)
    hire(staff, issuer, frozenset(one.key for one in settings.deployment.municipalities))
    staff.dispose()
    # Authlib demands https, which nothing needs that never leaves this machine.
    provider = ["env", "AUTHLIB_INSECURE_TRANSPORT=1", sys.executable, "-m", _PROVIDER, str(port)]
    return [provider], {"PORTAL_OIDC_ISSUER": issuer, "PORTAL_OIDC_SECRET": _SECRET}


def hire(staff: sa.Engine, issuer: str, municipalities: frozenset[str]) -> None:
    """Give everybody their roles in those of their municipalities that this deployment has.

    The provider's address holds a port, which may be another at each start; they are the same people all the same.
    """
    with staff.begin() as connection:
        members.move_to(connection, issuer)
        for subject, (name, held) in PEOPLE.items():
            member = members.put(connection, issuer=issuer, subject=subject, name=name, now=utc_now())
            for municipality in held.keys() & municipalities:
                for role in held[municipality]:
                    members.grant(connection, member, municipality, role)
