"""A folder gets whole parcels, once, and nothing a citizen typed decides where."""

import hashlib
import json
import os
import subprocess
import sys
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from forms_app.delivery.channels import PermanentFailure, TemporaryFailure
from forms_app.delivery.channels import folder as folder_module
from forms_app.delivery.channels.folder import FolderChannel, FolderFailed, FolderMissing, OtherParcelThere
from forms_app.delivery.parcel import Label, Parcel, opened_parcel, sealed_parcel
from forms_app.sealing.attached import SealedFile


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "out"
    root.mkdir()
    return root


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def visible(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.glob("[!.]*/[!.]*"))


def test_an_opened_parcel_becomes_a_folder(root: Path, parcel: Parcel) -> None:
    FolderChannel(root).deliver(parcel)
    written = contents(root / "arendal" / "ABCD2345")
    manifest = json.loads(written.pop("manifest.json"))
    assert written == {
        "answers.json": b'{"why": "Ferdi"}',
        "summary.html": b"<!doctype html><title>Klage</title>",
        "attachments/01-Vedtak frå kommunen.pdf": b"%PDF",
        "attachments/02-passwd": b"root",
        "cleaned/02-passwd": b"rot",
    }
    listed = manifest.pop("files")
    assert manifest == {
        "delivery_key": "folder:ABCD2345",
        "submission_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "reference": "ABCD2345",
        "kind": "form",
        "follows": None,
        "municipality": "arendal",
        "form": "complaint",
        "form_version": 1,
        "language": "nn",
        "accepted_at": "2026-11-23T12:00:00+00:00",
        "sealed": False,
    }
    assert {file["name"]: (file["size"], file["sha256"]) for file in listed} == {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in written.items()
    }
    assert [file.get("original_name") for file in listed] == [
        None,
        None,
        "Vedtak frå kommunen.pdf",
        "../../etc/passwd",
        None,
    ]
    assert [file.get("copy_of") for file in listed] == [None] * 4 + ["attachments/02-passwd"]


def test_a_sealed_parcel_tells_nothing_about_the_names_of_its_files(root: Path, label: Label) -> None:
    files = [SealedFile(original=b"age2"), SealedFile(original=b"age3", cleaned=b"age4")]
    FolderChannel(root).deliver(sealed_parcel(label, answers=b"age1", attachments=files))
    written = contents(root / "arendal" / "ABCD2345")
    manifest = json.loads(written.pop("manifest.json"))
    assert written == {
        "answers.age": b"age1",
        "attachments/01.age": b"age2",
        "attachments/02.age": b"age3",
        "cleaned/02.age": b"age4",
    }
    assert manifest["sealed"] is True
    assert all(set(file) - {"copy_of"} == {"name", "size", "sha256"} for file in manifest["files"])
    assert [file.get("copy_of") for file in manifest["files"]] == [None] * 3 + ["attachments/02.age"]


def test_only_the_owner_and_the_group_can_read_it(root: Path, parcel: Parcel) -> None:
    FolderChannel(root).deliver(parcel)
    assert all(path.stat().st_mode & 0o007 == 0 for path in root.rglob("*"))


def test_the_same_parcel_again_changes_nothing(root: Path, parcel: Parcel) -> None:
    channel = FolderChannel(root)
    channel.deliver(parcel)
    target = root / "arendal" / "ABCD2345"
    before = target.stat().st_ino, contents(target)
    channel.deliver(parcel)
    assert (target.stat().st_ino, contents(target)) == before


def test_a_repeat_in_other_words_or_sealed_is_still_a_repeat(root: Path, parcel: Parcel, label: Label) -> None:
    channel = FolderChannel(root)
    channel.deliver(parcel)
    before = contents(root)
    channel.deliver(opened_parcel(label, answers=b"{}", summary="The municipality was renamed", attachments=[]))
    channel.deliver(sealed_parcel(label, answers=b"age1", attachments=[]))
    assert contents(root) == before


@pytest.mark.parametrize("other", [{"key": "folder:other"}, {"submission_id": uuid.UUID(int=1)}])
def test_a_different_parcel_under_the_reference_is_for_staff_to_look_at(
    root: Path, parcel: Parcel, other: dict[str, Any]
) -> None:
    channel = FolderChannel(root)
    channel.deliver(parcel)
    before = contents(root)
    with pytest.raises(OtherParcelThere) as caught:
        channel.deliver(replace(parcel, label=replace(parcel.label, **other)))
    assert isinstance(caught.value, PermanentFailure)
    assert contents(root) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("answers.json", b"{}"),
        ("attachments/02-passwd", b""),
        ("manifest.json", b"{"),
        ("manifest.json", b"[]"),
        ("manifest.json", b"{}"),
        ("manifest.json", b"\xff"),
    ],
)
def test_a_parcel_that_was_changed_is_no_repeat(root: Path, parcel: Parcel, name: str, content: bytes) -> None:
    channel = FolderChannel(root)
    channel.deliver(parcel)
    (root / "arendal" / "ABCD2345" / name).write_bytes(content)
    with pytest.raises(OtherParcelThere):
        channel.deliver(parcel)


@pytest.mark.parametrize("name", ["summary.html", "attachments/02-passwd", "manifest.json"])
def test_a_parcel_that_is_being_emptied_is_waited_for(root: Path, parcel: Parcel, name: str) -> None:
    channel = FolderChannel(root)
    channel.deliver(parcel)
    (root / "arendal" / "ABCD2345" / name).unlink()
    with pytest.raises(FolderFailed):
        channel.deliver(parcel)


@pytest.mark.parametrize("facts", [{"reference": "../../x"}, {"municipality": ".."}, {"reference": ""}])
def test_a_reference_that_is_a_path_is_refused(root: Path, parcel: Parcel, facts: dict[str, Any]) -> None:
    with pytest.raises(OtherParcelThere):
        FolderChannel(root).deliver(replace(parcel, label=replace(parcel.label, **facts)))
    assert list(root.iterdir()) == []


def test_a_root_that_is_not_mounted_is_waited_for_and_not_made(tmp_path: Path, parcel: Parcel) -> None:
    missing = tmp_path / "unmounted"
    with pytest.raises(FolderMissing) as caught:
        FolderChannel(missing).deliver(parcel)
    assert isinstance(caught.value, TemporaryFailure)
    assert not missing.exists()


def test_a_disk_that_fails_leaves_no_half_folder_and_the_repeat_cleans_up(
    root: Path, parcel: Parcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_sync, calls = os.fsync, []

    def full_on_the_third(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        whole_sync(descriptor)

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full_on_the_third)
        with pytest.raises(FolderFailed):
            FolderChannel(root).deliver(parcel)
    assert visible(root) == []
    FolderChannel(root).deliver(parcel)
    assert visible(root) == ["arendal/ABCD2345"]
    assert list((root / "arendal" / ".building").iterdir()) == []


def test_every_file_and_directory_is_on_disk_before_the_name_appears(
    root: Path, parcel: Parcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    whole_sync = os.fsync

    def watch(descriptor: int) -> None:
        whole_sync(descriptor)
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))

    monkeypatch.setattr(os, "fsync", watch)
    rename = Path.rename
    at_rename: list[str] = []

    def note_and_rename(path: Path, to: Path) -> Path:
        at_rename.extend(synced)
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", note_and_rename)
    FolderChannel(root).deliver(parcel)
    names = [Path(path).name for path in at_rename]
    expected = {"answers.json", "summary.html", "02-passwd", "manifest.json", "attachments"}
    assert expected <= set(names)
    assert any(name.startswith("ABCD2345.") for name in names)
    assert Path(synced[-1]) == root / "arendal"


KILLED_WHILE_WRITING = """
import os, sys
from pathlib import Path
from forms_app.delivery.channels import folder
from forms_app.delivery.parcel import Label, sealed_parcel
from forms_app.sealing.attached import SealedFile
import uuid
from datetime import UTC, datetime
label = Label(key="folder:ABCD2345", submission_id=uuid.UUID(int=1), reference="ABCD2345",
    municipality="arendal", form="complaint", form_version=1, language="nn",
    accepted_at=datetime(2026, 11, 23, 12, tzinfo=UTC))
files = [SealedFile(original=b"b" * 100), SealedFile(original=b"c" * 100)]
parcel = sealed_parcel(label, answers=b"a" * 100, attachments=files)
left, sync = int(sys.argv[2]), os.fsync
def die_in_time(descriptor):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), 9)
    sync(descriptor)
folder.os.fsync = die_in_time
folder.FolderChannel(Path(sys.argv[1])).deliver(parcel)
"""


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_process_killed_at_any_sync_leaves_nothing_or_everything(root: Path, turn: int) -> None:
    def attempt(turn: int) -> int:
        command = [sys.executable, "-c", KILLED_WHILE_WRITING, str(root), str(turn)]
        return subprocess.run(command, check=False).returncode

    assert attempt(turn) == -9
    for folder in visible(root):
        assert len(contents(root / folder)) == 4
    assert attempt(99) == 0
    assert visible(root) == ["arendal/ABCD2345"]
    assert len(contents(root)) == 4


def test_what_is_being_built_for_another_reference_is_left_alone(root: Path, parcel: Parcel) -> None:
    others = root / "arendal" / ".building" / "WXYZ6789.0"
    others.mkdir(parents=True)
    FolderChannel(root).deliver(parcel)
    assert others.is_dir()


def test_a_writer_that_was_only_slow_cannot_publish_what_is_half_swept_away(
    root: Path, parcel: Parcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file = folder_module._write_file
    once: list[Path] = []

    def overtaken(path: Path, content: bytes) -> None:
        write_file(path, content)
        if path.name == "summary.html" and not once:
            once.append(path)
            FolderChannel(root).deliver(parcel)

    monkeypatch.setattr(folder_module, "_write_file", overtaken)
    with pytest.raises(FolderFailed):
        FolderChannel(root).deliver(parcel)
    assert len(contents(root / "arendal" / "ABCD2345")) == 6
    FolderChannel(root).deliver(parcel)


def test_two_who_finish_together_publish_one_folder(
    root: Path, parcel: Parcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(*arguments: Any) -> None:
        with monkeypatch.context() as other:
            other.setattr(folder_module, "_write", write)
            FolderChannel(root).deliver(parcel)
        write(*arguments)

    write = folder_module._write
    monkeypatch.setattr(folder_module, "_write", overtaken)
    with pytest.raises(FolderFailed):
        FolderChannel(root).deliver(parcel)
    assert visible(root) == ["arendal/ABCD2345"]
