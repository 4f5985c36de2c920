"""A limit is a limit, also when many come at once to several processes."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.sealing.codes import Code
from tests.acceptance.http_citizen import HTTPCitizen, with_cookies_of
from tests.acceptance.journeys import journey
from tests.acceptance.running_portal import RunningPortal
from tests.unlimited import UNLIMITED

pytestmark = [pytest.mark.acceptance, pytest.mark.xdist_group("limits_hold")]

MOST, TIMES = 5, 30


@pytest.fixture(scope="module")
def strict_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """A portal, with two web processes as usual, where little is allowed."""
    few = {"PORTAL_DRAFTS_PER_HOUR": str(MOST), "PORTAL_CODES_PER_HOUR": str(MOST)}
    portal = RunningPortal(tmp_path_factory.mktemp("portal"), settings={**UNLIMITED, **few}).start()
    yield portal
    portal.end()


def test_of_many_who_start_at_once_as_many_as_may_get_through(strict_portal: RunningPortal) -> None:
    citizen = HTTPCitizen(strict_portal.port, journey(FormKey.COMPLAINT))
    start = citizen.get(citizen.journey.start)
    windows = [with_cookies_of(citizen) for unused_window in range(TIMES)]
    with ThreadPoolExecutor(TIMES) as pool:
        answers = list(pool.map(lambda window: window.answer(start), windows))
    assert Counter(answer.status for answer in answers) == {200: MOST, 429: TIMES - MOST}


def test_of_many_codes_that_are_tried_at_once_as_many_as_may_are_looked_up(strict_portal: RunningPortal) -> None:
    def guess(unused_time: int) -> int:
        guesser = HTTPCitizen(strict_portal.port, journey(FormKey.COMPLAINT))
        return guesser.find_by_code(Code.new().shown, Language.NB).status

    with ThreadPoolExecutor(TIMES) as pool:
        assert Counter(pool.map(guess, range(TIMES))) == {422: MOST, 429: TIMES - MOST}
