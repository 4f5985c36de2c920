"""What only several real processes show: one draft sent many times at once, and nothing readable left on disk,
whichever database it is and however many processes deliver.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from tests.acceptance.http_citizen import HTTPCitizen, with_cookies_of
from tests.acceptance.journeys import journey
from tests.acceptance.running_portal import RunningPortal, wait_for
from tests.sample_files import pdf

pytestmark = [pytest.mark.acceptance, pytest.mark.parametrize("workers", [1, 3])]

TIMES = 20
MARK = "Xylofon-På-Svalbard"


def test_twenty_windows_that_send_one_draft_make_one_submission(served_portal: RunningPortal) -> None:
    citizen = HTTPCitizen(served_portal.port, journey(FormKey.APPLICATION))
    review = citizen.fill_in([("brev.pdf", pdf())])
    before = len(served_portal.inbox())
    with ThreadPoolExecutor(TIMES) as pool:
        windows = [with_cookies_of(citizen) for _ in range(TIMES)]
        answers = list(pool.map(lambda window: window.answer(review), windows))
    assert {answer.status for answer in answers} == {200}
    references = {answer.receipt_reference for answer in answers}
    assert len(references) == 1
    assert None not in references
    assert len(served_portal.inbox()) == before + 1


def test_what_citizens_write_stands_readable_in_the_outbox_only(served_portal: RunningPortal) -> None:
    """Drafts that were never sent, files and form fields alike; also in what the processes print."""
    for language in Language:
        marked = journey(FormKey.APPLICATION, language).answering(
            situation=[f"{MARK} situation"], sender_name=[f"{MARK} navn"], goals=[f"{MARK}\n" * 500]
        )
        letter = (f"{MARK}.txt", f"{MARK} vedlegg\n".encode() * 100_000)
        HTTPCitizen(served_portal.port, marked).fill_in([letter])
        sent = HTTPCitizen(served_portal.port, marked).send([letter])
        wait_for(
            served_portal.parcel(marked.municipality, sent.receipt_reference or "?").is_dir, "the parcel is delivered"
        )
    parcels = [path for path in (served_portal.data / "outbox").rglob("*") if path.name[0] != "."]
    assert {path.stat().st_mode & 0o007 for path in parcels} == {0}
    readable = [path for path in served_portal.folder.rglob("*") if path.is_file() and _tells(path)]
    outbox = served_portal.data / "outbox"
    assert len([path for path in readable if path.is_relative_to(outbox)]) >= 3 * len(Language)
    assert [path for path in readable if not path.is_relative_to(outbox)] == []


def _tells(path: Path) -> bool:
    return MARK.encode() in path.read_bytes() or MARK in path.name
