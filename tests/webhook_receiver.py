"""A municipality's own system: a real HTTPS server that takes webhooks, checks them, and keeps each once.

It is written with the standard library alone, after the conventions and the README, as anybody's could be.
"""

import base64
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from acknowledging import acknowledgement
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from mail_servers import certificate, tls_of

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()

Answer = tuple[int, dict[str, str], bytes]
Next = Callable[[BaseHTTPRequestHandler], Answer | None]
"""Says what to answer; None where it has answered by itself, or never will."""


@dataclass
class WebhookReceiver:
    """What it has got. `answers` holds what it does next, where it does not just take what comes."""

    folder: Path
    secret: str = SECRET
    signs: bool = True
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    answers: list[Next] = field(default_factory=list)
    parcels: dict[str, dict[str, bytes]] = field(default_factory=dict)
    requests: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it takes them."""
        return f"https://127.0.0.1:{self.port}/portal/in?from=portal"

    @property
    def trusted(self) -> Path:
        """The file with its own authority."""
        return self.folder / "127.0.0.1.pem"

    def take(self, request: BaseHTTPRequestHandler) -> Answer:
        """What an honest receiver does."""
        body = request.rfile.read(int(request.headers["Content-Length"]))
        self.requests.append({"path": request.path, **{name.lower(): value for name, value in request.headers.items()}})
        if not self._is_signed(request, body):
            return 401, {}, b""
        data = json.loads(body)["data"]
        files = {file["name"]: base64.b64decode(file["content"], validate=True) for file in data["files"]}
        manifest = json.loads(files["manifest.json"])
        assert {one["name"]: one["sha256"] for one in manifest["files"]} == {
            name: sha256(content).hexdigest() for name, content in files.items() if name != "manifest.json"
        }
        key = request.headers["webhook-id"]
        assert key == request.headers["Idempotency-Key"] == data["delivery_key"] == manifest["delivery_key"]
        kept = self.parcels.setdefault(key, files)
        kept_hash = sha256(kept["manifest.json"]).hexdigest()
        return 200, {}, acknowledgement(self.key, kept_hash, key=key) if self.signs else b""

    def _is_signed(self, request: BaseHTTPRequestHandler, body: bytes) -> bool:
        said = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode()
        secret = base64.b64decode(self.secret.removeprefix("whsec_"))
        wanted = "v1," + base64.b64encode(hmac.digest(secret, said + body, "sha256")).decode()
        is_recent = abs(time.time() - int(request.headers["webhook-timestamp"])) < 300
        return is_recent and wanted in request.headers["webhook-signature"].split(" ")


@contextmanager
def webhook_receiver(folder: Path, **options: Any) -> Iterator[WebhookReceiver]:
    """Starts it with a certificate of its own."""
    receiver = WebhookReceiver(folder=folder, **options)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = receiver.answers.pop(0)(self) if receiver.answers else receiver.take(self)
            if answer:
                status, headers, body = answer
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *unused_arguments: Any) -> None:
            pass

    context = tls_of(certificate(folder, "127.0.0.1"))

    class Server(ThreadingHTTPServer):
        def get_request(self) -> tuple[socket.socket, Any]:
            """The handshake comes with the first byte, in a thread of the connection."""
            connection, address = super().get_request()
            return context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

        def handle_error(self, *unused_arguments: Any) -> None:
            """Clients hang up on it all the time, as they should."""

    server = Server(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def says(status: int, body: bytes = b"", **headers: str) -> Next:
    """Reads the whole request and answers this."""

    def answer(request: BaseHTTPRequestHandler) -> Answer:
        request.rfile.read(int(request.headers["Content-Length"]))
        return status, {name.replace("_", "-"): value for name, value in headers.items()}, body

    return answer
