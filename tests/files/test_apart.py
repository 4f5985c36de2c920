"""The parsers run in a process of their own: what they do to it, they do to nobody else."""

import json
import sys
from pathlib import Path

import pytest
from sample_files import HEIC, docx, large_pdf, pdf, photo, zipped

from forms_app.files import apart
from forms_app.files.apart import ParsersNotStarted, inspect_apart
from forms_app.files.inspecting import inspect
from forms_app.files.refusals import Broken, IsArchive, TooBigUnpacked

ACTIVE = pdf(root=b"/OpenAction << /S /JavaScript /JS (1) >>")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("brev æøå.pdf", pdf()),
        ("linje\nskift.pdf", pdf()),
        ("\ud800.pdf", pdf()),
        ("aktiv.pdf", ACTIVE),
        ("bilde.jpg", photo()),
        ("bilde.heic", HEIC),
        ("brev.docx", docx()),
        ("notat.txt", b"\n\nhei\n"),
    ],
)
def test_the_answer_is_the_same_as_without_it(name: str, content: bytes) -> None:
    near, far = inspect(name, content), inspect_apart(name, content)
    assert (far.name, far.media_type, far.flags) == (near.name, near.media_type, near.flags)
    assert (far.cleaned is None) == (near.cleaned is None)
    assert inspect(name, far.cleaned or content).cleaned is None


def test_a_refusal_keeps_its_name() -> None:
    with pytest.raises(Broken):
        inspect_apart("brev.pdf", b"%PDF-")
    with pytest.raises(IsArchive):
        inspect_apart("mappe.zip", zipped({"a": b"b"}))


def test_the_largest_file_passes_through() -> None:
    assert inspect_apart("stor.pdf", large_pdf(25_000_000)).cleaned is None


def run_instead(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Have the other process do this in place of looking at the file."""
    monkeypatch.setattr(apart, "_COMMAND", [sys.executable, "-I", "-c", script])


def with_parser(script: str) -> str:
    """Within the limits, have the parser do this."""
    parser = f"def inspect(name, content):\n    {script}\n"
    return f"from forms_app.files import apart\n{parser}apart.inspect = inspect\napart.main()"


@pytest.mark.parametrize(
    "script",
    [
        "import os; os.abort()",
        "import ctypes; ctypes.string_at(0)",
        "import os; os.kill(os.getpid(), 9)",
    ],
)
def test_a_parser_that_crashes_leaves_a_broken_file(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    run_instead(monkeypatch, with_parser(script))
    with pytest.raises(Broken):
        inspect_apart("brev.pdf", pdf())


def test_a_process_that_does_not_start_is_not_blamed_on_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    run_instead(monkeypatch, "import nothing_of_the_kind")
    with pytest.raises(ParsersNotStarted):
        inspect_apart("brev.pdf", pdf())


def test_a_parser_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "SECONDS", 1)
    run_instead(monkeypatch, with_parser("while True: pass"))
    with pytest.raises(Broken):
        inspect_apart("brev.pdf", pdf())


def test_a_parser_cannot_write_to_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    target = tmp_path / "clear text"
    run_instead(monkeypatch, with_parser(f"open({str(target)!r}, 'wb', buffering=0).write(content)"))
    with pytest.raises(ParsersNotStarted):
        inspect_apart("brev.pdf", pdf())
    assert target.read_bytes() == b""


def test_the_parsers_know_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET_KEY", "hemmelig")
    facts = {"media_type": "text/plain", "flags": [], "is_cleaned": False}
    run_instead(
        monkeypatch,
        f"import json, os, sys; sys.stdin.buffer.read()\n"
        f"print(json.dumps({{**json.loads({json.dumps(facts)!r}), 'name': str(dict(os.environ)) + str(sys.argv)}}))",
    )
    told = inspect_apart("hemmelig navn.pdf", b"hemmelig").name
    assert "argv" not in told
    assert "hemmelig" not in told
    assert "PORTAL" not in told


def test_memory_that_runs_out_while_a_file_is_opened_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    run_instead(
        monkeypatch,
        "from forms_app.files import apart, inspecting\n"
        "inspecting._open = lambda kind, content: bytearray(5_000_000_000)\napart.main()",
    )
    with pytest.raises(TooBigUnpacked):
        inspect_apart("brev.pdf", pdf())
