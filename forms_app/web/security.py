"""Headers on every answer, and uploads that never touch the disk in clear."""

import io
import threading
from collections.abc import Callable, Iterator
from typing import IO, Any

from flask import Flask, Request, Response, abort, g, request

LARGEST_REQUEST = 26_000_000
"""One file of the largest size with its form around it, in bytes."""
_LARGEST_TEXT = 2_000_000
_MOST_DISCARDED = 300_000_000
_UPLOADS_IN_MEMORY = 2
_LONGEST_WAIT = 20
"""Seconds; so that two slow uploads cannot make every thread of a process wait for ever."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"


class MemoryRequest(Request):
    """Keeps uploads in memory: Werkzeug would spool a large part to a temporary file, unencrypted."""

    max_content_length = LARGEST_REQUEST
    max_form_memory_size = _LARGEST_TEXT

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()


def protect(app: Flask, *, secure: bool) -> None:
    """Set the headers, the limits and the queue for large uploads."""
    app.request_class = MemoryRequest
    places = threading.BoundedSemaphore(_UPLOADS_IN_MEMORY)

    @app.before_request
    def wait_for_a_place() -> None:
        if request.mimetype == "multipart/form-data":
            if not places.acquire(timeout=_LONGEST_WAIT):
                abort(503)
            g.holds_a_place = True

    @app.teardown_request
    def give_the_place_back(unused_error: BaseException | None) -> None:
        if g.pop("holds_a_place", False):
            places.release()

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        if secure:
            response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
        return response


def static_headers(*, secure: bool) -> Callable[[Any, str, str], None]:
    """Sets the same protection on files that are served without Flask."""
    protection = {**HEADERS, "Strict-Transport-Security": STRICT_TRANSPORT} if secure else HEADERS

    def add(headers: Any, unused_path: str, unused_url: str) -> None:
        for name, value in protection.items():
            headers[name] = value

    return add


def discard_body() -> None:
    """Read what a browser still sends and forget it: otherwise it shows a broken connection instead of our answer."""
    for read_so_far in _reads(request.environ["wsgi.input"]):
        if read_so_far > _MOST_DISCARDED:
            return


def _reads(stream: IO[bytes]) -> Iterator[int]:
    left = request.content_length or 0
    total = 0
    while left > 0 and (chunk := stream.read(min(65_536, left))):
        left -= len(chunk)
        total += len(chunk)
        yield total
