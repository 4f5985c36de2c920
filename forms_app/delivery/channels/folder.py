"""Delivers into a folder that the municipality's own system empties: whole parcels or nothing."""

import hashlib
import json
import os
import secrets
import shutil
from pathlib import Path

from forms_app.delivery.channels import PermanentFailure, TemporaryFailure
from forms_app.delivery.means import Means
from forms_app.delivery.parcel import MANIFEST, Label, Parcel, ParcelFile
from forms_app.documents.filenames import safe_name
from forms_app.durable import sync
from forms_app.municipality import ChannelSettings, Municipality

# The receiver's system reads through the group; nobody else does.
_DIRECTORY_MODE, _FILE_MODE = 0o750, 0o640


class FolderMissing(TemporaryFailure):
    """The delivery folder is not there; it is not made anew, for it may be a disk that is not mounted."""


class FolderFailed(TemporaryFailure):
    """The delivery folder could not be written."""


class OtherParcelThere(PermanentFailure):
    """The folder holds another parcel, or a changed one, under this reference; or the reference is no plain name."""


def make(unused_settings: ChannelSettings, unused_municipality: Municipality, means: Means) -> "FolderChannel":
    """One folder for all of them; each municipality has its own inside."""
    return FolderChannel(means.outbox)


class FolderChannel:
    """Writes `<root>/<municipality>/<reference>/`; its reader passes over names that begin with a dot."""

    kind = "folder"
    proves_hand_over = False

    def __init__(self, root: Path) -> None:
        self.root = root

    def deliver(self, parcel: Parcel) -> None:
        """Write every byte to disk before the parcel's name appears; a repeat changes nothing.

        A repeat is known by its delivery and submission, not by its bytes: the words around the answers, and whether
        they are opened, may have changed since.
        """
        target = self._target(parcel)
        try:
            self.greet()
            _make_durable_directory(target.parent)
            if not target.exists():
                _write(parcel, target)
            elif not _holds(target, parcel.label):
                raise OtherParcelThere(parcel.label.reference)
            # Also on a repeat: the first attempt may have died between the rename and this.
            sync(target.parent)
        except OSError as error:
            raise FolderFailed from error

    def greet(self) -> None:
        """As Channel.greet."""
        if not self.root.is_dir():
            raise FolderMissing

    def _target(self, parcel: Parcel) -> Path:
        names = (parcel.label.municipality, parcel.label.reference)
        if any(safe_name(name) != name for name in names):
            raise OtherParcelThere
        return self.root.joinpath(*names)


def _holds(target: Path, label: Label) -> bool:
    """Whether the parcel that is there is a whole one of this delivery; a file that is gone raises OSError."""
    try:
        manifest = json.loads((target / MANIFEST).read_bytes())
        is_ours = (manifest["delivery_key"], manifest["submission_id"]) == (label.key, str(label.submission_id))
        return is_ours and all(_sha256(target / file["name"]) == file["sha256"] for file in manifest["files"])
    except (ValueError, LookupError, TypeError):
        return False  # No manifest of ours.


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(parcel: Parcel, target: Path) -> None:
    workshop = target.with_name(".building")
    workshop.mkdir(mode=_DIRECTORY_MODE, exist_ok=True)
    _sweep(workshop, target.name)
    building = workshop / f"{target.name}.{secrets.token_hex(8)}"
    building.mkdir(mode=_DIRECTORY_MODE)
    directories = {building}
    for file in (*parcel.files, ParcelFile(name=MANIFEST, content=parcel.manifest())):
        path = building / file.name
        path.parent.mkdir(mode=_DIRECTORY_MODE, exist_ok=True)
        directories.add(path.parent)
        _write_file(path, file.content)
    for directory in directories:
        sync(directory)
    building.rename(target)


def _sweep(workshop: Path, reference: str) -> None:
    """Remove what an attempt at this parcel that died left behind.

    Should its writer still live, the new name takes the ground from under it, so that it can fail but never
    publish a parcel that is half gone.
    """
    for left in list(workshop.iterdir()):
        if left.name.startswith(f"{reference}."):
            doomed = left.rename(workshop / f"{reference}.{secrets.token_hex(8)}")
            shutil.rmtree(doomed, ignore_errors=True)


def _write_file(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _make_durable_directory(directory: Path) -> None:
    directory.mkdir(mode=_DIRECTORY_MODE, exist_ok=True)
    sync(directory.parent)
