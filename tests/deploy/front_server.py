"""nginx with the configuration of `deploy/nginx`, on two ports of this machine."""

import datetime
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.acceptance.http_citizen import HTTPCitizen
from tests.acceptance.journeys import Journey
from tests.acceptance.running_portal import free_port, wait_for
from tests.deploy.told import Told, told_by
from tests.house.house import ROOT

NGINX = "/usr/sbin/nginx"
CITIZENS, STAFF = "portal.example.org", "saksbehandling.example.org"


def make_certificate(folder: Path) -> Path:
    """A certificate for both names, with its key beside it; returns the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, CITIZENS)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=90))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(CITIZENS), x509.DNSName(STAFF)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "portal.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "portal.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "portal.pem"


class FrontServer:
    """`current` is where the files of the portal are, `sockets` where it listens."""

    def __init__(self, folder: Path, *, current: Path, sockets: Path) -> None:
        self.folder = folder
        self.sockets = sockets
        self.http, self.https = free_port(), free_port()
        self.certificate = make_certificate(folder / "tls")
        self.log = folder / "logs" / "portal.log"
        self.errors = folder / "errors.log"
        self.uploads = folder / "uploads"
        for one in (self.log.parent, self.uploads):
            one.mkdir(parents=True)
        self._process: subprocess.Popen[bytes] | None = None
        places = {
            "/opt/portal/current": current,
            "/run/portal-uploads": self.uploads,
            "/run/portal": sockets,
            "/etc/portal/tls": self.certificate.parent,
            "/var/log/nginx": self.log.parent,
            "/run/nginx.pid": folder / "nginx.pid",
        }
        self._write(places)

    def _write(self, places: Mapping[str, Path]) -> None:
        shutil.copytree(ROOT / "deploy" / "nginx", self.folder, dirs_exist_ok=True)
        for path in self.folder.rglob("*.conf"):
            text = path.read_text("utf-8")
            for place, here in places.items():
                text = text.replace(place, str(here))
            text = re.sub(r"listen \[::\].*\n", "", text)
            text = text.replace("listen 443 ", f"listen 127.0.0.1:{self.https} ").replace(
                "listen 80", f"listen 127.0.0.1:{self.http}"
            )
            # The folders of a test are for its own user alone.
            text = text.replace("user www-data;\n", "user root;\n" if os.geteuid() == 0 else "")
            path.write_text(text, "utf-8")

    def test(self) -> str:
        """What nginx says of its configuration."""
        done = subprocess.run(
            [NGINX, "-t", "-e", "stderr", "-p", self.folder, "-c", self.folder / "nginx.conf"],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stderr

    def start(self) -> None:
        with self.errors.open("ab") as errors:
            self._process = subprocess.Popen(
                [NGINX, "-e", "stderr", "-p", self.folder, "-c", self.folder / "nginx.conf", "-g", "daemon off;"],
                stderr=errors,
            )
        wait_for(self._listens, "nginx listens", seconds=20)

    def _listens(self) -> bool:
        with socket.socket() as attempt:
            return attempt.connect_ex(("127.0.0.1", self.https)) == 0

    def end(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(30)

    def connect(self, name: str = CITIZENS, source: str = "127.0.0.1") -> http.client.HTTPConnection:
        """A connection that checks the certificate, and whose requests name the host."""
        return _Connection(name, self.https, self.certificate, source)

    @contextmanager
    def slow_post(self, source: str, length: int) -> Iterator[ssl.SSLSocket]:
        """A connection on which a form has begun to be sent; its bytes are the caller's to send."""
        context = ssl.create_default_context(cafile=self.certificate)
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=60, source_address=(source, 0))
        with context.wrap_socket(plain, server_hostname=CITIZENS) as connection:
            connection.sendall(
                f"POST /nb/skjema/klage/ HTTP/1.1\r\nHost: {CITIZENS}\r\nContent-Length: {length}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n".encode()
            )
            yield connection

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        name: str = CITIZENS,
        source: str = "127.0.0.1",
    ) -> Told:
        """What comes of one request, from another address of this machine if need be."""
        return told_by(self.connect(name, source), method, path, body, headers or {})

    def citizen(self, journey: Journey) -> "CitizenBehindTLS":
        return CitizenBehindTLS(self, journey)


class _Connection(http.client.HTTPSConnection):
    def __init__(self, name: str, port: int, certificate: Path, source: str) -> None:
        self._context = ssl.create_default_context(cafile=certificate)
        self._port = port
        self._source = source
        super().__init__(name, 443, timeout=120, context=self._context)

    def connect(self) -> None:
        plain = socket.create_connection(("127.0.0.1", self._port), timeout=120, source_address=(self._source, 0))
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)


class CitizenBehindTLS(HTTPCitizen):
    """Someone whose browser comes through nginx. `set_cookies` are the lines by which cookies were set."""

    def __init__(self, front: FrontServer, journey: Journey) -> None:
        super().__init__(front.https, journey)
        self._front = front
        self.set_cookies: list[str] = []

    def connect(self) -> http.client.HTTPConnection:
        return self._front.connect()

    @property
    def code(self) -> str:
        return self.cookies[f"__Host-draft-{self.journey.form}"]

    def _keep_cookies(self, headers: http.client.HTTPMessage) -> None:
        self.set_cookies += headers.get_all("Set-Cookie") or []
        super()._keep_cookies(headers)
