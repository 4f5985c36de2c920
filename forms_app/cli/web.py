"""`portal web`: the web server alone, as a service manager or a container starts it."""

import os
import sys
from pathlib import Path

import click

from forms_app.cli.context import settings
from forms_app.cli.explained import explained
from forms_app.cli.processes import host_and_port, web_command
from forms_app.metrics import forget_processes


@click.command("web")
@click.option(
    "--socket",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Listen at this socket in the file system instead of HOST and PORT.",
)
@explained
def web(socket: Path | None) -> None:
    """Start the web server alone; a signal stops it.

    Where systemd hands over a socket, it listens there.
    """
    present = settings()
    forget_processes(present.operations.measurements)
    address = f"unix:{socket}" if socket else host_and_port(present.host, present.port)
    command = web_command(address, {}, processes=present.web_processes)
    # In place of this process, so that it is the web server itself that is told to stop, and handed the socket.
    os.execv(sys.executable, command)  # noqa: S606 - our own command line
