"""Whoever knows the public keys can seal anything: to a terminal it is only text, and it hides no other case."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from checked_client import CheckedClient, File
from command import Command
from form_journeys import Journey, reference_of
from people import CITIZEN
from pyrage.x25519 import Identity

from forms_app.language import Language
from forms_app.sealing.canonical import moment_text
from forms_app.sealing.envelope import seal
from forms_app.sealing.submission import FileFacts, SentFile, open_submission, seal_submission
from forms_app.settings import Settings
from forms_app.storage import submissions, tables
from forms_app.storage.submissions import Submission

STEERING = "Kari\nFORGED-1\u202e\x1b[2J\u2028x"
FILE = File(name="notat.txt", content=b"hei")

Replace = Callable[..., None]


@pytest.fixture
def row(client: CheckedClient, database: sa.Engine) -> Submission:
    """An application with a file."""
    reference = reference_of(Journey(client, Language.DA, "application", {}, [FILE]).send())
    with database.begin() as connection:
        found = submissions.by_reference(connection, reference)
    assert found
    return found


@pytest.fixture
def replace(row: Submission, database: sa.Engine) -> Replace:
    """Puts other envelopes into its row."""

    def replace(**envelopes: bytes) -> None:
        with database.begin() as connection:
            is_it = tables.submissions.c.id == row.id
            connection.execute(sa.update(tables.submissions).where(is_it).values(envelopes))

    return replace


def listed(portal: Command) -> dict[str, Any]:
    """The lines of the inbox by their reference."""
    return {one["reference"]: one for one in json.loads(portal("inbox", "--json").stdout)}


def test_what_was_typed_cannot_steer_the_terminal_or_forge_a_line(
    portal: Command, row: Submission, replace: Replace, identities: tuple[Identity, ...], settings: Settings,
    database: sa.Engine,
) -> None:  # fmt: skip
    assert row.answers
    answers = dict(open_submission(row.answers, identities, expected=row.binding).answers)
    answers["situation"] |= {"situation": f"first\n{STEERING}"}
    file = FileFacts.of(FILE.content, name=f"{STEERING}.txt", kind="text/plain")
    sealed = seal_submission(
        binding=row.binding,
        answers=answers,
        summary={"name_of_person": STEERING},
        files=[SentFile(facts=file, content=FILE.content)],
        recipients=settings.recipients[row.municipality],
    )
    replace(summary=sealed.summary, answers=sealed.answers)
    with database.begin() as connection:
        connection.execute(sa.update(tables.attachments).values(sealed=sealed.attachments[0].original))
    (line,) = portal("inbox").stdout.splitlines()
    assert "  Kari FORGED-1\\u202e\\x1b[2J x" in line
    opened = portal("open", row.reference).stdout
    assert "\n    first\n    Kari\n    FORGED-1\\u202e\\x1b[2J\\u2028x\n" in opened
    assert "\n    Kari\\nFORGED-1\\u202e\\x1b[2J\\u2028x.txt (" in opened
    assert not set("\x1b\u202e\u2028") & set(opened)
    assert listed(portal)[row.reference]["summary"]["name_of_person"] == STEERING
    exact = json.loads(portal("open", row.reference, "--json").stdout)
    assert exact["situation"]["situation"] == f"first\n{STEERING}"


def test_half_a_character_hides_nothing_and_is_exact_in_json(
    portal: Command, row: Submission, replace: Replace, settings: Settings
) -> None:
    summary = {"name_of_person": "\ud83d"}
    told = vars(row.binding) | {"accepted_at": moment_text(row.accepted_at)}
    document = {"format": 1, "what": "summary", "binding": told, "summary": summary}
    replace(summary=seal(json.dumps(document).encode(), settings.recipients[row.municipality]))
    assert listed(portal)[row.reference]["summary"] == summary
    assert "  \\ud83d" in portal("inbox").stdout


def test_a_line_that_cannot_be_opened_is_marked_and_the_others_stand(
    portal: Command, row: Submission, replace: Replace, client: CheckedClient
) -> None:
    other = reference_of(Journey(client, Language.NB, "complaint", {}).send())
    replace(summary=b"damaged")
    shown = listed(portal)
    assert (shown[row.reference]["summary"], shown[row.reference]["fault"]) == (None, "cannot be opened")
    assert (shown[other]["summary"]["name_of_person"], shown[other]["fault"]) == (CITIZEN.name, None)
    lines = {one.split()[0]: one for one in portal("inbox").stdout.splitlines()}
    assert lines[row.reference].endswith("cannot be opened")
    assert CITIZEN.name in lines[other]
    assert "cannot be opened" not in lines[other]
