"""What a receiver registers a submission by: the same as JSON and as XML, after a schema; nothing that is sealed."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import forms_app.delivery.metadata as module
from forms_app.countries import Country
from forms_app.delivery.labels import SENDERS
from forms_app.delivery.metadata import About, with_metadata
from forms_app.delivery.parcel import Label, Parcel, opened_parcel, sealed_parcel
from forms_app.forms.answers import context_of
from forms_app.forms.definition import FormKey
from forms_app.forms.follow_up import FollowUpKind
from forms_app.forms.roles import Role
from forms_app.language import Language
from forms_app.municipality import load_deployment
from forms_app.sealing.attached import SealedFile
from forms_app.storage.tables import Source

SCHEMA = etree.XMLSchema(etree.parse(Path(module.__file__).with_suffix(".xsd")))
DEPLOYMENT = load_deployment(Path(__file__).parents[2] / "portal.toml")
ARENDAL = DEPLOYMENT.municipality("arendal")
ABOUT = About(
    title="Klag på eit vedtak", receiver=ARENDAL, source="online", received_on=date(2026, 11, 23), sender="child"
)
Read = Callable[[Parcel], tuple[dict[str, Any], Any]]


@pytest.fixture
def read() -> Read:
    """The JSON and the XML of a parcel, which is as the schema says."""

    def find(parcel: Parcel) -> tuple[dict[str, Any], Any]:
        files = {file.name: file.content for file in parcel.files}
        root = etree.fromstring(files["metadata.xml"])
        SCHEMA.assertValid(root)
        return json.loads(files["metadata.json"]), root

    return find


def texts(element: Any) -> Any:
    """An element as the JSON has it."""
    name = etree.QName(element).localname
    if name == "files":
        return [texts(one) for one in element]
    return {etree.QName(one).localname: texts(one) for one in element} if len(element) else element.text


def as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_texts(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [as_texts(one) for one in value]
    return json.dumps(value) if isinstance(value, bool) else str(value)


def test_json_and_xml_say_the_same_of_every_file(parcel: Parcel, read: Read) -> None:
    described = with_metadata(parcel, ABOUT)
    assert described.files[:-2] == parcel.files
    told, root = read(described)
    assert texts(root) == as_texts(told)
    files = told.pop("files")
    assert told == {
        "id": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "reference": "ABCD2345",
        "part_of": None,
        "title": "Klag på eit vedtak",
        "kind": "form",
        "form": "complaint",
        "form_version": 1,
        "language": "nn",
        "receiver": {"key": "arendal", "name": "Arendal", "country": "norway"},
        "sender": "child",
        "source": "online",
        "received_on": "2026-11-23",
        "accepted_at": "2026-11-23T12:00:00.000000Z",
        "sealed": False,
    }
    manifest = {one["name"]: one for one in json.loads(described.manifest())["files"]}
    assert [(one["name"], one["role"]) for one in files] == [
        ("answers.json", "answers"),
        ("summary.html", "summary"),
        ("attachments/01-Vedtak frå kommunen.pdf", "attachment"),
        ("attachments/02-passwd", "attachment"),
        ("cleaned/02-passwd", "cleaned_copy"),
    ]
    for one in files:
        assert {name: value for name, value in one.items() if name != "role"} == manifest[one["name"]]
    assert {"metadata.json", "metadata.xml"} < set(manifest)


def test_a_sealed_parcel_tells_nothing_that_is_sealed(label: Label, read: Read) -> None:
    sealed = sealed_parcel(label, answers=b"age", attachments=[SealedFile(original=b"age", cleaned=b"age")])
    told, root = read(with_metadata(sealed, replace(ABOUT, sender=None)))
    assert told["sealed"] is True
    assert told["sender"] is None
    assert root.find("{*}sender") is None
    assert [one["role"] for one in told["files"]] == ["answers", "attachment", "cleaned_copy"]
    assert all("original_name" not in one for one in told["files"])


def test_what_was_sent_later_says_what_it_belongs_to(label: Label, read: Read) -> None:
    later = replace(label, reference="ABCD2345-1", kind="addition", follows="ABCD2345")
    told, root = read(with_metadata(sealed_parcel(later, answers=b"age", attachments=[]), ABOUT))
    assert (told["part_of"], root.findtext("{*}part_of")) == ("ABCD2345", "ABCD2345")


@pytest.mark.parametrize("title", ["<&\"'>", "\x00\x0b\ufffe", "\N{GRINNING FACE}", " \n\t "])
def test_every_word_can_be_written(label: Label, read: Read, title: str) -> None:
    parcel = opened_parcel(label, answers=b"{}", summary="", attachments=[])
    told, root = read(with_metadata(parcel, replace(ABOUT, title=title)))
    assert told["title"] == title
    assert len(root.findtext("{*}title")) == len(title)


def test_equal_parcels_are_described_in_equal_bytes(parcel: Parcel) -> None:
    assert with_metadata(parcel, ABOUT).manifest() == with_metadata(parcel, ABOUT).manifest()


def test_the_schema_knows_every_word_that_can_stand_there() -> None:
    context = context_of(DEPLOYMENT, "arendal", Language.NB, datetime.now(UTC), {})
    (role,) = Role(None, context=context).questions()
    assert {option.value for option in role.options} == SENDERS
    known = {
        "sender": SENDERS,
        "source": set(Source),
        "form": set(FormKey),
        "kind": {"form", *FollowUpKind},
        "language": set(Language),
        "country": set(Country),
    }
    schema = etree.parse(Path(module.__file__).with_suffix(".xsd"))
    for name, values in known.items():
        path = f"//xs:simpleType[@name='{name}']//xs:enumeration/@value"
        assert set(schema.xpath(path, namespaces={"xs": "http://www.w3.org/2001/XMLSchema"})) == set(map(str, values))


def test_times_are_told_in_one_way(label: Label, read: Read) -> None:
    elsewhere = replace(label, accepted_at=datetime.fromisoformat("2026-11-23T13:00:00.5+01:00"))
    told, unused_root = read(with_metadata(sealed_parcel(elsewhere, answers=b"", attachments=[]), ABOUT))
    assert told["accepted_at"] == "2026-11-23T12:00:00.500000Z"
    assert datetime.fromisoformat(told["accepted_at"]) == elsewhere.accepted_at.astimezone(UTC)
