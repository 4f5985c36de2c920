"""An opened case on a case worker's own terminal and disk: the form, and what was sent later about it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from forms_app.casework.files import write_files
from forms_app.casework.opening import OpenedCase, OpenedSending
from forms_app.cli.terminal import harmless_blocks
from forms_app.documents.blocks import Block
from forms_app.documents.follow_up import follow_up_file
from forms_app.documents.submission import case_file
from forms_app.documents.text import to_text
from forms_app.forms.follow_up import FollowUpKind
from forms_app.language import use
from forms_app.municipality import Deployment


def as_text(case: OpenedCase, deployment: Deployment) -> str:
    """In the municipality's language. That it was taken back stands before everything else."""
    binding = case.submission.binding
    receiver = deployment.find(binding.municipality)
    with use(receiver.default_language if receiver else binding.language):
        return "\n".join(to_text(harmless_blocks(blocks)) for blocks in _parts(case, deployment))


def as_json(case: OpenedCase) -> dict[str, Any]:
    """The answers, and what was sent later beside them where anything was."""
    later = [
        {
            "reference": one.submission.binding.reference,
            "kind": one.kind,
            "accepted_at": one.submission.binding.accepted_at.isoformat(),
            "files": [file.facts.name for file in one.files],
            **_said(one),
        }
        for one in case.later
    ]
    return {**case.submission.answers, **({"sent_later": later} if later else {})}


def _said(one: OpenedSending) -> dict[str, Any]:
    """What an invited person has answered; nothing is said in words with the rest of what is sent later."""
    if one.kind is not FollowUpKind.CONFIRMATION:
        return {}
    return {"answers": {name: value for name, value in one.submission.answers[one.kind].items() if name != "number"}}


def write(folder: Path, case: OpenedCase) -> list[Path]:
    """Write all files, those that were sent later into folders of their own, and say where. Raises NotWritten."""
    written = write_files(folder, case.files)
    for one in case.later:
        if one.files:
            written += write_files(folder / one.submission.binding.reference, one.files)
    return written


def _parts(case: OpenedCase, deployment: Deployment) -> Iterator[list[Block]]:
    additions = [one for one in case.later if one.kind is FollowUpKind.ADDITION]
    yield from (follow_up_file(one.submission, deployment) for one in case.later if one not in additions)
    yield case_file(case.submission, deployment)
    yield from (follow_up_file(one.submission, deployment) for one in additions)
