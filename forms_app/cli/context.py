"""What the commands of the server have in common: the settings, and who runs them."""

import os
import pwd

from forms_app.cli import demo
from forms_app.settings import Settings, data_folder, deployment_of, from_environ


def settings() -> Settings:
    """The settings, with a demonstration's own keys made first."""
    if deployment_of().demo:
        demo.prepare(data_folder())
    return from_environ()


def actor() -> str:
    """Who runs the command, as the operating system knows them: a variable such as USER anyone can set."""
    try:
        return f"cli:{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:  # A container may run under a number that has no name.
        return f"cli:{os.getuid()}"
