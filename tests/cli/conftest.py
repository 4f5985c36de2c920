"""The real `portal` command, in this process or in one of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
import structlog
from click.testing import CliRunner
from command import Command, Ended

from forms_app.cli import main


@pytest.fixture
def portal(environ: dict[str, str]) -> Iterator[Command]:
    """Runs `portal …` on this test's data."""

    def run(*arguments: str, exit_code: int = 0, **changed: str) -> Ended:
        result = CliRunner(env=environ | changed).invoke(main, arguments)
        assert result.exit_code == exit_code, result.output
        # A command that fails without a sentence of ours would print a traceback.
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
        return Ended(stdout=result.stdout, stderr=result.stderr)

    yield run
    structlog.reset_defaults()


@pytest.fixture
def portal_process(environ: dict[str, str]) -> Command:
    """Runs `portal …` on this test's data in a process of its own, for commands that log or catch signals."""

    def run(*arguments: str, exit_code: int = 0, **changed: str) -> Ended:
        ended = subprocess.run(
            [sys.executable, "-m", "forms_app.cli", *arguments],
            env={**os.environ, **environ, **changed},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == exit_code, ended.stdout + ended.stderr
        assert "Traceback" not in ended.stderr, ended.stderr
        return Ended(stdout=ended.stdout, stderr=ended.stderr)

    return run
