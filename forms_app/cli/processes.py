"""Starts the web server and the worker as processes of their own, and ends them together."""

import ctypes
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from types import FrameType

from forms_app import log
from forms_app.errors import PortalError

_log = log.logger("serve")

THREADS_EACH = 8
_PAUSE_BEFORE_RESTART = 1.0
_SECONDS_TO_END = 30
_PR_SET_PDEATHSIG = 1


class PortTaken(PortalError):
    """The port is in use."""


class NotStarted(PortalError):
    """The web server ended before it answered."""


def demand_free_port(host: str, port: int) -> None:
    """Raise PortTaken unless this process could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError:
            raise PortTaken(host_and_port(host, port)) from None


def host_and_port(host: str, port: int) -> str:
    """Both as they stand in a URL, where an IPv6 address is in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def free_port(host: str) -> int:
    """A port that nobody used a moment ago."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as attempt:
        attempt.bind((host, 0))
        port: int = attempt.getsockname()[1]
    return port


def web_command(address: str, variables: Mapping[str, str], *, processes: int) -> list[str]:
    """The command line of the web server, which gets these variables besides ours. The address is host and port, or
    "unix:" and a path.
    """
    return [
        *(sys.executable, "-m", "gunicorn", "forms_app.wsgi:app", "--config", "python:forms_app.web_server"),
        *("--bind", address),
        *("--worker-class", "gthread", "--workers", str(processes), "--threads", str(THREADS_EACH)),
        *("--graceful-timeout", "20", "--log-level", "warning", "--no-control-socket"),
        *(word for name, value in variables.items() for word in ("--env", f"{name}={value}")),
    ]


def worker_command() -> list[str]:
    """The command line of the worker."""
    return [sys.executable, "-m", "forms_app.cli", "work"]


def metrics_command() -> list[str]:
    """The command line of what answers Prometheus."""
    return [sys.executable, "-m", "forms_app.cli", "metrics"]


class Processes:
    """Some commands that run together until one asks to stop; one that dies is started again."""

    def __init__(self, commands: Sequence[Sequence[str]]) -> None:
        self._commands = [list(command) for command in commands]
        self._running: list[subprocess.Popen[bytes]] = []
        self._is_stopping = False

    def start(self) -> None:
        """Start all of them, each deaf to the terminal's Ctrl-C, which is ours to pass on."""
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signal_number, self._stop)
        # The terminal was closed; under nohup, which ignores this signal, we go on.
        if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
            signal.signal(signal.SIGHUP, self._stop)
        self._running = [self._begin(command) for command in self._commands]

    def wait_until_healthy(self, url: str, *, seconds: float = 90) -> None:
        """Return when the first command answers; raise NotStarted when it ends instead."""
        deadline = time.monotonic() + seconds
        while not self._is_stopping:
            if self._running[0].poll() is not None or time.monotonic() > deadline:
                self._is_stopping = True
                self.stop()
                raise NotStarted(url)
            try:
                with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)

    def watch(self) -> None:
        """Return after a signal, when everything has ended."""
        while not self._is_stopping:
            for place, process in enumerate(self._running):
                if process.poll() is not None and not self._is_stopping:
                    _log.error("process ended", process=self._commands[place][2], status=process.returncode)
                    time.sleep(_PAUSE_BEFORE_RESTART)
                    self._running[place] = self._begin(self._commands[place])
            time.sleep(0.2)
        self.stop()

    def stop(self) -> None:
        """Ask each to end what it is doing; force what does not."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            try:
                process.wait(_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @staticmethod
    def _begin(command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, start_new_session=True, preexec_fn=_end_with_parent)  # noqa: S603 - our own

    def _stop(self, unused_signal: int, unused_frame: FrameType | None) -> None:
        self._is_stopping = True


def _end_with_parent() -> None:
    """Have the kernel stop the new process when we are killed: it would hold the port against the next start."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl:  # Linux
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
