"""A case with its papers as one file, for those who decide a complaint or for the archive: an overview to read, the
originals, and a list with a hash of each, so that the receiver can tell that all of it is there and unchanged."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from forms_app.casework.complaints import Complaint
from forms_app.casework.opening import OpenedCase
from forms_app.countries import CountryRules
from forms_app.documents.blocks import Answered, Block, Heading
from forms_app.documents.filenames import numbered_name
from forms_app.documents.follow_up import follow_up_file
from forms_app.documents.pdf import to_pdf
from forms_app.documents.submission import case_file
from forms_app.language import Language, format_date, use
from forms_app.language import gettext as _
from forms_app.municipality import Deployment
from forms_app.sealing.canonical import canonical_json, moment_text
from forms_app.storage.casework_tables import ComplaintOutcome

OVERVIEW, ANSWERS, MANIFEST = "overview.pdf", "answers.json", "manifest.json"


def package(
    case: OpenedCase,
    complaint: Complaint | None,
    rules: CountryRules,
    deployment: Deployment,
    *,
    language: Language,
    made_at: datetime,
) -> bytes:
    """The zip file; the same bytes for the same case at the same moment. `complaint` is how one was handled. Raises
    PdfFailed.
    """
    with use(language):
        blocks = [*(_dates(complaint) if complaint else ()), *_pages(case, deployment)]
        title = _("Case %(reference)s", reference=case.submission.binding.reference)
        parts = {
            OVERVIEW: to_pdf(blocks, language=language, title=title, made_at=made_at),
            ANSWERS: canonical_json(case.submission.answers),
            **dict(_files(case)),
        }
    parts[MANIFEST] = canonical_json(_manifest(case, parts, rules, made_at))
    return _zipped(parts, made_at)


def _dates(complaint: Complaint) -> Iterator[Block]:
    outcomes = {
        ComplaintOutcome.UPHELD: _("The decision was changed"),
        ComplaintOutcome.PARTLY: _("A part of the decision was changed"),
        ComplaintOutcome.NOT_UPHELD: _("The decision was kept"),
    }
    dated = {
        _("Looked at again"): complaint.reconsidered_on,
        _("The citizen has answered"): complaint.replied_on,
        _("Sent on"): complaint.forwarded_on,
    }
    yield Heading(_("What the municipality has done"))
    if complaint.outcome:
        yield Answered(_("Outcome"), (outcomes[complaint.outcome],))
    yield from (Answered(label, (format_date(day),)) for label, day in dated.items() if day)


def _pages(case: OpenedCase, deployment: Deployment) -> Iterator[Block]:
    yield from case_file(case.submission, deployment)
    for one in case.later:
        yield from follow_up_file(one.submission, deployment)


def _files(case: OpenedCase) -> Iterator[tuple[str, bytes]]:
    """The originals, byte for byte; what was sent later lies in folders under its own reference."""
    for position, file in enumerate(case.files, start=1):
        yield f"files/{numbered_name(position, file.facts.name)}", file.content
    for one in case.later:
        reference = one.submission.binding.reference
        for position, file in enumerate(one.files, start=1):
            yield f"files/{reference}/{numbered_name(position, file.facts.name)}", file.content


def _manifest(case: OpenedCase, parts: dict[str, bytes], rules: CountryRules, made_at: datetime) -> dict[str, object]:
    binding = case.submission.binding
    return {
        "format": 1,
        "reference": binding.reference,
        "municipality": binding.municipality,
        "country": rules.country,
        "form": binding.form,
        "form_version": binding.form_version,
        "language": binding.language,
        "accepted_at": moment_text(binding.accepted_at),
        "made_at": moment_text(made_at),
        "content_hash": case.submission.content_hash,
        "parts": [
            {"name": name, "size": len(content), "sha256": sha256(content).hexdigest()}
            for name, content in parts.items()
        ],
    }


def _zipped(parts: dict[str, bytes], made_at: datetime) -> bytes:
    made = made_at.timetuple()[:6]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, made), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
