"""What a page that takes files does with them."""

import uuid
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage

from forms_app.files.refusals import UploadRefused
from forms_app.intake import uploads
from forms_app.sealing.codes import Code
from forms_app.storage.limits import Counted
from forms_app.web import limits
from forms_app.web.errors import sentence
from forms_app.web.portal import portal


def change_files(code: Code, form: Any, action: str, target: str) -> bool:
    """Keep each file at once; what is refused is said beside the field, and the others are kept all the same."""
    engine = portal().desk.engine
    if action == "remove-file" and (file_id := _file_id(target)):
        uploads.remove(engine, code, file_id)
    chosen = [one for one in request.files.getlist("files") if one.filename]
    refused = [f"{one.filename}: {why}" for one in chosen if (why := _why_not_kept(code, one))]
    form.files.errors = [*form.files.errors, *refused]
    return not refused


def upload_limits() -> dict[str, Any]:
    """What the page must know of them."""
    return {
        "files": uploads.MOST_FILES,
        "bytes": uploads.MOST_BYTES_EACH,
        "too_large": sentence(uploads.FileTooLarge()),
    }


def _why_not_kept(code: Code, upload: FileStorage) -> str:
    """Keep the file, or tell why not and what to do instead."""
    if limits.refused(Counted.UPLOAD):
        return limits.why_not_stored()
    services = portal()
    try:
        uploads.keep(
            services.desk.engine,
            code,
            name=upload.filename or "",
            content=upload.stream.read(),
            now=services.desk.clock(),
            scanner=services.scanner,
        )
    except UploadRefused as refusal:
        return sentence(refusal)
    return ""


def _file_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
