"""A small disk of its own, a real file system in a file, that can be filled, broken and mended."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.acceptance.running_portal import wait_for

_SETTINGS = Path("/sys/fs/ext4")


def why_not() -> str:
    """What keeps a disk from being made here; nothing where it can be."""
    if os.geteuid() != 0:
        return "only root can mount a disk"
    if not shutil.which("mkfs.ext4"):
        return "there is no mkfs.ext4"
    try:
        disk = OwnDisk(megabytes=8)
        disk.attach()
    except subprocess.CalledProcessError as error:
        return f"no disk can be mounted: {error.stderr.decode().strip()}"
    disk.remove()
    return ""


class OwnDisk:
    """Mounted at `place`; like most servers' disks it becomes read-only as soon as it finds an error on itself."""

    def __init__(self, *, megabytes: int) -> None:
        folder = Path(tempfile.mkdtemp(prefix="disk-"))
        # A database's server is another user, and has to pass.
        folder.chmod(0o755)
        # Whoever starts processes in a namespace of their own has a copy of each mount there, which would keep the disk
        # in use: what happens to a shared one happens to its copies.
        _run("mount", "--bind", folder, folder)
        _run("mount", "--make-shared", folder)
        self._folder = folder
        self.place = folder / "place"
        self.place.mkdir()
        self._image = folder / "image"
        self._filling = self.place / "filling"
        with self._image.open("wb") as image:
            image.truncate(megabytes << 20)
        _run("mkfs.ext4", "-q", "-F", "-m", "0", self._image)

    def attach(self) -> None:
        """Mount it."""
        _run("mount", "-o", "loop,errors=remount-ro", self._image, self.place)

    def fill(self) -> None:
        """Leave not a byte for anybody."""
        step = 1 << 20
        with self._filling.open("wb", buffering=0) as filling:
            while step:
                try:
                    os.posix_fallocate(filling.fileno(), filling.seek(0, os.SEEK_END), step)
                except OSError:
                    step //= 2
        assert shutil.disk_usage(self.place).free == 0

    def free(self) -> None:
        """Somebody has tidied up."""
        self._filling.unlink()

    def break_down(self) -> None:
        """It is read-only from now on, and what was not yet written to it never will be."""
        (self._settings() / "trigger_fs_error").write_text("1")

    def mend(self) -> None:
        """As a machine does when it starts again; whoever was killed is given the time to let go."""
        settings = self._settings()
        wait_for(lambda: not _fails("umount", self.place), "nobody uses the disk")
        wait_for(lambda: not settings.exists(), "nobody has a copy of the mount")
        # It says 1 when it has put something right.
        assert _fails("fsck.ext4", "-p", self._image) in (0, 1)
        self.attach()

    def remove(self) -> None:
        """Also while somebody still uses it."""
        _fails("umount", "--lazy", self.place)
        _fails("umount", "--lazy", self._folder)
        shutil.rmtree(self._folder)

    def _settings(self) -> Path:
        device = Path(_run("findmnt", "--noheadings", "--output", "SOURCE", self.place).strip()).name
        return _SETTINGS / device


def _run(*words: str | Path) -> str:
    return subprocess.run(words, capture_output=True, check=True).stdout.decode()


def _fails(*words: str | Path) -> int:
    return subprocess.run(words, capture_output=True, check=False).returncode
