"""Asks ClamAV whether it knows a file, over clamd's own protocol. Scanning may fail; no file is lost by it."""

import socket
import struct
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from forms_app import log
from forms_app.errors import PortalError

_log = log.logger("virus scanner")

SECONDS = 10.0
"""For one whole conversation; 25 MB take less than two."""
SECONDS_LEFT_ALONE = 60.0
"""After a scanner did not answer in time. Otherwise every upload would wait for it, and others for the uploads."""
_CHUNK = 1 << 16
_LONGEST_ANSWER = 4096


class WrongScannerAddress(PortalError):
    """The address of the virus scanner must be the path of a socket, or host:port."""


class Verdict(StrEnum):
    """What is known after asking."""

    CLEAN = "clean"
    FOUND = "found"
    UNSCANNED = "unscanned"


@dataclass(frozen=True)
class Scan:
    """A verdict; `virus` is the scanner's name for what it found."""

    verdict: Verdict
    virus: str = ""


class VirusScanner:
    """A clamd at a socket's path ("/run/clamav/clamd.ctl") or at host and port ("127.0.0.1:3310")."""

    def __init__(self, path: str = "", host: str = "", port: int = 0, *, seconds: float = SECONDS) -> None:
        self._family = socket.AF_UNIX if path else socket.AF_INET6 if ":" in host else socket.AF_INET
        self._address: str | tuple[str, int] = path or (host, port)
        self._seconds = seconds
        self._left_alone_until = 0.0

    @classmethod
    def at(cls, address: str) -> Self:
        """The scanner at this address. Raises WrongScannerAddress."""
        if address.startswith("/"):
            return cls(path=address)
        host, unused_colon, port = address.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise WrongScannerAddress(address)
        return cls(host=host.strip("[]"), port=int(port))

    def scan(self, content: bytes) -> Scan:
        """Ask about a file. Whatever goes wrong, the file is unscanned."""
        if time.monotonic() < self._left_alone_until:
            return Scan(Verdict.UNSCANNED)
        try:
            return _read(self._ask(b"zINSTREAM\0", *_in_chunks(content)))
        except OSError as error:
            if isinstance(error, TimeoutError):
                self._left_alone_until = time.monotonic() + SECONDS_LEFT_ALONE
            _log.warning("virus scanner failed", error=type(error).__name__)
            return Scan(Verdict.UNSCANNED)

    def answers(self) -> bool:
        """Whether the scanner is there."""
        try:
            return self._ask(b"zPING\0") == "PONG"
        except OSError:
            return False

    def _ask(self, *parts: bytes) -> str:
        ends_at = time.monotonic() + self._seconds
        answer = b""
        with socket.socket(self._family) as connection:
            _hurry(connection, ends_at)
            connection.connect(self._address)
            for part in parts:
                _hurry(connection, ends_at)
                connection.sendall(part)
            while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
                _hurry(connection, ends_at)
                more = connection.recv(_LONGEST_ANSWER)
                if not more:
                    break
                answer += more
        return answer.rstrip(b"\0").decode("utf-8", "replace")


def _hurry(connection: socket.socket, ends_at: float) -> None:
    """Let the next call take what is left of the time, so that a trickle cannot stretch it."""
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)


def _in_chunks(content: bytes) -> list[bytes]:
    """Each piece behind its length, and a length of nothing at the end."""
    pieces = [content[at : at + _CHUNK] for at in range(0, len(content), _CHUNK)]
    return [struct.pack("!L", len(piece)) + piece for piece in [*pieces, b""]]


def _read(answer: str) -> Scan:
    """ "stream: OK", "stream: Eicar-Signature FOUND", or a complaint such as "INSTREAM size limit exceeded. ERROR"."""
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return Scan(Verdict.CLEAN)
    if said.endswith(" FOUND"):
        return Scan(Verdict.FOUND, said.removesuffix(" FOUND"))
    _log.warning("virus scanner failed", error="ERROR")
    return Scan(Verdict.UNSCANNED)
