"""A real clamd that knows the test string of virus scanners and nothing else, so that nothing is fetched."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sample_files import EICAR

from forms_app.files.virus import VirusScanner

PROGRAM = "/usr/sbin/clamd"
_SIGNATURE = "Eicar-Signature"


@contextmanager
def running_clamd(folder: Path, listens: str) -> Iterator[None]:
    """Runs for as long as the block; `listens` are the lines of its configuration that say where."""
    database = folder / "signatures"
    database.mkdir()
    (database / "test.ndb").write_text(f"{_SIGNATURE}:0:0:{EICAR.hex()}\n")
    configuration = folder / "clamd.conf"
    configuration.write_text(f"Foreground yes\nDatabaseDirectory {database}\n{listens}\n")
    with (folder / "clamd.log").open("wb") as log:
        process = subprocess.Popen([PROGRAM, "--config-file", configuration], stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def wait_for(scanner: VirusScanner) -> VirusScanner:
    """The scanner, once it answers."""
    ends_at = time.monotonic() + 30
    while not scanner.answers():
        assert time.monotonic() < ends_at, "clamd does not answer"
        time.sleep(0.05)
    return scanner
