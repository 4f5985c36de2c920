"""Posts to one address over HTTPS, and nowhere else: no redirect is followed, no proxy or login taken from the
environment, and nothing waited for without end."""

import http.client
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from forms_app.delivery.watch import watched
from forms_app.errors import PortalError

SUCCESS = range(200, 300)
_LONGEST_ANSWER = 65_536
_GREETING_SECONDS = 10.0


class WrongAddress(PortalError):
    """An address to post to must begin with https:// and have a host; http:// is for this machine and the demo only."""


class ServerFailed(PortalError):
    """The server could not be reached or trusted, hung up, or did not answer in time."""


class AnswerTooLong(PortalError):
    """The server's answer is longer than anything it could have to say."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where to post. It is not encrypted on this machine and in a demonstration only."""

    is_encrypted: bool
    host: str
    port: int
    target: str

    @classmethod
    def of(cls, url: str, *, may_be_open: bool) -> Self:
        """The address that a URL names. Raises WrongAddress."""
        parts = urlsplit(url)
        try:
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise WrongAddress(url) from None
        is_allowed = parts.scheme == "https" or (parts.scheme == "http" and (may_be_open or _is_this_machine(host)))
        if not is_allowed or not host or parts.username is not None or parts.fragment or not url.isascii():
            raise WrongAddress(url)
        is_encrypted = parts.scheme == "https"
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(is_encrypted=is_encrypted, host=host, port=port or (443 if is_encrypted else 80), target=target)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the server said. The `body` of an answer that is no success is not read."""

    status: int
    retry_after: str = ""
    body: bytes = b""

    def wished_wait(self, now: datetime) -> float:
        """The seconds that it asks to be left alone for: 0 where it does not, or not in a way that is known."""
        if self.retry_after.isdecimal():
            return float(self.retry_after[:9])
        try:
            return max(0.0, (parsedate_to_datetime(self.retry_after) - now).total_seconds())
        except (ValueError, TypeError):
            return 0.0


def post(
    address: Address,
    body: Callable[[], Iterator[bytes]],
    *,
    headers: dict[str, str],
    trusted: Path | None,
    answer_seconds: float,
    longest_seconds: float,
) -> Answer:
    """The server's answer, with its body where all is well, and not more than 64 kB of it.

    `body` gives the same pieces each time. Without `trusted`, the authorities of the system are. Raises ServerFailed
    and AnswerTooLong.
    """
    size = sum(len(piece) for piece in body())
    headers = {**headers, "Content-Length": str(size), "User-Agent": "portal"}
    held: list[socket.socket | None] = []
    with (
        _connection(address, trusted, answer_seconds) as connection,
        watched(lambda: held[0] if held else connection.sock, longest_seconds),
    ):
        connection.connect()
        # The library lets go of it when a server says that it will hang up, and goes on reading.
        held.append(connection.sock)
        # A server may have answered, and hung up, before it had read everything.
        with suppress(BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
            connection.request("POST", address.target, body(), headers)
        with connection.getresponse() as response:
            retry_after = response.getheader("Retry-After", "")
            content = _whole_body(response) if response.status in SUCCESS else b""
            return Answer(status=response.status, retry_after=retry_after, body=content)


def _whole_body(response: http.client.HTTPResponse) -> bytes:
    """What says its length, so that half an answer is not taken for one, and a cut head not for the end of it."""
    content = response.read(_LONGEST_ANSWER + 1)
    if len(content) > _LONGEST_ANSWER:
        raise AnswerTooLong
    if response.length or (response.length is None and not response.chunked):
        raise ServerFailed("half an answer, or one without its length")
    return content


def reach(address: Address, *, trusted: Path | None) -> None:
    """Connect, and no more. Raises ServerFailed."""
    with _connection(address, trusted, _GREETING_SECONDS) as connection:
        connection.connect()


@contextmanager
def _connection(address: Address, trusted: Path | None, seconds: float) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(address.host, address.port, timeout=seconds)
    try:
        if address.is_encrypted:
            context = ssl.create_default_context(cafile=trusted)
            connection = http.client.HTTPSConnection(address.host, address.port, timeout=seconds, context=context)
        yield connection
    except (http.client.HTTPException, OSError, UnicodeError) as error:
        raise ServerFailed(type(error).__name__) from error
    finally:
        connection.close()


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
