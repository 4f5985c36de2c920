"""Headers on every answer, and uploads that never touch the disk in clear."""

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import IO, Any

from flask import Flask, Request, Response, g, request

from forms_app.web.places import Places

LARGEST_REQUEST = 61_000_000
"""All the files that a draft may hold, chosen at once, with their form around them, in bytes."""
_LARGEST_TEXT = 600_000
"""All text fields of a page together: several times what the longest answers come to when they are encoded."""
_MOST_DISCARDED = 300_000_000

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


def protect(app: Flask, places: Places, *, secure: bool) -> None:
    """Set the headers and the limits, and let uploads wait for one of the `places`."""
    app.request_class = MemoryRequest

    @app.before_request
    def wait_for_a_place() -> None:
        if request.mimetype == "multipart/form-data":
            # First the whole body, however slowly it comes: only what is done with it needs a place.
            request.get_data(cache=True)
            g.place = ExitStack()
            g.place.enter_context(places.one())

    @app.teardown_request
    def give_the_place_back(unused_error: BaseException | None) -> None:
        place = g.pop("place", None)
        if place is not None:
            place.close()

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
