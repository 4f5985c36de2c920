"""A real OpenSSH server, on a port of its own, with keys and a configuration of its own, for whoever runs the tests."""

import asyncio
import os
import pwd
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh
from mail_servers import free_port

from forms_app.delivery.channels.sftp import Place

SFTP_SERVER = "/usr/lib/openssh/sftp-server"
USER = pwd.getpwuid(os.getuid()).pw_name
_CONFIGURATION = """
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
Subsystem sftp {subsystem}
AuthenticationMethods publickey
PermitRootLogin prohibit-password
PidFile none
StrictModes no
UsePAM no
"""


@dataclass(frozen=True, kw_only=True)
class SshServer:
    """How to reach it, and `uploads`, the folder that is uploaded to."""

    port: int
    folder: Path
    uploads: Path

    @property
    def host_key(self) -> str:
        """As it stands in portal.toml."""
        return (self.folder / "host.pub").read_text("ascii").strip()

    @property
    def key(self) -> str:
        """The one that it lets in."""
        return (self.folder / "client").read_text("ascii")

    def place(self, *, patience_seconds: float = 10.0) -> Place:
        """As the channel knows it."""
        return Place(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            folder=str(self.uploads),
            host_keys=(asyncssh.import_public_key(self.host_key),),
            key=asyncssh.import_private_key(self.key),
            patience_seconds=patience_seconds,
        )


def new_key(path: Path) -> asyncssh.SSHKey:
    """A key pair in the files of this name and with .pub behind it."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(path)
    path.chmod(0o600)
    key.write_public_key(f"{path}.pub")
    return key


@contextmanager
def ssh_server(folder: Path, *, subsystem: str = "internal-sftp") -> Iterator[SshServer]:
    """Starts it; `subsystem` is what serves SFTP."""
    if os.getuid() == 0:
        # Where sshd locks up the part of itself that speaks to strangers. Debian's service makes it at each start.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    folder.mkdir()
    for name in ("host", "client"):
        new_key(folder / name)
    (folder / "client.pub").rename(folder / "authorized")
    (folder / "uploads").mkdir()
    server = SshServer(port=free_port(), folder=folder, uploads=folder / "uploads")
    configuration = folder / "sshd_config"
    configuration.write_text(_CONFIGURATION.format(port=server.port, folder=folder, subsystem=subsystem), "utf-8")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", str(configuration)], stderr=log)
    try:
        _wait_until_it_listens(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def other_ssh_server(like: SshServer, sftp: type[asyncssh.SFTPServer]) -> Iterator[int]:
    """A server that is no OpenSSH, with the keys of one that is, and its port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[like.folder / "host"],
            authorized_client_keys=str(like.folder / "authorized"),
            sftp_factory=sftp,
        )

    acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result(20)
    try:
        yield acceptor.get_port()
    finally:
        loop.call_soon_threadsafe(acceptor.close)
        asyncio.run_coroutine_threadsafe(acceptor.wait_closed(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


def wrapped(folder: Path, *lines: str) -> str:
    """A subsystem that does this before it serves."""
    path = folder / "wrapper"
    path.write_text("\n".join(("#!/bin/sh", *lines, f"exec {SFTP_SERVER}\n")), "ascii")
    path.chmod(0o755)
    return str(path)


def _wait_until_it_listens(server: SshServer, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", server.port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError((server.folder / "log").read_text("utf-8"))
