"""The `portal` command."""

from forms_app.cli.commands import main

__all__ = ["main"]
