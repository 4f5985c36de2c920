"""`python -m forms_app.cli` is the `portal` command."""

from forms_app.cli.group import main

main()
