"""Key files are written once, for their owner only, and read with everything age allows in them."""

import errno
import os
import stat
from pathlib import Path

import pytest

from forms_app.sealing.envelope import Recipients, open_envelope, seal
from forms_app.sealing.keys import add_identity, load_identities, new_identity_file, public_keys
from forms_app.sealing.secret_files import KeyFileExists, KeyFileUnreadable, append_secret


def test_a_new_key_file_is_for_its_owner_only_and_names_its_public_key(tmp_path: Path) -> None:
    path = tmp_path / "key.txt"
    public_key = new_identity_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert public_key.startswith("age1")
    assert public_keys(path) == (public_key,)
    assert path.read_text().startswith(f"# public key: {public_key}\nAGE-SECRET-KEY-1")


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key.txt"
    new_identity_file(path)
    before = path.read_bytes()
    with pytest.raises(KeyFileExists):
        new_identity_file(path)
    assert path.read_bytes() == before


def test_a_link_is_not_followed_to_another_file(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    link.symlink_to(target)
    with pytest.raises(KeyFileExists):
        new_identity_file(link)
    assert not target.exists()


def test_a_ring_of_old_and_new_keys_opens_what_was_sealed_before_and_after(tmp_path: Path) -> None:
    old, new, recovery = (new_identity_file(tmp_path / name) for name in ("old", "new", "recovery"))
    ring = tmp_path / "ring"
    ring.write_text(
        f"# the ring\n\n  {(tmp_path / 'old').read_text()}\r\n\n# from 2026\n{(tmp_path / 'new').read_text()}"
    )
    identities = load_identities(ring)
    assert public_keys(ring) == (old, new)
    for working in (old, new):
        assert open_envelope(seal(b"answers", Recipients((working, recovery))), identities) == b"answers"


@pytest.mark.parametrize("text", ["", "# only a comment\n", "AGE-SECRET-KEY-1NOTAKEY\n", "æøå\n"])
def test_a_file_without_a_key_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key.txt"
    path.write_text(text)
    with pytest.raises(KeyFileUnreadable, match=r"key\.txt"):
        load_identities(path)


def test_a_missing_file_and_one_that_is_no_text_are_refused_by_name(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\xff")
    for path in (tmp_path / "missing", binary):
        with pytest.raises(KeyFileUnreadable, match=path.name):
            load_identities(path)


def test_a_refused_key_file_never_shows_its_content(tmp_path: Path) -> None:
    path = tmp_path / "key.txt"
    new_identity_file(path)
    secret = path.read_text().splitlines()[1]
    path.write_text(secret[:-1])
    with pytest.raises(KeyFileUnreadable) as caught:
        load_identities(path)
    assert "AGE-SECRET" not in str(caught.value)


@pytest.mark.parametrize("ending", ["", "\n"])
def test_a_ring_grows_by_whole_lines(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "ring"
    old = new_identity_file(path)
    path.write_text(path.read_text("ascii").rstrip("\n") + ending, "ascii")
    new = add_identity(path)
    assert public_keys(path) == (old, new)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_that_fits_only_in_part_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ring"
    new_identity_file(path)
    before, whole_write = path.read_bytes(), os.write
    with monkeypatch.context() as disk_full:
        disk_full.setattr(os, "write", lambda file, text: whole_write(file, text[:30]))
        with pytest.raises(KeyFileUnreadable, match="No space left"):
            add_identity(path)
    assert path.read_bytes() == before


def test_a_key_that_never_reached_the_disk_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key.txt"

    def full(unused_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk_full:
        disk_full.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            new_identity_file(path)
    assert not path.exists()
    new = new_identity_file(path)
    assert public_keys(path) == (new,)


def test_an_empty_file_takes_its_first_lines(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    append_secret(path, "one\n")
    assert path.read_text("ascii") == "one\n"
