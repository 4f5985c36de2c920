"""Builds the parcel of a delivery from the store: opened only where portal.toml says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.clock import Clock, utc_now
from forms_app.delivery.channels import PermanentFailure, TemporaryFailure
from forms_app.delivery.parcel import FORM, Label, Parcel, opened_parcel, sealed_parcel
from forms_app.documents.follow_up import follow_up_file
from forms_app.documents.html import to_html
from forms_app.documents.submission import case_file
from forms_app.forms.follow_up import kind_of
from forms_app.language import use
from forms_app.municipality import BadDeployment, Deployment, Municipality
from forms_app.references.reference import whole_of
from forms_app.sealing.canonical import canonical_json
from forms_app.sealing.submission import (
    BindingMismatch,
    OpenedSubmission,
    SealedFile,
    SentFile,
    open_everything,
)
from forms_app.storage import attachments, audit, follow_ups, submissions
from forms_app.storage.attachments import Attachment
from forms_app.storage.engine import reading
from forms_app.storage.follow_ups import Following
from forms_app.storage.leases import Claimed
from forms_app.storage.submissions import Submission

WORKER = "worker"
"""How the audit trail names the worker."""


class NothingToDeliver(PermanentFailure):
    """The submission was erased, so there is nothing left to deliver."""


class NoOpeningKey(TemporaryFailure):
    """The channel wants clear text, but this worker was started without the opening key."""


class MunicipalityRemoved(TemporaryFailure):
    """portal.toml no longer has the municipality that this was sent to; it may come back."""


class ChannelRemoved(TemporaryFailure):
    """portal.toml no longer has this channel for the municipality; it may come back."""


@dataclass(frozen=True, kw_only=True)
class Packer:
    """Packs what is due. Where a parcel goes and whether it is opened comes from the deployment, never from a row."""

    engine: sa.Engine
    deployment: Deployment
    identities: Sequence[Identity]
    clock: Clock = utc_now

    def __call__(self, claimed: Claimed) -> Parcel:
        """The parcel of this delivery: its label is the same each time, its words are those of the deployment today."""
        with reading(self.engine) as connection:
            row = submissions.get(connection, claimed.submission_id)
            stored = attachments.of(connection, claimed.submission_id)
            following = follow_ups.following(connection, claimed.submission_id)
        sealed = attachments.envelopes(stored)
        if row is None or row.answers is None or sealed is None:
            raise NothingToDeliver(claimed.key)
        municipality = self._municipality(row.municipality)
        label = _label(claimed, row, following)
        if not _is_opened(municipality, claimed.kind):
            _demand_as_stored(row, stored)
            if self.identities:
                # What does not belong to its row is handed over in no shape, though this one is not read here.
                self._open(row, row.answers, sealed, following)
            return sealed_parcel(label, answers=row.answers, attachments=sealed)
        if not self.identities:
            raise NoOpeningKey(claimed.key)
        opened, files = self._open(row, row.answers, sealed, following)
        return opened_parcel(
            label,
            answers=canonical_json(opened.answers),
            summary=self._summary(opened, municipality),
            attachments=files,
        )

    def _open(
        self, row: Submission, answers: bytes, sealed: Sequence[SealedFile], following: Following | None
    ) -> tuple[OpenedSubmission, list[SentFile]]:
        with self.engine.begin() as connection:
            audit.record(connection, at=self.clock(), actor=WORKER, action="opened to hand over", subject=str(row.id))
        opened, files = open_everything(answers, sealed, self.identities, expected=row.binding)
        _demand_kind(opened, following)
        return opened, files

    def _municipality(self, key: str) -> Municipality:
        try:
            return self.deployment.municipality(key)
        except BadDeployment as error:
            raise MunicipalityRemoved(key) from error

    def _summary(self, opened: OpenedSubmission, municipality: Municipality) -> str:
        """A page to read, in the municipality's own language."""
        with use(municipality.default_language):
            write = follow_up_file if kind_of(opened.answers) else case_file
            return to_html(opened.binding.reference, write(opened, self.deployment))


def _is_opened(municipality: Municipality, kind: str) -> bool:
    for channel in municipality.channels:
        if channel.kind == kind:
            return channel.opened
    raise ChannelRemoved(kind)


def _demand_as_stored(row: Submission, files: Sequence[Attachment]) -> None:
    """Without a key, the hash beside an envelope is all that tells whether it was put there with the row."""
    envelopes: list[tuple[bytes | None, str | None]] = [(row.answers, row.sealed_hash)]
    for one in files:
        envelopes += [(one.sealed, one.sealed_hash), (one.cleaned, one.cleaned_hash)]
    if any(hash_ != (None if envelope is None else sha256(envelope).hexdigest()) for envelope, hash_ in envelopes):
        raise BindingMismatch(f"{row.id}: sealed_hash")


def _demand_kind(opened: OpenedSubmission, following: Following | None) -> None:
    if kind_of(opened.answers) != (following.kind if following else None):
        raise BindingMismatch(f"{opened.binding.submission_id}: kind")


def _label(claimed: Claimed, row: Submission, following: Following | None) -> Label:
    return Label(
        key=claimed.key,
        submission_id=row.id,
        reference=row.reference,
        municipality=row.municipality,
        form=row.form,
        form_version=row.form_version,
        language=row.language,
        accepted_at=row.accepted_at,
        kind=following.kind if following else FORM,
        follows=whole_of(row.reference) if following else None,
    )
