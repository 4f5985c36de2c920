"""Uploads to a real OpenSSH server: whole or not at all, once, and to no other server."""

import io
import json
import pickle
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import asyncssh
import pytest
from mail_servers import free_port, jammed, say_nothing, talking
from ssh_server import SFTP_SERVER, SshServer, new_key, other_ssh_server, ssh_server, wrapped

from forms_app.delivery.channels import Channel, PermanentFailure, TemporaryFailure
from forms_app.delivery.channels.sftp import (
    NoFileName,
    Place,
    SftpChannel,
    SftpFailed,
    SftpLoginRefused,
    SftpUnreachable,
    WrongHostKey,
)
from forms_app.delivery.parcel import Label, Parcel, sealed_parcel
from forms_app.sealing.attached import SealedFile

NAME = "ABCD2345.folder-ABCD2345.zip"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with ssh_server(tmp_path_factory.mktemp("ssh") / "server") as server:
        yield server


@pytest.fixture
def server(running: SshServer) -> SshServer:
    """With nothing uploaded yet."""
    for path in running.uploads.iterdir():
        path.unlink()
    return running


def uploaded(server: SshServer) -> list[str]:
    return sorted(path.name for path in server.uploads.iterdir())


def failure(channel: Channel, parcel: Parcel) -> Exception:
    with pytest.raises((TemporaryFailure, PermanentFailure)) as caught:
        channel.deliver(parcel)
    return caught.value


def test_a_parcel_comes_as_one_file_with_everything_in_it(server: SshServer, parcel: Parcel) -> None:
    assert SftpChannel(server.place()).deliver(parcel) is None
    assert uploaded(server) == [NAME]
    with zipfile.ZipFile(server.uploads / NAME) as archive:
        assert archive.testzip() is None
        manifest = json.loads(archive.read("manifest.json"))
        assert set(archive.namelist()) == {"manifest.json", *(file["name"] for file in manifest["files"])}
        for file in manifest["files"]:
            assert sha256(archive.read(file["name"])).hexdigest() == file["sha256"]
        assert archive.read("attachments/02-passwd") == b"root"
    assert (server.uploads / NAME).stat().st_mode & 0o007 == 0


def test_a_sealed_parcel_comes_as_it_is_stored(server: SshServer, label: Label) -> None:
    files = [SealedFile(original=bytes(range(256)) * 10_000)]
    SftpChannel(server.place()).deliver(sealed_parcel(label, answers=b"age", attachments=files))
    with zipfile.ZipFile(server.uploads / NAME) as archive:
        assert archive.read("attachments/01.age") == files[0].original


def test_the_same_parcel_again_changes_nothing(server: SshServer, parcel: Parcel) -> None:
    channel = SftpChannel(server.place())
    channel.deliver(parcel)
    before = (server.uploads / NAME).stat()
    channel.deliver(replace(parcel, files=()))
    after = (server.uploads / NAME).stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_size) == (before.st_ino, before.st_mtime_ns, before.st_size)
    assert uploaded(server) == [NAME]


KILLED = """
import asyncio, os, pickle, sys
import asyncssh
from forms_app.delivery.channels.sftp import Place, SftpChannel
from forms_app.delivery.parcel import Parcel
host, port, user, folder, host_key, key, moment = sys.argv[1:8]
place = Place(host=host, port=int(port), user=user, folder=folder, key=asyncssh.read_private_key(key),
    host_keys=(asyncssh.read_public_key(host_key),))
parcel = pickle.loads(sys.stdin.buffer.read())
async def die(*arguments):
    os.kill(os.getpid(), 9)
if moment == "rename":
    asyncssh.SFTPClient.rename = die
if moment == "fsync":
    asyncssh.SFTPClientFile.fsync = die
if moment == "write":
    whole = asyncssh.SFTPClientFile.write
    async def half(self, data):
        await whole(self, data[: len(data) // 2])
        await die()
    asyncssh.SFTPClientFile.write = half
if moment == "after":
    whole = asyncssh.SFTPClient.rename
    async def rename(*arguments):
        await whole(*arguments)
        await die()
    asyncssh.SFTPClient.rename = rename
SftpChannel(place).deliver(parcel)
"""


@pytest.mark.parametrize("moment", ["write", "fsync", "rename", "after"])
def test_a_worker_killed_at_any_moment_leaves_nothing_or_everything_and_the_repeat_one_file(
    server: SshServer, parcel: Parcel, moment: str
) -> None:
    place = server.place()
    command = [sys.executable, "-c", KILLED, place.host, str(place.port), place.user, place.folder]
    command += [str(server.folder / "host.pub"), str(server.folder / "client"), moment]
    assert subprocess.run(command, input=pickle.dumps(parcel), check=False, timeout=60).returncode == -9
    seen = [name for name in uploaded(server) if not name.startswith(".")]
    assert seen == ([NAME] if moment == "after" else [])
    SftpChannel(place).deliver(parcel)
    assert uploaded(server) == [NAME]
    with zipfile.ZipFile(server.uploads / NAME) as archive:
        assert archive.testzip() is None
        assert archive.read("manifest.json") == parcel.manifest()


def test_what_others_upload_is_left_alone(server: SshServer, parcel: Parcel) -> None:
    others = ["WXYZ6789.zip", ".WXYZ6789.sftp-1.zip.0", f"{NAME}.txt"]
    for name in others:
        (server.uploads / name).write_bytes(b"x")
    SftpChannel(server.place()).deliver(parcel)
    assert uploaded(server) == sorted([*others, NAME])


def test_a_server_with_another_host_key_gets_nothing_and_is_asked_again(server: SshServer, parcel: Parcel) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").convert_to_public()
    caught = failure(SftpChannel(replace(server.place(), host_keys=(other,))), parcel)
    assert isinstance(caught, WrongHostKey)
    assert isinstance(caught, TemporaryFailure)
    assert uploaded(server) == []


def test_a_server_that_has_no_host_key_of_such_a_kind_gets_nothing_either(server: SshServer, parcel: Parcel) -> None:
    other = asyncssh.generate_private_key("ecdsa-sha2-nistp256").convert_to_public()
    caught = failure(SftpChannel(replace(server.place(), host_keys=(other,))), parcel)
    # OpenSSH hangs up as soon as there is no kind of key that both know.
    assert isinstance(caught, SftpUnreachable)
    assert uploaded(server) == []


def test_while_a_host_key_is_exchanged_two_are_known(server: SshServer, parcel: Parcel) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").convert_to_public()
    place = server.place()
    SftpChannel(replace(place, host_keys=(other, *place.host_keys))).deliver(parcel)
    assert uploaded(server) == [NAME]


def test_a_key_that_is_not_let_in_is_named(server: SshServer, parcel: Parcel, tmp_path: Path) -> None:
    place = replace(server.place(), key=new_key(tmp_path / "stranger"))
    assert isinstance(failure(SftpChannel(place), parcel), SftpLoginRefused)


def test_a_folder_that_is_not_there_is_waited_for(server: SshServer, parcel: Parcel) -> None:
    place = replace(server.place(), folder=str(server.uploads / "unmounted"))
    assert isinstance(failure(SftpChannel(place), parcel), SftpFailed)
    with pytest.raises(SftpFailed):
        SftpChannel(place).greet()


def test_a_server_can_be_greeted_without_a_parcel(server: SshServer) -> None:
    SftpChannel(server.place()).greet()
    assert uploaded(server) == []


@pytest.mark.parametrize(
    "lines",
    [
        # As with a full disk: what is written beyond a few blocks fails.
        ("trap '' XFSZ", "ulimit -f 8"),
        (f"exec {SFTP_SERVER} -R",),
    ],
    ids=["full", "read-only"],
)
def test_a_disk_that_is_full_or_may_not_be_written_is_waited_for(
    tmp_path: Path, parcel: Parcel, label: Label, lines: tuple[str, ...]
) -> None:
    large = sealed_parcel(label, answers=b"a" * 100_000, attachments=[])
    with ssh_server(tmp_path / "server", subsystem=wrapped(tmp_path, *lines)) as server:
        caught = failure(SftpChannel(server.place()), large)
        assert isinstance(caught, SftpFailed)
        assert NAME not in uploaded(server)


def test_a_server_that_is_gone_is_waited_for(server: SshServer, parcel: Parcel) -> None:
    assert isinstance(failure(SftpChannel(replace(server.place(), port=free_port())), parcel), SftpUnreachable)
    assert isinstance(failure(SftpChannel(replace(server.place(), host="nowhere.invalid")), parcel), SftpUnreachable)


def impatient(place: Place, port: int) -> SftpChannel:
    return SftpChannel(replace(place, port=port, patience_seconds=0.5))


def test_no_server_is_waited_for_without_end(server: SshServer, parcel: Parcel, tmp_path: Path) -> None:
    start = time.monotonic()
    with talking(say_nothing) as port:
        assert isinstance(failure(impatient(server.place(), port), parcel), SftpUnreachable)
    with jammed() as port:
        assert isinstance(failure(impatient(server.place(), port), parcel), SftpUnreachable)
    with ssh_server(tmp_path / "server", subsystem=wrapped(tmp_path, "sleep 5")) as slow:
        assert isinstance(failure(SftpChannel(slow.place(patience_seconds=2)), parcel), SftpUnreachable)
    assert time.monotonic() - start < 20


class Forgetful(asyncssh.SFTPServer):
    """Another make of server: it cannot sync, and writes less than it says."""

    forgets = 0

    def fsync(self, file_obj: object) -> None:
        raise asyncssh.SFTPOpUnsupported("fsync")

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        kept = super().write(file_obj, offset, data[self.forgets :])
        assert isinstance(kept, int)
        return kept + self.forgets


@pytest.mark.parametrize("forgets", [0, 1])
def test_a_server_that_cannot_sync_is_taken_and_one_that_loses_bytes_is_not(
    server: SshServer, parcel: Parcel, forgets: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Forgetful, "forgets", forgets)
    with other_ssh_server(server, Forgetful) as port:
        channel = SftpChannel(replace(server.place(), port=port))
        if forgets:
            assert isinstance(failure(channel, parcel), SftpFailed)
        else:
            channel.deliver(parcel)
    assert (NAME in uploaded(server)) is not bool(forgets)


def test_a_server_that_dies_in_the_middle_is_waited_for(tmp_path: Path, parcel: Parcel) -> None:
    with ssh_server(tmp_path / "server", subsystem="/bin/false") as server:
        assert isinstance(failure(SftpChannel(server.place()), parcel), SftpUnreachable)


@pytest.mark.parametrize("facts", [{"reference": "../../x"}, {"key": "sftp:../x"}])
def test_a_reference_that_is_a_path_is_refused(server: SshServer, parcel: Parcel, facts: dict[str, str]) -> None:
    caught = failure(SftpChannel(server.place()), replace(parcel, label=replace(parcel.label, **facts)))
    assert isinstance(caught, NoFileName)
    assert isinstance(caught, PermanentFailure)


def test_zip_files_of_equal_parcels_are_equal(server: SshServer, parcel: Parcel) -> None:
    contents = set()
    for unused_time in range(2):
        SftpChannel(server.place()).deliver(parcel)
        contents.add((server.uploads / NAME).read_bytes())
        (server.uploads / NAME).unlink()
    assert len(contents) == 1
    assert zipfile.is_zipfile(io.BytesIO(contents.pop()))
