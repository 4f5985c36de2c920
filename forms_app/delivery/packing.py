"""Builds the parcel of a delivery from the store: opened only where portal.toml says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app import log
from forms_app.clock import Clock, utc_now
from forms_app.delivery.channels import PermanentFailure, TemporaryFailure
from forms_app.delivery.labels import Known, about_of, label_of
from forms_app.delivery.metadata import with_metadata
from forms_app.delivery.parcel import Parcel, opened_parcel, sealed_parcel
from forms_app.documents.follow_up import follow_up_file
from forms_app.documents.html import to_html
from forms_app.documents.pdf import PdfFailed, to_pdf
from forms_app.documents.submission import case_file
from forms_app.forms.follow_up import kind_of
from forms_app.language import use
from forms_app.municipality import BadDeployment, Deployment, Municipality
from forms_app.sealing.canonical import canonical_json
from forms_app.sealing.submission import (
    BindingMismatch,
    OpenedSubmission,
    SealedFile,
    SentFile,
    open_everything,
)
from forms_app.storage import attachments, audit, cases, follow_ups, submissions
from forms_app.storage.attachments import Attachment
from forms_app.storage.engine import reading
from forms_app.storage.follow_ups import Following
from forms_app.storage.leases import Claimed
from forms_app.storage.submissions import Submission

_log = log.logger(__name__)

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
        channel = municipality.channel(claimed.kind, row.form)
        if channel is None:
            raise ChannelRemoved(claimed.kind)
        if channel.opened and not self.identities:
            raise NoOpeningKey(claimed.key)
        if not channel.opened:
            _demand_as_stored(row, stored)
        # What does not belong to its row is handed over in no shape, though what stays sealed is not read here.
        found = self._open(row, row.answers, sealed, following) if self.identities else None
        known = self._known(row, following, municipality)
        label = label_of(known, claimed.key, self.deployment)
        if found is None or not channel.opened:
            parcel = sealed_parcel(label, answers=row.answers, attachments=sealed)
            return with_metadata(parcel, about_of(known, label, None))
        opened, files = found
        return with_metadata(
            opened_parcel(
                label,
                answers=canonical_json(opened.answers),
                attachments=files,
                **self._summaries(opened, municipality),
            ),
            about_of(known, label, opened.answers),
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

    def _known(self, row: Submission, following: Following | None, municipality: Municipality) -> Known:
        with reading(self.engine) as connection:
            case = cases.of(connection, following.follows if following else row.id)
        return Known(row=row, case=case, following=following, municipality=municipality)

    def _summaries(self, opened: OpenedSubmission, municipality: Municipality) -> dict[str, Any]:
        """A page to read in the municipality's own language, as HTML and as PDF; without that, if it cannot be made."""
        language, reference = municipality.default_language, opened.binding.reference
        with use(language):
            write = follow_up_file if kind_of(opened.answers) else case_file
            blocks = write(opened, self.deployment)
            try:
                pdf = to_pdf(blocks, language=language, title=reference, made_at=opened.binding.accepted_at)
            except PdfFailed as error:
                _log.error("pdf_failed", error=type(error).__name__, submission=opened.binding.submission_id)
                pdf = None
            return {"summary": to_html(reference, blocks), "pdf": pdf}


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
