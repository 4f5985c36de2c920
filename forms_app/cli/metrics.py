"""`portal metrics`: a process of its own that answers Prometheus, at an address that no citizen reaches."""

import signal
import socket
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FrameType
from typing import Any

import click

from forms_app import log
from forms_app.books.measuring import Measures
from forms_app.cli.context import open_database, settings
from forms_app.cli.explained import explained
from forms_app.clock import utc_now
from forms_app.errors import PortalError
from forms_app.metrics import CONTENT_TYPE, exposition
from forms_app.settings import Address, Settings

_PATH = "/metrics"
_log = log.logger("metrics")


class NoMetricsAddress(PortalError):
    """PORTAL_METRICS_ADDRESS is not set: where to listen, such as 127.0.0.1:9464."""


class AddressTaken(PortalError):
    """Nobody can listen at PORTAL_METRICS_ADDRESS."""


@click.command("metrics")
@explained
def metrics() -> None:
    """Serve /metrics for Prometheus at PORTAL_METRICS_ADDRESS."""
    present = settings()
    address = present.operations.metrics
    if address is None:
        raise NoMetricsAddress
    with MetricsServer(address, present) as server:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _end)
        server.serve_forever()


class MetricsServer(ThreadingHTTPServer):
    """Answers GET /metrics and nothing else. Raises AddressTaken."""

    daemon_threads = True

    def __init__(self, address: Address, present: Settings) -> None:
        self.address_family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        self.measures = Measures(engine=open_database(present.database_url), clock=utc_now)
        self.shared = present.operations.measurements
        try:
            super().__init__((address.host, address.port), _Handler)
        except OSError as error:
            raise AddressTaken(f"{address.host}:{address.port}: {error.strerror}") from error

    def exposition(self) -> bytes:
        """What Prometheus reads. A file of a process that was killed while it wrote spoils only its own part."""
        measured = self.measures.now()
        try:
            return exposition(measured, shared=self.shared)
        except (ValueError, KeyError, OSError) as error:
            _log.error("measurements_unreadable", error=type(error).__name__)
            return exposition(measured, shared=self.shared / "none")


class _Handler(BaseHTTPRequestHandler):
    server: MetricsServer
    timeout = 10

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != _PATH:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = self.server.exposition()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *unused_arguments: Any) -> None:
        """Whoever asks every few seconds is no news."""


def _end(unused_signal: int, unused_frame: FrameType | None) -> None:
    raise SystemExit(0)
