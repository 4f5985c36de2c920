"""The JSON that a webhook posts, piece by piece: nobody holds a second copy of the files in memory."""

import json
from base64 import b64encode
from collections.abc import Iterator

from forms_app.delivery.parcel import MANIFEST, Parcel, ParcelFile
from forms_app.sealing.canonical import moment_text

# A multiple of three, so that the pieces of base64 join without padding between them.
_PIECE = 3 << 18


def chunks(parcel: Parcel) -> Iterator[bytes]:
    """The same bytes for equal parcels."""
    label = parcel.label
    facts = {
        "delivery_key": label.key,
        "reference": label.reference,
        "manifest_sha256": parcel.manifest_sha256,
    }
    head = {"type": "submission.accepted", "timestamp": moment_text(label.accepted_at), "data": facts}
    # The two braces that close it come at the end.
    yield json.dumps(head, separators=(",", ":")).encode()[:-2] + b',"files":['
    for number, file in enumerate((*parcel.files, ParcelFile(name=MANIFEST, content=parcel.manifest()))):
        yield (b"," if number else b"") + b'{"name":' + json.dumps(file.name).encode() + b',"content":"'
        for start in range(0, len(file.content), _PIECE):
            yield b64encode(file.content[start : start + _PIECE])
        yield b'"}'
    yield b"]}}"
