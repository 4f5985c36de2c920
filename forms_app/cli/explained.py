"""What every command has in common: a named error ends it with a sentence instead of a traceback."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
import sqlalchemy as sa
from psycopg.errors import InsufficientPrivilege

from forms_app.errors import PortalError


def explained(command: Callable[..., None]) -> Callable[..., None]:
    """Say what a named error means instead of showing a traceback."""

    @wraps(command)
    def run(*args: Any, **named: Any) -> None:
        try:
            command(*args, **named)
        except PortalError as error:
            details = f" ({error})" if str(error) else ""
            raise click.ClickException(f"{error.meaning()}{details}") from error
        except sa.exc.OperationalError as error:
            raise click.ClickException(
                f"The database cannot be used ({error.orig}). `portal migrate` makes it or brings it up to date."
            ) from error
        except sa.exc.ProgrammingError as error:
            if not isinstance(error.orig, InsufficientPrivilege):
                raise
            raise click.ClickException(
                f"The database does not let this process do that ({error.orig.diag.message_primary}). "
                "Run it as the one whose work it is: what is about cases and keys as staff (`portal-as staff inbox`), "
                "what is about the queue and the books as the worker."
            ) from error

    return run
