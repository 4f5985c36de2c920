"""The virus scanner finds, or is gone, slow or odd; the file is known to be unscanned then, and never lost."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from clamd import running_clamd, wait_for
from sample_files import EICAR, pdf, zipped

from forms_app.files import virus
from forms_app.files.virus import Scan, Verdict, VirusScanner, WrongScannerAddress

FOUND = Scan(Verdict.FOUND, "Eicar-Signature.UNOFFICIAL")
CLEAN, UNSCANNED = Scan(Verdict.CLEAN), Scan(Verdict.UNSCANNED)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module", params=["unix", "tcp"])
def scanner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirusScanner]:
    """A real clamd, asked over both kinds of socket."""
    folder = tmp_path_factory.mktemp("clamd")
    path, port = folder / "clamd.ctl", free_port()
    listens = f"LocalSocket {path}" if request.param == "unix" else f"TCPAddr 127.0.0.1\nTCPSocket {port}"
    listens += "\nStreamMaxLength 25M"
    address = str(path) if request.param == "unix" else f"127.0.0.1:{port}"
    with running_clamd(folder, listens):
        yield wait_for(VirusScanner.at(address))


def test_clamav_tells_clean_files_from_others(scanner: VirusScanner) -> None:
    assert scanner.scan(b"hei") == CLEAN
    assert scanner.scan(pdf()) == CLEAN
    assert scanner.scan(EICAR) == FOUND
    assert scanner.scan(zipped({"a/b.txt": EICAR})) == FOUND


def test_the_largest_file_is_scanned_whole(scanner: VirusScanner) -> None:
    assert scanner.scan(bytes(25_000_000)) == CLEAN
    assert scanner.scan(bytes(65_536) + b"x") == CLEAN


def test_what_is_larger_than_clamav_takes_is_unscanned_and_the_next_file_is_scanned(scanner: VirusScanner) -> None:
    assert scanner.scan(bytes(27_000_000)) == UNSCANNED
    assert scanner.scan(EICAR) == FOUND


@pytest.mark.parametrize("address", ["/nowhere/clamd.ctl", "127.0.0.1:1", "[::1]:1"])
def test_a_scanner_that_is_not_there_leaves_the_file_unscanned(address: str) -> None:
    gone = VirusScanner.at(address)
    assert not gone.answers()
    assert gone.scan(EICAR) == UNSCANNED


@pytest.mark.parametrize("address", ["", "clamd", "clamd:", ":3310", "clamd:0", "clamd:65536", "clamd:http"])
def test_an_address_that_leads_nowhere_is_refused(address: str) -> None:
    with pytest.raises(WrongScannerAddress):
        VirusScanner.at(address)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[Callable[[socket.socket], None]], str]]:
    """Answers each connection with a function; the address."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "clamd.ctl"))
    listener.listen()

    def start(answer: Callable[[socket.socket], None]) -> str:
        def run() -> None:
            while True:
                try:
                    connection, unused_address = listener.accept()
                except OSError:
                    return
                with connection:
                    answer(connection)

        threading.Thread(target=run, daemon=True).start()
        return str(tmp_path / "clamd.ctl")

    yield start
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def received(connection: socket.socket) -> bytes:
    """The file as it came in, without the lengths between its pieces."""
    with connection.makefile("rb") as stream:
        assert stream.read(10) == b"zINSTREAM\0"
        whole = b""
        while length := struct.unpack("!L", stream.read(4))[0]:
            whole += stream.read(length)
    return whole


def test_the_file_arrives_byte_by_byte_as_it_was(serve: Callable[[Callable[[socket.socket], None]], str]) -> None:
    arrived = []

    def answer(connection: socket.socket) -> None:
        arrived.append(received(connection))
        for piece in (b"stream", b": O", b"K\0"):
            connection.sendall(piece)

    content = bytes(range(256)) * 600
    assert VirusScanner.at(serve(answer)).scan(content) == CLEAN
    assert VirusScanner.at(serve(answer)).scan(b"") == CLEAN
    assert arrived == [content, b""]


@pytest.mark.parametrize("said", [b"", b"stream: OK?\0", b"UNKNOWN COMMAND\0", b"\xff\0", b"x" * 10_000])
def test_an_answer_that_nobody_understands_leaves_the_file_unscanned(
    serve: Callable[[Callable[[socket.socket], None]], str], said: bytes
) -> None:
    def answer(connection: socket.socket) -> None:
        received(connection)
        connection.sendall(said)

    assert VirusScanner.at(serve(answer)).scan(b"hei") == UNSCANNED


def test_a_scanner_that_hangs_up_leaves_the_file_unscanned(
    serve: Callable[[Callable[[socket.socket], None]], str],
) -> None:
    assert VirusScanner.at(serve(lambda connection: None)).scan(bytes(10_000_000)) == UNSCANNED


def test_a_slow_scanner_costs_one_upload_some_seconds_and_the_next_ones_none(
    serve: Callable[[Callable[[socket.socket], None]], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def trickle(connection: socket.socket) -> None:
        received(connection)
        try:
            for unused_second in range(20):
                connection.sendall(b"s")
                time.sleep(0.1)
        except OSError:
            return

    path = serve(trickle)
    slow = VirusScanner(path=path, seconds=0.5)
    begun = time.monotonic()
    assert slow.scan(b"hei") == UNSCANNED
    assert 0.4 < time.monotonic() - begun < 5
    begun = time.monotonic()
    assert slow.scan(b"hei") == UNSCANNED
    assert time.monotonic() - begun < 0.1
    monkeypatch.setattr(virus, "SECONDS_LEFT_ALONE", 0.0)
    slow = VirusScanner(path=path, seconds=0.5)
    assert [slow.scan(b"hei"), slow.scan(b"hei")] == [UNSCANNED] * 2


def test_no_time_at_all_is_too_little() -> None:
    assert VirusScanner(path="/nowhere", seconds=0).scan(b"hei") == UNSCANNED
