"""A portal as `deploy/` starts it, without systemd: no demonstration, and a web server at a socket that others hold."""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from forms_app.sealing.keys import new_identity_file, public_keys
from forms_app.sealing.secret_files import write_secret
from forms_app.sealing.signature import new_signing_key
from forms_app.settings import REPOSITORY
from tests.deploy.told import Told, told_by
from tests.unlimited import UNLIMITED

PORTAL = Path(sys.executable).with_name("portal")
SITE = "https://portal.example.org"
_HAND_OVER = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid())); "
    "os.execv(sys.argv[2], sys.argv[2:])"
)
"""What systemd does for a process that it starts for a socket."""


def real_deployment(recipients: list[str]) -> str:
    """`portal.toml` of the repository with what a real one has besides."""
    text = (REPOSITORY / "portal.toml").read_text("utf-8").replace("\ndemo = true\n", "\ndemo = false\n")
    for place in tomllib.loads(text)["municipality"]:
        line = f'key = "{place["key"]}"\n'
        text = text.replace(line, f"{line}recipients = {recipients}\n")
    return text


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("portal.example.org", timeout=60)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class RealPortal:
    """One of these can be started and stopped while its socket stays, as systemd holds it."""

    def __init__(self, folder: Path, settings: Mapping[str, str] = UNLIMITED) -> None:
        self.folder = folder
        self.socket_path = folder / "run" / "citizen.sock"
        self.data = folder / "data"
        self.log = folder / "portal.log"
        for one in (self.socket_path.parent, self.data / "outbox", folder / "keys"):
            one.mkdir(parents=True)
        keys = [folder / "keys" / name for name in ("opening.txt", "recovery.txt")]
        for key in keys:
            new_identity_file(key)
        new_signing_key(folder / "keys" / "receipts.pem")
        write_secret(folder / "keys" / "session", secrets.token_urlsafe(48))
        recipients = [public for key in keys for public in public_keys(key)]
        (folder / "portal.toml").write_text(real_deployment(recipients), "utf-8")
        self.environment = {
            **os.environ,
            **settings,
            "PORTAL_CONFIG": str(folder / "portal.toml"),
            "PORTAL_DATA": str(self.data),
            "PORTAL_SECRET_KEY_FILE": str(folder / "keys" / "session"),
            "PORTAL_SIGNING_KEY_FILE": str(folder / "keys" / "receipts.pem"),
            "PORTAL_SITE_ADDRESS": SITE,
            "PORTAL_TRUSTED_PROXIES": "1",
            "PORTAL_SURFACES": "citizen",
        }
        self._listener: socket.socket | None = None
        self._web: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """A database, and the proof of the worker that it can open what is sent."""
        self.run("migrate")
        self.listen()
        self.start()
        self.wait_until_it_answers()
        self.run("work", "--once", PORTAL_OPENING_KEYS_FILE=str(self.folder / "keys" / "opening.txt"))

    def run(self, *words: str, **more: str) -> str:
        """What `portal …` prints."""
        done = subprocess.run(
            [PORTAL, *words], env=self.environment | more, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def listen(self) -> None:
        """Hold the socket, whether or not anybody answers there."""
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.socket_path))
        self._listener.listen(512)

    def start(self) -> None:
        """Start the web server, which is handed the socket."""
        assert self._listener
        handed = self._listener.fileno()
        with self.log.open("ab") as log:
            self._web = subprocess.Popen(
                [sys.executable, "-c", _HAND_OVER, str(handed), str(PORTAL), "web"],
                env=self.environment,
                pass_fds=(handed,),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_it_answers(self) -> None:
        """The first request waits in the socket, so this is all it takes."""
        assert self.ask("/health").status == 200, self.log.read_text()[-3000:]

    def ask(self, path: str, **headers: str) -> Told:
        """What comes of a request that goes past nginx."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return told_by(_Connection(self.socket_path), "GET", path, None, {"X-Forwarded-For": "192.0.2.1", **named})

    def stop(self, seconds: float = 40) -> None:
        """As a service manager does; what is being answered is answered first."""
        assert self._web
        self._web.send_signal(signal.SIGTERM)
        assert self._web.wait(seconds) == 0, self.log.read_text()[-3000:]

    def deafen(self) -> None:
        """Nobody holds the socket any more."""
        assert self._listener
        self._listener.close()
        self.socket_path.unlink()

    def end(self) -> None:
        """Leave nothing behind."""
        if self._web and self._web.poll() is None:
            os.killpg(self._web.pid, signal.SIGKILL)
            self._web.wait(30)
        if self._listener:
            self._listener.close()
