"""`python -m forms_app.cli` is the `portal` command."""

from forms_app.cli.commands import main

main()
