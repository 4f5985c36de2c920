"""What a receiver can register a submission by, as JSON and as XML beside the documents.

The vocabulary is the portal's own (`metadata.xsd` describes it) and claims to follow no standard: it names what an
incoming document is journalled with (a readable id, what it belongs to, a title, the kind of sender, the day it came
and the moment it was registered), and each file with its hash. Nobody's name stands in it, and in a sealed parcel
nothing that is not stored unsealed anyway.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

from forms_app.delivery.parcel import ATTACHMENTS, CLEANED, Parcel, ParcelFile
from forms_app.municipality import Municipality
from forms_app.sealing.canonical import moment_text

NAMESPACE = "urn:portal:metadata:1"
METADATA_JSON, METADATA_XML = "metadata.json", "metadata.xml"

_ROLES = {ATTACHMENTS: "attachment", CLEANED: "cleaned_copy"}
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class About:
    """What is said of a submission besides its label. `sender` is None where it is sealed, or nobody was asked."""

    title: str
    receiver: Municipality
    source: str
    received_on: date
    sender: str | None = None


def with_metadata(parcel: Parcel, about: About) -> Parcel:
    """The same parcel with two files more, which describe the others."""
    described = _described(parcel, about)
    files = (
        ParcelFile(name=METADATA_JSON, content=json.dumps(described, ensure_ascii=False, indent=2).encode() + b"\n"),
        ParcelFile(name=METADATA_XML, content=_xml(described)),
    )
    return replace(parcel, files=(*parcel.files, *files))


def _described(parcel: Parcel, about: About) -> dict[str, Any]:
    label = parcel.label
    receiver = about.receiver
    return {
        "id": str(label.submission_id),
        "reference": label.reference,
        "part_of": label.follows,
        "title": about.title,
        "kind": label.kind,
        "form": label.form,
        "form_version": label.form_version,
        "language": label.language,
        "receiver": {"key": receiver.key, "name": receiver.name, "country": receiver.country.value},
        "sender": about.sender,
        "source": about.source,
        "received_on": about.received_on.isoformat(),
        "accepted_at": moment_text(label.accepted_at),
        "sealed": parcel.is_sealed,
        "files": [_file(one) for one in parcel.files],
    }


def _file(file: ParcelFile) -> dict[str, Any]:
    folder, slash, unused_name = file.name.partition("/")
    described = {
        "name": file.name,
        "role": _ROLES[folder] if slash else folder.partition(".")[0],
        "size": len(file.content),
        "sha256": hashlib.sha256(file.content).hexdigest(),
        "original_name": file.original_name,
        "copy_of": file.copy_of,
    }
    return {key: value for key, value in described.items() if value is not None}


def _xml(described: Mapping[str, Any]) -> bytes:
    """Every value of the JSON as an element of its name, in its order; what is None is left out."""
    root = ElementTree.Element("submission", xmlns=NAMESPACE)
    _fill(root, described)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _fill(parent: ElementTree.Element, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if value is None:
            continue
        element = ElementTree.SubElement(parent, name)
        if isinstance(value, list):
            for one in value:
                _fill(ElementTree.SubElement(element, name.removesuffix("s")), one)
        elif isinstance(value, dict):
            _fill(element, value)
        else:
            text = json.dumps(value) if isinstance(value, bool) else str(value)
            element.text = _NOT_IN_XML.sub("\ufffd", text)
