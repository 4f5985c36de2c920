"""`portal status` says where a case stands; `portal inbox` and `portal open` show what came later."""

import json
import os
import pwd
from pathlib import Path

import pytest
import sqlalchemy as sa
from case_pages import add, status_url, take_back
from checked_client import CheckedClient, File
from command import Command
from form_journeys import Journey, reference_of
from movable_clock import MovableClock
from people import CITIZEN
from rehearsed_journeys import Rehearsed

from forms_app.clock import utc_now
from forms_app.intake.timeline import STATUS_TEXTS
from forms_app.language import Language, use
from forms_app.storage import audit
from forms_app.storage.engine import reading

MORE = File(name="mer æ.txt", content=b"mer")


@pytest.fixture
def journey(client: CheckedClient, clock: MovableClock) -> Journey:
    """A complaint that was sent a day ago, for the commands go by the machine's own clock."""
    clock.now = utc_now()
    clock.move(days=-1)
    journey = Rehearsed(client, Language.NB, "complaint", {}, [File(name="først.txt", content=b"1")])
    journey.send()
    return journey


@pytest.fixture
def reference(client: CheckedClient, journey: Journey) -> str:
    return reference_of(client.get(journey.receipt_url))


def test_what_staff_set_is_on_the_citizen_s_page(
    portal: Command, client: CheckedClient, journey: Journey, reference: str, database: sa.Engine
) -> None:
    today = utc_now().date().isoformat()
    said = portal("status", "set", reference, "waiting_for_citizen", "--text", "documents")
    assert "The citizen sees it now." in said.stdout
    assert (
        "nothing is changed"
        in portal("status", "set", reference.lower(), "waiting_for_citizen", "--text", "documents").stdout
    )
    assert "Kommunen trenger flere dokumenter" in client.get(status_url(journey)).main
    portal("status", "set", reference, "answered", "--on", today, "--by", "letter")
    assert "Kommunen sendte svaret som brev" in client.get(status_url(journey)).main
    user = f"cli:{pwd.getpwuid(os.getuid()).pw_name}"
    with reading(database) as connection:
        trail = [(entry.actor, entry.action) for entry in audit.entries(connection)]
    assert trail[1:] == [(user, "status waiting_for_citizen"), (user, "status answered")]


def test_what_was_said_is_shown_without_a_key(
    portal: Command, client: CheckedClient, journey: Journey, reference: str
) -> None:
    today = utc_now().date().isoformat()
    portal("status", "set", reference, "answered", "--on", today, "--by", "phone", "--text", "forwarded")
    take_back(client, journey)
    shown = portal("status", "show", reference, PORTAL_OPENING_KEYS_FILE="").stdout.splitlines()
    assert shown[0] == f"{reference}  arendal  complaint  answered"
    assert [line.partition("  ")[2] for line in shown[1:]] == [
        "received",
        "withdrawn",
        "not read since",
        f"status answered forwarded {today} phone",
    ]


def test_the_texts_are_shown_in_three_languages(portal: Command) -> None:
    shown = portal("status", "texts").stdout
    for key, text in STATUS_TEXTS.items():
        assert f"{key}\n" in shown
        for language in Language:
            with use(language):
                assert f"  {language}  {text}\n" in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("set", "0000-0000", "closed"), "No submission has this reference."),
        (("set", "tull", "closed"), "mistyped"),
        (("show", "0000-0000"), "No submission has this reference."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(portal: Command, arguments: tuple[str, ...], words: str) -> None:
    assert words in portal("status", *arguments, exit_code=1).stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("answered",), "needs the day of the answer"),
        (("answered", "--on", "2001-01-01", "--by", "letter"), "lies before"),
        (("closed", "--by", "letter"), "no other status has them"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    portal: Command, reference: str, arguments: tuple[str, ...], words: str
) -> None:
    assert words in portal("status", "set", reference, *arguments, exit_code=1).stderr


@pytest.mark.parametrize(
    "arguments", [("lost",), ("closed", "--text", "Fritt ord fra oss"), ("answered", "--by", "pigeon")]
)
def test_staff_choose_and_never_write_their_own(portal: Command, reference: str, arguments: tuple[str, ...]) -> None:
    assert "is not one of" in portal("status", "set", reference, *arguments, exit_code=2).stderr


def test_the_inbox_shows_what_came_later_and_what_was_taken_back_first(
    portal: Command, client: CheckedClient, journey: Journey, reference: str
) -> None:
    other = reference_of(Rehearsed(CheckedClient(client.app), Language.NB, "application").send())
    add(client, journey, MORE)
    (line,) = [one for one in portal("inbox").stdout.splitlines() if reference in one]
    assert "additions: 1" in line
    assert "new" in line
    take_back(client, journey)
    listed = json.loads(portal("inbox", "--json").stdout)
    assert [one["reference"] for one in listed] == [reference, other]
    assert [(one["additions"], bool(one["withdrawn_at"]), one["revoked_at"]) for one in listed] == [
        (1, True, None),
        (0, False, None),
    ]
    assert [bool(one["news_at"]) for one in listed] == [True, False]
    assert "withdrawn" in portal("inbox").stdout.splitlines()[0]
    portal("open", reference)
    assert " new" not in portal("inbox").stdout.splitlines()[0]


def test_a_revoked_power_of_attorney_is_marked(portal: Command, client: CheckedClient) -> None:
    journey = Rehearsed(client, Language.NB, "power_of_attorney")
    journey.send()
    take_back(client, journey)
    (one,) = json.loads(portal("inbox", "--json").stdout)
    assert (one["withdrawn_at"], bool(one["revoked_at"])) == (None, True)
    assert "revoked" in portal("inbox").stdout
    assert "Fullmakten med denne referansen er trukket tilbake" in portal("open", one["reference"]).stdout


def test_open_shows_what_came_later_and_writes_its_files_apart(
    portal: Command, client: CheckedClient, journey: Journey, reference: str, tmp_path: Path
) -> None:
    assert "sent_later" not in json.loads(portal("open", reference, "--json").stdout)
    add(client, journey, MORE)
    take_back(client, journey)
    ended = portal("open", reference, "--files", str(tmp_path / "ut"))
    withdrawn, complaint, addition = (
        ended.stdout.index(words) for words in ("Trukket tilbake av avsenderen", CITIZEN.name, "Tillegg 1")
    )
    assert withdrawn < complaint < addition
    assert (tmp_path / "ut" / "01-først.txt").read_bytes() == b"1"
    assert (tmp_path / "ut" / f"{reference}-1" / "01-mer æ.txt").read_bytes() == b"mer"
    assert not (tmp_path / "ut" / f"{reference}-2").exists()
    later = json.loads(portal("open", reference, "--json").stdout)["sent_later"]
    assert [(one["reference"], one["kind"], one["files"]) for one in later] == [
        (f"{reference}-1", "addition", ["mer æ.txt"]),
        (f"{reference}-2", "withdrawal", []),
    ]
