"""The citizen surface works without the opening key, and could not use it if it had it."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

from checked_client import CheckedClient
from flask import Flask
from form_journeys import Journey, reference_of

from forms_app.language import Language
from forms_app.settings import DemoFiles, Settings


def test_forms_are_accepted_where_the_opening_key_is_not(
    make_app: Callable[[Settings], Flask], settings: Settings
) -> None:
    files = DemoFiles(settings.data)
    files.opening_key.unlink()
    files.recovery_key.unlink()
    client = CheckedClient(make_app(replace(settings, opening_keys=None)))
    assert reference_of(Journey(client, Language.NB, "complaint").send())


def test_the_running_application_never_loads_what_opens() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "import forms_app.app, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(ended.stdout.split())
    assert "forms_app.web.citizen" in loaded
    assert not {name for name in loaded if name.startswith(("forms_app.sealing.keys", "forms_app.casework"))}
    assert not {name for name in loaded if name.startswith(("forms_app.delivery", "forms_app.cli"))}
