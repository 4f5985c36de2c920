"""Attachments land on the case worker's disk under harmless names, for their eyes only, and over nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from forms_app.casework.files import NotWritten, write_files
from forms_app.sealing.attached import FileFacts, SentFile


def named(*names: str) -> list[SentFile]:
    return [
        SentFile(facts=FileFacts.of(name.encode(), name=name, kind="text/plain"), content=name.encode())
        for name in names
    ]


def test_any_name_a_citizen_can_give_becomes_a_file_in_the_folder(tmp_path: Path) -> None:
    sent = named("æ" * 196 + ".txt", "../../over.txt", "same.txt", "same.txt", "\u202egpj.exe\n", "")
    written = write_files(tmp_path / "new" / "out", sent)
    assert [path.read_bytes() for path in written] == [file.content for file in sent]
    assert {path.parent for path in written} == {tmp_path / "new" / "out"}
    assert [path.name for path in written][1:] == ["02-over.txt", "03-same.txt", "04-same.txt", "05-gpj.exe", "06-file"]


def test_a_cleaned_copy_lies_apart_under_the_same_name_and_is_told_first(tmp_path: Path) -> None:
    before, photo = named("før.txt", "bilde.jpg")
    written = write_files(tmp_path / "out", [before, replace(photo, cleaned=b"copy")])
    names = [str(path.relative_to(tmp_path / "out")) for path in written]
    assert names == ["01-før.txt", "cleaned/02-bilde.jpg", "02-bilde.jpg"]
    assert [path.read_bytes() for path in written[1:]] == [b"copy", b"bilde.jpg"]
    assert written[1].parent.stat().st_mode & 0o777 == 0o700


def test_only_this_user_can_read_them(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (path,) = write_files(folder, named("a.txt"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "01-a.txt").write_bytes(b"mine")
    with pytest.raises(NotWritten, match=r"01-a\.txt"):
        write_files(tmp_path, named("a.txt"))
    assert (tmp_path / "01-a.txt").read_bytes() == b"mine"


def test_a_link_that_lies_in_wait_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "01-a.txt").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotWritten):
        write_files(tmp_path, named("a.txt"))
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotWritten, match="file"):
        write_files(tmp_path / "file" / "out", named("a.txt"))
