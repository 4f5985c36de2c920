"""`portal serve` as a process of its own, with its children in sight, so that tests can end any of them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.unlimited import UNLIMITED

PORTAL = Path(sys.executable).with_name("portal")


def free_port() -> int:
    """A port that nothing listens on right now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(condition: Callable[[], object], what: str, *, seconds: float = 60.0, pause: float = 0.05) -> None:
    """Return as soon as the condition holds; fail with `what` when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(pause)


class RunningPortal:
    """A portal over `folder/data`; everything it prints is kept in `folder/portal.log`.

    `around` stands before the command, as in `faketime`. It has no limits, unless `settings` say otherwise.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        around: Sequence[str] = (),
        settings: Mapping[str, str] = UNLIMITED,
    ) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "portal.log"
        self.port = port or free_port()
        self.root = f"http://127.0.0.1:{self.port}"
        self._around = list(around)
        self._settings = dict(settings)
        self._more_workers: list[subprocess.Popen[bytes]] = []
        self._temporary = folder / "tmp"
        self._temporary.mkdir(parents=True, exist_ok=True)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What every process of this portal is started with."""
        own = {"PORTAL_DATA": str(self.data), "PORT": str(self.port), "TMPDIR": str(self._temporary)}
        return {**os.environ, **self._settings, **own}

    @property
    def database_url(self) -> str:
        """Where its rows are."""
        return self._settings.get("DATABASE_URL", f"sqlite:///{self.data / 'portal.sqlite'}")

    def start(self, *, workers: int = 1) -> "RunningPortal":
        """Start it and return when it answers. More than one worker are processes of their own."""
        with self.log.open("ab") as log:
            already_printed = log.tell()
            self.process = subprocess.Popen(
                [*self._around, PORTAL, "serve"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self.wait_until_healthy()
            # Until it has said so, it takes the end of the web server for a failed start.
            wait_for(lambda: b"Ctrl-C" in self.log.read_bytes()[already_printed:], "it says that it has started")
        except AssertionError:
            self.end()
            raise
        self._more_workers = [self._start_worker() for __worker in range(workers - 1)]
        return self

    def _start_worker(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen([PORTAL, "work"], env=self.environment, stdout=log, stderr=log)

    def wait_until_healthy(self) -> None:
        """Return when /health says ok."""
        wait_for(lambda: self.is_healthy() or self._has_ended(), f"{self.root}/health answers")
        assert not self._has_ended(), self.log.read_text("utf-8")[-3000:]

    def _has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def is_healthy(self) -> bool:
        """Whether the web server answers now."""
        try:
            with urllib.request.urlopen(f"{self.root}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self, number: signal.Signals = signal.SIGINT, *, whole_group: bool = False) -> int:
        """Send a signal as a terminal or a service manager would, and return the exit code."""
        assert self.process
        if whole_group:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        return self.process.wait(60)

    def command(self, *words: str) -> str:
        """What `portal …` prints, beside the running portal."""
        done = subprocess.run([PORTAL, *words], env=self.environment, capture_output=True, check=True, timeout=120)
        return done.stdout.decode()

    def inbox(self) -> list[dict[str, Any]]:
        """`portal inbox --json`."""
        found: list[dict[str, Any]] = json.loads(self.command("inbox", "--json"))
        return found

    def parcel(self, municipality: str, reference: str) -> Path:
        """Where the folder channel puts a submission."""
        return self.data / "outbox" / municipality / reference

    def web_server(self) -> list[int]:
        """The master of the web server and all its workers."""
        return self._processes("gunicorn")

    def delivery_worker(self) -> list[int]:
        """The process that delivers."""
        return self._processes("forms_app.cli")

    def everything(self) -> list[int]:
        """All of its processes, the one that started the others first."""
        return self._processes()

    def processor_seconds(self) -> float:
        """What all its processes have used so far, with those they started and saw end."""
        stats = [Path(f"/proc/{process}/stat").read_text("ascii") for process in self.everything()]
        ticks = sum(int(one) for stat in stats for one in stat.rpartition(")")[2].split()[11:15])
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill(self, processes: Sequence[int]) -> None:
        """kill -9, which nothing can prepare for."""
        for one in processes:
            try:
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:
                continue
        for started in filter(None, [self.process, *self._more_workers]):
            if started.pid in processes:
                started.wait(30)

    def end(self) -> None:
        """Leave nothing behind, whatever the test did."""
        self.kill(self.everything())
        for started in filter(None, [self.process, *self._more_workers]):
            started.wait(30)

    def _processes(self, word: str = "") -> list[int]:
        """Running processes of this very portal, known by its data folder in their environment."""
        mark = f"PORTAL_DATA={self.data}\0".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                belongs = mark in (folder / "environ").read_bytes()
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if belongs and (not word or word.encode() in words):
                found.append(int(folder.name))
        return sorted(found)
