"""A PostgreSQL server of our own, from Debian's binaries: started for some tests, gone with them."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

_MAINTENANCE = "postgres"
_STOPPING = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}
_SECONDS_TO_START = 30.0


def binaries() -> Path:
    """Where Debian's newest server is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    assert found, "PostgreSQL's server is missing; tests/install-system-packages installs it"
    return found[-1].parent


class Server:
    """One cluster in a folder of its own, reached through a socket in it.

    `is_durable=False` leaves out what only a crash of the machine would show, and is much faster. In a `namespace` of
    the network it also listens there, on every address that has a way to it. `parent` is another disk for its folder.
    """

    def __init__(self, *, is_durable: bool = True, namespace: str = "", parent: Path | None = None) -> None:
        self._is_durable = is_durable
        self._namespace = namespace
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir=parent))
        # The server refuses to run as root, in a container as everywhere.
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            os.chown(self.folder, pwd.getpwnam(self._user).pw_uid, pwd.getpwnam(self._user).pw_gid)
        # Nobody waits for a disk but those who have brought one to break.
        unsynced = [] if parent else ["--no-sync"]
        self._run("initdb", "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", *unsynced)
        if self._namespace:
            with (self._data / "pg_hba.conf").open("a") as allowed:
                allowed.write("host all all samenet trust\n")
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0

    def start(self) -> None:
        """Return when it answers; after a crash it has recovered by then."""
        listening = "*" if self._namespace else ""
        options = [
            "-k",
            str(self.folder),
            "-c",
            f"listen_addresses={listening}",
            "-c",
            "max_connections=200",
            "-c",
            "jit=off",
        ]
        if not self._is_durable:
            options += ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "wal_level=minimal"]
            options += ["-c", "max_wal_senders=0"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._elsewhere(), binaries() / "postgres", "-D", self._data, *options],
                user=None if self._namespace else self._user,
                extra_groups=[] if self._user and not self._namespace else None,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + _SECONDS_TO_START
        while not self._answers():
            is_alive = self._process.poll() is None and time.monotonic() < end
            assert is_alive, (self.folder / "log").read_text("utf-8")[-2000:]
            time.sleep(0.05)

    def stop(self, mode: str = "fast") -> None:
        """Mode "immediate" is a crash: nothing is finished, and the next start recovers."""
        assert self._process
        self._process.send_signal(_STOPPING[mode])
        self._process.wait(30)

    def remove(self) -> None:
        """Stop at once, and leave nothing behind."""
        if self._process and self._process.poll() is None:
            self.stop("immediate")
        shutil.rmtree(self.folder)

    def url(self, database: str, user: str = "postgres", *, address: str = "") -> str:
        """As DATABASE_URL has it: through the socket, or over the network to an address of the server."""
        return f"postgresql://{user}@/{database}?host={address or self.folder}"

    def create(self, template: str = "template0") -> str:
        """A new database like the template; returns its name."""
        self._made += 1
        name = f"test_{self._made}"
        with psycopg.connect(self.url(_MAINTENANCE), autocommit=True) as connection:
            new, old = sql.Identifier(name), sql.Identifier(template)
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(new, old))
        return name

    def add_login(self, name: str, role: str) -> str:
        """Somebody who has the rights of a role and no others."""
        with psycopg.connect(self.url(_MAINTENANCE), autocommit=True) as connection:
            new, old = sql.Identifier(name), sql.Identifier(role)
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN IN ROLE {}").format(new, old))
        return name

    def drop(self, name: str) -> None:
        """Whoever is still connected is cut off."""
        with psycopg.connect(self.url(_MAINTENANCE), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _elsewhere(self) -> list[str]:
        if not self._namespace:
            return []
        unprivileged = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
        return ["ip", "netns", "exec", self._namespace, *unprivileged]

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(_MAINTENANCE), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, command: str, *options: str) -> None:
        subprocess.run(
            [binaries() / command, "-D", self._data, *options],
            user=self._user,
            extra_groups=[] if self._user else None,
            cwd=self.folder,
            capture_output=True,
            check=True,
        )
