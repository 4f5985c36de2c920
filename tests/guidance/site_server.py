"""Serves a built site as the portal does, with its content policy, compressed, and counts what it sends."""

import gzip
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

from forms_app.web.security import HEADERS

# Fonts and pictures are compressed already.
_COMPRESSED_HERE = ("text/", "application/json", "image/svg", "application/xml")


@dataclass(frozen=True)
class Sent:
    """One answer: the path that was asked for, and how many bytes its body had."""

    path: str
    size: int


@dataclass
class SiteServer:
    """A site on a port of its own."""

    site: Path
    address: str = ""
    sent: list[Sent] = field(default_factory=list)
    """Every answer so far, in order."""

    def paths(self, folder: str) -> list[str]:
        """The address of every page in a language's folder."""
        files = sorted((self.site / folder).rglob("index.html"))
        return [f"/{one.parent.relative_to(self.site).as_posix()}/" for one in files]

    def file(self, path: str) -> Path:
        """The file that answers to a path."""
        return self.site / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))


@contextmanager
def serve(site: Path) -> Iterator[SiteServer]:
    """Serve `site` inside the block."""
    served = SiteServer(site)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("_Handler", (_Handler,), {"served": served}))
    thread = Thread(target=server.serve_forever)
    thread.start()
    served.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: SiteServer

    def do_GET(self) -> None:
        """Called by the server."""
        path = unquote(urlsplit(self.path).path)
        file = self.served.file(path)
        if not file.is_file():
            self.send_error(404)
            return
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        is_compressed = kind.startswith(_COMPRESSED_HERE)
        body = _body(file, is_compressed)
        self.send_response(200)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if is_compressed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=60, public")
        self.end_headers()
        # First, because the browser may be done before this thread goes on.
        self.served.sent.append(Sent(path, len(body)))
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@lru_cache(maxsize=1000)
def _body(file: Path, is_compressed: bool) -> bytes:
    content = file.read_bytes()
    return gzip.compress(content, mtime=0) if is_compressed else content
