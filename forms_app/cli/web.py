"""`portal web`: the web server alone, as a service manager or a container starts it."""

import os
import sys

import click

from forms_app.cli.context import settings
from forms_app.cli.explained import explained
from forms_app.cli.processes import web_command
from forms_app.metrics import forget_processes


@click.command("web")
@explained
def web() -> None:
    """Start the web server alone, at HOST and PORT or at the socket that systemd hands over; a signal stops it."""
    present = settings()
    forget_processes(present.operations.measurements)
    command = web_command(present.host, present.port, {}, processes=present.web_processes)
    # In place of this process, so that it is the web server itself that is told to stop, and handed the socket.
    os.execv(sys.executable, command)  # noqa: S606 - our own command line
