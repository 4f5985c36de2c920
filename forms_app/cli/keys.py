"""`portal keys`: make keys, exchange them, see who can open what, and rehearse the worst."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from forms_app import durable
from forms_app.casework.keyring import KeyState, ListState, state_of
from forms_app.cli.context import actor, open_database, settings
from forms_app.cli.drill import drill
from forms_app.cli.explained import explained
from forms_app.clock import utc_now
from forms_app.errors import PortalError
from forms_app.sealing.canonical import moment_text
from forms_app.sealing.envelope import Recipients
from forms_app.sealing.keys import add_identity, load_identities, new_identity_file, public_keys
from forms_app.sealing.signature import new_signing_key
from forms_app.settings import DemoFiles, Settings
from forms_app.storage import audit

_SHORT = 16


class NoRing(PortalError):
    """There is no opening key on this machine: set PORTAL_OPENING_KEYS_FILE."""


@click.group()
def keys() -> None:
    """Make keys, exchange them, and see who can open what."""


keys.add_command(drill)


@keys.command("new")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--signing", is_flag=True, help="A key that signs receipts, instead of one that opens submissions.")
@explained
def new_key(file: Path, signing: bool) -> None:
    """Write a new secret key to FILE and print its public half, which goes into portal.toml."""
    click.echo(new_signing_key(file) if signing else new_identity_file(file))


@keys.command()
@explained
def rotate() -> None:
    """Add a new working key to the opening keys, and say what else to do and in which order."""
    present = settings()
    ring = _ring(present)
    old = public_keys(ring)
    new = add_identity(ring)
    with open_database(present.database_url).begin() as connection:
        audit.record(connection, at=utc_now(), actor=actor(), action=f"made a key {new}", subject=audit.EVERYWHERE)
    if present.demo:
        _exchange_in_demo(present, old, new)
    for line in _steps(present, ring, old, new):
        click.echo(line)


@keys.command()
@explained
def status() -> None:
    """Show what is sealed to which recipients, who can open it, and which old key may go."""
    present = settings()
    state = state_of(open_database(present.database_url), load_identities(_ring(present)), present.recipients)
    for one in state.lists:
        for line in _list_told(one):
            click.echo(line)
    click.echo("")
    for key in state.keys:
        click.echo(_key_told(key))
    if state.unopened_notes:
        click.echo(f"{state.unopened_notes} notes of case workers cannot be opened with any key of the ring.")


def _ring(present: Settings) -> Path:
    if present.opening_keys is None:
        raise NoRing
    return present.opening_keys


def _exchange_in_demo(present: Settings, old: Sequence[str], new: str) -> None:
    """Outside a demonstration portal.toml is edited by hand: a program that changes who can read is one too many."""
    path = DemoFiles(present.data).recipients
    kept = [key for key in path.read_text("utf-8").split() if key not in old]
    durable.replace(path, "\n".join([new, *kept]) + "\n")


def _steps(present: Settings, ring: Path, old: Sequence[str], new: str) -> Iterator[str]:
    yield f"1. Done: a new working key stands in {ring}, after the {len(old)} that were there."
    yield f"   Its public half is {new}"
    yield "   Nothing is sealed to it yet."
    yield "2. Copy this file to every machine that opens (staff and worker), and restart those first:"
    yield "   they must be able to open before anything is sealed to the new key."
    if present.demo:
        yield "3. Done, because this is a demonstration: its list of recipients names the new key. Restart it."
    else:
        yield "3. In portal.toml, exchange the old working key for the new one. The recovery key stays:"
        for place, keys_ in _new_lists(present.recipients, old, new).items():
            quoted = ", ".join(f'"{key}"' for key in keys_)
            yield f"   {place}: recipients = [{quoted}]"
        yield "4. Put portal.toml on every machine and restart the citizen side. It accepts nothing for the new list"
        yield "   until the worker has shown that it can open it: within a minute. See /ready and `portal keys status`."
    yield "5. What came in before stays sealed to the old key, which stays in the file. Never take out a key before"
    yield "   `portal keys status` says that it may go."


def _new_lists(present: Mapping[str, Recipients], old: Sequence[str], new: str) -> dict[str, list[str]]:
    return {place: [new, *(key for key in one.keys if key not in old)] for place, one in present.items()}


def _list_told(one: ListState) -> Iterator[str]:
    used = f"sealed to now by {', '.join(one.municipalities)}" if one.municipalities else "not sealed to any more"
    yield f"List {one.fingerprint[:_SHORT]}: {one.rows} submissions, {used}"
    if one.opened_by:
        yield from (f"  opened by {key}" for key in one.opened_by)
    elif one.rows:
        yield "  CANNOT BE OPENED with any key of the ring: find the key that was taken out"
    if one.confirmed_at:
        yield f"  the worker showed that it can open it at {moment_text(one.confirmed_at)}"
    elif one.municipalities:
        yield "  nobody has shown yet that they can open it"


def _key_told(key: KeyState) -> str:
    if key.may_go:
        return f"Key {key.public_key}: MAY GO. Nothing is sealed to it."
    if key.others_unopened and not (key.rows or key.notes or key.municipalities):
        return f"Key {key.public_key}: keep it while there is something that no key opens"
    needs = [f"{key.rows} submissions", f"{key.notes} notes", *(f"{place} now" for place in key.municipalities)]
    return f"Key {key.public_key}: needed for {', '.join(needs)}"
