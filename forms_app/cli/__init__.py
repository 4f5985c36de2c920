"""The `portal` command."""

from forms_app.cli.group import main

__all__ = ["main"]
