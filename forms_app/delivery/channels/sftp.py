"""Uploads a parcel as one zip file to an SFTP server: under a name that readers pass over, and renamed when whole."""

import asyncio
import posixpath
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

import asyncssh

from forms_app.delivery.bundle import bundle_name, bundled
from forms_app.delivery.channels import ChannelNotReady, PermanentFailure, TemporaryFailure
from forms_app.delivery.means import Means
from forms_app.delivery.parcel import Parcel
from forms_app.documents.filenames import safe_name
from forms_app.municipality import ChannelSettings, Municipality

_PART_BYTES = 1 << 20
_FILE_MODE = 0o640
_Answer = TypeVar("_Answer")


class SftpUnreachable(TemporaryFailure):
    """The SFTP server could not be reached, hung up, or did not answer in time."""


class WrongHostKey(TemporaryFailure):
    """The SFTP server showed none of the host keys in portal.toml; nothing was sent, for it may be another server."""


class SftpLoginRefused(TemporaryFailure):
    """The SFTP server does not let the user of portal.toml in with this key."""


class SftpFailed(TemporaryFailure):
    """The SFTP server could not keep the file: its disk is full, or the user may not write there."""


class NoFileName(PermanentFailure):
    """The reference or the delivery's key is no plain file name."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where to upload, and as whom. `patience_seconds` is for each single step, of which an upload has some dozens."""

    host: str
    port: int
    user: str
    folder: str
    host_keys: tuple[asyncssh.SSHKey, ...]
    key: asyncssh.SSHKey
    patience_seconds: float = 30.0


def make(settings: ChannelSettings, unused_municipality: Municipality, means: Means) -> "SftpChannel":
    """The channel. Raises ChannelNotReady and SecretMissing."""
    options = settings.options
    try:
        host_keys = tuple(asyncssh.import_public_key(key) for key in options["host_keys"])
        key = asyncssh.import_private_key(means.secret(options["key"]))
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise ChannelNotReady(f"host_keys, or the file {options['key']}: {error}") from error
    named = {name: options[name] for name in ("host", "port", "user", "folder")}
    return SftpChannel(Place(host_keys=host_keys, key=key, **named))


class SftpChannel:
    """Writes `<folder>/<reference>.<delivery key>.zip`; its reader passes over names that begin with a dot."""

    kind = "sftp"
    proves_hand_over = False

    def __init__(self, place: Place) -> None:
        self.place = place

    def deliver(self, parcel: Parcel) -> None:
        """As Channel.deliver. A file of this name is the whole parcel, sent before: it stays as it is."""
        name = bundle_name(parcel)
        if safe_name(name) != name:
            raise NoFileName
        content = bundled(parcel)
        self._run(lambda client: self._put(client, name, content))

    def greet(self) -> None:
        """As Channel.greet."""
        self._run(self._look)

    def _run(self, work: Callable[[asyncssh.SFTPClient], Awaitable[None]]) -> None:
        try:
            asyncio.run(self._with_client(work))
        except (asyncssh.HostKeyNotVerifiable, asyncssh.KeyExchangeFailed) as error:
            raise WrongHostKey from error
        except asyncssh.PermissionDenied as error:
            raise SftpLoginRefused from error
        except (asyncssh.SFTPNoConnection, asyncssh.SFTPConnectionLost) as error:
            raise SftpUnreachable from error
        except asyncssh.SFTPError as error:
            raise SftpFailed(type(error).__name__) from error
        except (asyncssh.Error, OSError) as error:
            raise SftpUnreachable(type(error).__name__) from error

    async def _with_client(self, work: Callable[[asyncssh.SFTPClient], Awaitable[None]]) -> None:
        async with self._connected() as connection:
            await work(await self._step(connection.start_sftp_client()))

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[asyncssh.SSHClientConnection]:
        """A connection to exactly this server, with nothing taken from the files or the agent of whoever runs this."""
        place = self.place
        connection = await self._step(
            asyncssh.connect(
                place.host,
                place.port,
                username=place.user,
                client_keys=[place.key],
                known_hosts=(list(place.host_keys), [], []),
                x509_trusted_certs=None,
                preferred_auth="publickey",
                agent_path=None,
                config=None,
            )
        )
        try:
            yield connection
            connection.close()
            # The file is there; how the server says goodbye changes nothing.
            with suppress(TimeoutError):
                await self._step(connection.wait_closed())
        finally:
            connection.abort()

    async def _look(self, client: asyncssh.SFTPClient) -> None:
        await self._step(client.listdir(self.place.folder))

    async def _put(self, client: asyncssh.SFTPClient, name: str, content: bytes) -> None:
        folder = self.place.folder
        target = posixpath.join(folder, name)
        if await self._step(client.exists(target)):
            return
        # What an attempt that died left. Should its writer still live, it can only fail now, and tries again.
        for left in await self._step(client.listdir(folder)):
            if left.startswith(f".{name}."):
                await self._step(client.remove(posixpath.join(folder, left)))
        unfinished = posixpath.join(folder, f".{name}.{secrets.token_hex(8)}")
        await self._write(client, unfinished, content)
        # Plain rename, which never writes over a file; there is no way to have the folder itself synced.
        await self._step(client.rename(unfinished, target))

    async def _write(self, client: asyncssh.SFTPClient, path: str, content: bytes) -> None:
        mode = asyncssh.SFTPAttrs(permissions=_FILE_MODE)
        file = await self._step(client.open(path, "xb", mode))
        for start in range(0, len(content), _PART_BYTES):
            await self._step(file.write(content[start : start + _PART_BYTES]))
        with suppress(asyncssh.SFTPOpUnsupported):
            await self._step(file.fsync())
        size = (await self._step(file.stat())).size
        await self._step(file.close())
        if size != len(content):
            raise SftpFailed("size")

    async def _step(self, answer: Awaitable[_Answer]) -> _Answer:
        """Every wait ends by itself."""
        return await asyncio.wait_for(answer, self.place.patience_seconds)
