"""`portal staff`: who may log in to the staff surface, and what each may do where."""

import click
import sqlalchemy as sa

from forms_app.casework.access import Role, actor_of
from forms_app.cli.context import actor, open_database, settings
from forms_app.cli.explained import explained
from forms_app.clock import utc_now
from forms_app.errors import PortalError
from forms_app.settings import Settings
from forms_app.storage import audit
from forms_app.storage.engine import reading
from forms_app.storage.staff import members
from forms_app.storage.staff.members import Member


class UnknownMember(PortalError):
    """Nobody logs in as this; `portal staff list` shows who does."""


class NoProvider(PortalError):
    """A member is known by their provider: set PORTAL_OIDC_ISSUER, or name it with --issuer."""


@click.group()
def staff() -> None:
    """Say who may log in to the staff surface, and what each may do."""


@staff.command("list")
@explained
def list_() -> None:
    """Show everybody with their roles."""
    with reading(_database(settings())) as connection:
        for member in members.present(connection):
            click.echo(f"{member.subject}  {member.name}  {_roles(member)}")


@staff.command()
@click.argument("subject")
@click.option("--name", required=True, help="What colleagues call them.")
@click.option("--municipality", required=True, help="The key of the municipality.")
@click.option("--role", required=True, type=click.Choice([one.value for one in Role]), help="What they may do there.")
@click.option("--issuer", default="", help="Their provider, if it is another than PORTAL_OIDC_ISSUER.")
@explained
def add(subject: str, name: str, municipality: str, role: str, issuer: str) -> None:
    """Let SUBJECT, as the provider calls them, log in, and give them a role in a municipality."""
    present = settings()
    place = present.deployment.municipality(municipality)
    with _database(present).begin() as connection:
        member = members.put(connection, issuer=_issuer(present, issuer), subject=subject, name=name, now=utc_now())
        is_new = members.grant(connection, member, place.key, Role(role))
    if is_new:
        _record(present, f"granted {role} to {actor_of(member)}", place.key)
    click.echo(f"{name} is {role} in {place.name}.")


@staff.command()
@click.argument("subject")
@click.option("--municipality", default="", help="Only there; otherwise they can log in no more.")
@click.option("--role", default="", type=click.Choice(["", *(one.value for one in Role)]), help="Only this role.")
@click.option("--issuer", default="", help="Their provider, if it is another than PORTAL_OIDC_ISSUER.")
@explained
def remove(subject: str, municipality: str, role: str, issuer: str) -> None:
    """Take a role, or all of them, from SUBJECT. Whoever is logged in notices at the next click."""
    present = settings()
    with _database(present).begin() as connection:
        member = members.by_login(connection, _issuer(present, issuer), subject)
        if member is None:
            raise UnknownMember(subject)
        taken = [
            (place, one)
            for place, held in member.roles.items()
            for one in held
            if municipality in ("", place) and role in ("", one)
        ]
        for place, one in taken:
            members.withdraw(connection, member.id, place, one)
        if not municipality and not role:
            members.remove(connection, member.id, now=utc_now())
    for place, one in taken:
        _record(present, f"took {one} from {actor_of(member.id)}", place)
    click.echo(f"{len(taken)} roles taken from {member.name}.")


def _database(present: Settings) -> sa.Engine:
    return open_database(present.staff_database_url)


def _issuer(present: Settings, given: str) -> str:
    found = given or (present.login.issuer if present.login else "")
    if not found:
        raise NoProvider
    return found


def _record(present: Settings, action: str, municipality: str) -> None:
    with open_database(present.database_url).begin() as connection:
        audit.record(connection, at=utc_now(), actor=actor(), action=action, subject=municipality)


def _roles(member: Member) -> str:
    return ", ".join(f"{place}: {' '.join(sorted(held))}" for place, held in sorted(member.roles.items()))
