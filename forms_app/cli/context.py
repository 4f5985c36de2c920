"""What the commands of the server have in common: the settings, and who runs them."""

import os
import pwd
from collections.abc import Mapping

import click
import sqlalchemy as sa

from forms_app import log
from forms_app.cli import demo
from forms_app.settings import Settings, data_folder, databases, deployment_of, from_environ
from forms_app.storage.engine import make_engine
from forms_app.storage.migrate import Schema


def settings() -> Settings:
    """The settings, with a demonstration's own keys made first."""
    _prepare_demo()
    present = from_environ()
    log.configure(level=present.operations.log_level)
    return present


def databases_named() -> Mapping[Schema, str]:
    """Where the databases are, for a process that has no other settings, with a demonstration's folder made first."""
    _prepare_demo()
    return databases()


def _prepare_demo() -> None:
    if deployment_of().demo:
        demo.prepare(data_folder())


def actor() -> str:
    """Who runs the command, as the operating system knows them: a variable such as USER anyone can set."""
    try:
        return f"cli:{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:  # A container may run under a number that has no name.
        return f"cli:{os.getuid()}"


def open_database(url: str) -> sa.Engine:
    """As `make_engine`, closed when the command ends."""
    engine = make_engine(url)
    click.get_current_context().call_on_close(engine.dispose)
    return engine
