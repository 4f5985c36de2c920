"""The `portal` command itself: it finds its commands when one is asked for.

Those that run the portal need modules of a server's operating system. Editors, who may sit at a Windows computer, use
the others: `portal facts` and what other packages add under the entry point group `portal.commands`, each by its name,
so that no command waits for the modules of another.
"""

from importlib import import_module
from importlib.metadata import entry_points

import click

from forms_app import log
from forms_app.cli.facts import facts

_OF_THE_SERVER = "forms_app.cli.commands"
_OF_OTHERS = "portal.commands"


class NotHere(click.ClickException):
    """Not a command, or not one of this operating system."""

    def __init__(self, name: str, lacking: str) -> None:
        super().__init__(
            f"There is no command {name!r} on this computer; those that run the portal need Linux ({lacking})."
        )


class LazyGroup(click.Group):
    """Looks among its own commands, then among other packages', then among those of the server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All that work on this computer."""
        self._take_in_the_server()
        return sorted({*super().list_commands(ctx), *entry_points(group=_OF_OTHERS).names})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name. Raises NotHere."""
        if cmd_name not in self.commands:
            for entry in entry_points(group=_OF_OTHERS, name=cmd_name):
                self.add_command(entry.load())
        if cmd_name not in self.commands and (lacking := self._take_in_the_server()):
            raise NotHere(cmd_name, lacking)
        return super().get_command(ctx, cmd_name)

    def _take_in_the_server(self) -> str | None:
        """The name of the module that is missing here, if one is."""
        try:
            import_module(_OF_THE_SERVER)  # Its commands add themselves.
        except ModuleNotFoundError as error:
            return error.name or str(error)
        return None


@click.group(cls=LazyGroup)
def main() -> None:
    """Run and look after the citizen portal."""
    log.configure()


main.add_command(facts)
