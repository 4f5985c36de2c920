"""Ends a conversation that takes too long in all: the timeout for an answer begins anew with each byte of it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def watched(sock: Callable[[], socket.socket | None], seconds: float) -> Iterator[None]:
    """Hang up on a server that spins it out for longer than this; whoever waits for it then gets an error.

    `sock` gives the socket of the moment, if there is one.
    """
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(seconds):
            with suppress(OSError):
                if held := sock():
                    held.shutdown(socket.SHUT_RDWR)

    watcher = threading.Thread(target=watch, name="watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()
