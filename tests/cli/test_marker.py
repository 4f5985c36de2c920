"""One marker in every field and file: where it may be found, and where never."""

from pathlib import Path

import pytest
from checked_client import CheckedClient, File
from command import Command
from form_journeys import Journey, reference_of
from people import AGENT, CITIZEN

from forms_app.language import Language
from forms_app.settings import Settings

MARKER = "Zqxj-merke-Ærfugl"
FILE = File(name=f"{MARKER}.txt", content=f"{MARKER} i et vedlegg".encode())
NEEDLES = [
    MARKER.encode(),
    MARKER.encode("utf-16-le"),
    MARKER.encode("unicode_escape"),
    b"Zqxj-merke",
    CITIZEN.phone.encode(),
    AGENT.email.encode(),
    CITIZEN.email.encode(),
]


def places_with_marker(data: Path) -> list[str]:
    """Files under the data folder, outside the outbox, that hold any of what was typed."""
    files = [path for path in data.rglob("*") if path.is_file() and data / "outbox" not in path.parents]
    assert any(path.name == "portal.sqlite" for path in files)
    return [
        path.name for path in files if any(needle in path.read_bytes() for needle in NEEDLES) or MARKER in path.name
    ]


@pytest.mark.parametrize("form", ["application", "power_of_attorney", "complaint"])
def test_nothing_of_what_was_typed_is_readable_at_rest(
    client: CheckedClient, settings: Settings, portal_process: Command, capfd: pytest.CaptureFixture[str], form: str
) -> None:
    journey = Journey(client, Language.NB, form, {"role": "other"}, [FILE], words=MARKER)
    review = journey.to_review()
    assert MARKER in review.main
    assert places_with_marker(settings.data) == []
    receipt = journey.confirm(review)
    assert f"{MARKER}.txt" in receipt.main
    assert places_with_marker(settings.data) == []
    worked = portal_process("work", "--once")
    delivered = settings.outbox / "arendal" / reference_of(receipt)
    assert MARKER in (delivered / "answers.json").read_text("utf-8")
    assert (delivered / "attachments" / f"01-{FILE.name}").read_bytes() == FILE.content
    assert places_with_marker(settings.data) == []
    printed = "".join(capfd.readouterr())
    for log in (printed, worked.stdout, worked.stderr):
        assert not [needle for needle in NEEDLES if needle in log.encode()]
