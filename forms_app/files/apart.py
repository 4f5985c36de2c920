"""Runs the parsers in a process of their own, which may neither write files nor use up the machine.

A parser written in C that meets hostile bytes can crash, hang or fill the memory. Here it takes nobody else's request
along: the file is broken, and that is all. The process gets the file through a pipe, never by the disk or the command
line, knows no secret of ours, and is gone afterwards.
"""

import contextlib
import json
import resource
import subprocess
import sys
from typing import Any

from forms_app.errors import PortalError
from forms_app.files import refusals
from forms_app.files.facts import FileFlag, Inspected
from forms_app.files.inspecting import inspect
from forms_app.files.refusals import Broken, UploadRefused

SECONDS = 20
"""Several times what the largest photo takes on a busy machine."""
_MOST_MEMORY = 2_000_000_000
_LIMITS = {
    resource.RLIMIT_AS: _MOST_MEMORY,
    resource.RLIMIT_CPU: SECONDS,
    # No file, and no image of the memory when it crashes: either would be the file in clear.
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NPROC: 0,
}
_COMMAND = [sys.executable, "-I", "-m", __name__]


class ParsersNotStarted(PortalError):
    """The process that opens uploads did not start; no file is to blame for that."""


def inspect_apart(name: str, content: bytes) -> Inspected:
    """As `inspect`, whatever the bytes do to the parser. Raises a kind of UploadRefused, or ParsersNotStarted."""
    sent = json.dumps(name).encode() + b"\n" + content
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            _COMMAND, input=sent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise Broken from None
    if done.returncode > 0:
        raise ParsersNotStarted(f"exit code {done.returncode}")
    if done.returncode < 0:  # A signal: it crashed, or went beyond a limit.
        raise Broken
    return _read(done.stdout)


def main() -> None:
    """The other side: a name and a file on standard input; facts and the cleaned copy, or a refusal, on output."""
    for limit, most in _LIMITS.items():
        with contextlib.suppress(ValueError):  # macOS does not let everything be limited.
            resource.setrlimit(limit, (most, most))
    name, unused_newline, content = sys.stdin.buffer.read().partition(b"\n")
    facts, cleaned = _answer(json.loads(name), content)
    for part in (json.dumps(facts).encode(), b"\n", cleaned):
        sys.stdout.buffer.write(part)


def _answer(name: str, content: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        found = inspect(name, content)
    except UploadRefused as refusal:
        return {"refused": type(refusal).__name__}, b""
    facts = {"name": found.name, "media_type": found.media_type, "flags": sorted(found.flags)}
    return {**facts, "is_cleaned": found.cleaned is not None}, found.cleaned or b""


def _read(answer: bytes) -> Inspected:
    line, unused_newline, cleaned = answer.partition(b"\n")
    facts = json.loads(line)
    if "refused" in facts:
        raise getattr(refusals, facts["refused"])
    return Inspected(
        name=facts["name"],
        media_type=facts["media_type"],
        cleaned=cleaned if facts["is_cleaned"] else None,
        flags=frozenset(map(FileFlag, facts["flags"])),
    )


if __name__ == "__main__":
    main()
