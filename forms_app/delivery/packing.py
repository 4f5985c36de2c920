"""Builds the parcel of a delivery from the store: opened only where portal.toml says so."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from pyrage.x25519 import Identity

from forms_app.delivery.channels import PermanentFailure, TemporaryFailure
from forms_app.delivery.parcel import Label, Parcel, opened_parcel, sealed_parcel
from forms_app.documents.html import to_html
from forms_app.documents.submission import case_file
from forms_app.language import use
from forms_app.municipality import BadDeployment, Deployment, Municipality
from forms_app.sealing.canonical import canonical_json
from forms_app.sealing.submission import OpenedSubmission, open_everything
from forms_app.storage import attachments, submissions
from forms_app.storage.engine import reading
from forms_app.storage.leases import Claimed
from forms_app.storage.submissions import Submission


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

    def __call__(self, claimed: Claimed) -> Parcel:
        """The parcel of this delivery: its label is the same each time, its words are those of the deployment today."""
        with reading(self.engine) as connection:
            row = submissions.get(connection, claimed.submission_id)
            sealed = attachments.sealed(connection, claimed.submission_id)
        if row is None or row.answers is None or sealed is None:
            raise NothingToDeliver(claimed.key)
        municipality = self._municipality(row.municipality)
        label = _label(claimed, row)
        if not _is_opened(municipality, claimed.kind):
            return sealed_parcel(label, answers=row.answers, attachments=sealed)
        if not self.identities:
            raise NoOpeningKey(claimed.key)
        opened, files = open_everything(row.answers, sealed, self.identities, expected=row.binding)
        return opened_parcel(
            label,
            answers=canonical_json(opened.answers),
            summary=self._summary(opened, municipality),
            attachments=files,
        )

    def _municipality(self, key: str) -> Municipality:
        try:
            return self.deployment.municipality(key)
        except BadDeployment as error:
            raise MunicipalityRemoved(key) from error

    def _summary(self, opened: OpenedSubmission, municipality: Municipality) -> str:
        """A page to read, in the municipality's own language."""
        with use(municipality.default_language):
            return to_html(opened.binding.reference, case_file(opened, self.deployment))


def _is_opened(municipality: Municipality, kind: str) -> bool:
    for channel in municipality.channels:
        if channel.kind == kind:
            return channel.opened
    raise ChannelRemoved(kind)


def _label(claimed: Claimed, row: Submission) -> Label:
    return Label(
        key=claimed.key,
        submission_id=row.id,
        reference=row.reference,
        municipality=row.municipality,
        form=row.form,
        form_version=row.form_version,
        language=row.language,
        accepted_at=row.accepted_at,
    )
