"""A log line holds ids and names of things, never what somebody wrote."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from forms_app import log

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """What has been logged since it was asked last."""
    log.configure()
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.reset_defaults()


def test_a_line_is_one_json_object_with_its_source(lines: Lines) -> None:
    log.logger("worker").info("delivered", reference="K7M2-9QXA", attempt=2, municipality="Bjørnafjorden")
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "delivered",
        "level": "info",
        "source": "worker",
        "reference": "K7M2-9QXA",
        "attempt": 2,
        "municipality": "Bjørnafjorden",
    }


@pytest.mark.parametrize("key", ["answers", "name", "path", "query", "code", "email", "exception", "Reference"])
def test_a_key_that_nobody_allowed_is_dropped(lines: Lines, key: str) -> None:
    log.logger("web").warning("received", **{key: "Kari Nordmann"})
    (line,) = lines()
    assert set(line) == {"event", "level", "source", "timestamp"}


@pytest.mark.parametrize(
    "number", ["01019012345", "010190 12345", "010190-12345", "0101901234", "010190-1234", "010190 1234"]
)
def test_an_identity_number_is_masked_wherever_it_stands(lines: Lines, number: str) -> None:
    log.logger("web").error(f"no such route: {number}", error=f"ValueError {number}", route=number)
    (line,) = lines()
    assert line["event"] == "no such route: [number]"
    assert line["error"] == "ValueError [number]"
    assert line["route"] == "[number]"


@pytest.mark.parametrize(
    "kept", ["K7M2-9QXA", "/nb/skjema/soknad/<step>", "2026-11-22", "6f1c0c1e-4c1e-4d7a-9f5e-2f6f5d8f3c11"]
)
def test_references_routes_and_ids_are_kept(lines: Lines, kept: str) -> None:
    log.logger("web").info("seen", route=kept)
    assert lines()[0]["route"] == kept


def test_an_object_never_speaks_for_itself(lines: Lines) -> None:
    log.logger("web").error("failed", error=ValueError("Kari Nordmann 01019012345"), kind=["01019012345"])
    (line,) = lines()
    assert "Kari" not in json.dumps(line)
    assert "01019012345" not in json.dumps(line)


def test_what_is_less_than_the_level_is_not_written(lines: Lines) -> None:
    log.logger("web").debug("chatter")
    assert lines() == []


def test_every_allowed_key_is_an_id_or_the_name_of_a_thing() -> None:
    assert not log.ALLOWED_KEYS & {"answers", "code", "path", "query", "name", "email", "phone", "national_id", "body"}


def test_a_logger_that_was_used_before_writes_to_what_is_standard_error_now(monkeypatch: pytest.MonkeyPatch) -> None:
    log.configure()
    logger, files = log.logger("web"), (io.StringIO(), io.StringIO())
    for file in files:
        monkeypatch.setattr(sys, "stderr", file)
        logger.info("seen")
    structlog.reset_defaults()
    assert [file.getvalue().count("seen") for file in files] == [1, 1]


def test_a_line_that_cannot_be_written_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/full", "wb", buffering=0) as full:
        monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(full, "utf-8", write_through=True))
        log.configure()
        log.logger("web").info("request failed", status=503)
    structlog.reset_defaults()
