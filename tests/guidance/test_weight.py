"""Pages are light: on a slow phone, on a paid connection, and again when the next page is opened."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from site_server import Sent, SiteServer

from forms_app.language import Language

pytestmark = pytest.mark.browser

EVERY_LANGUAGE = pytest.mark.parametrize("language", Language)

# In bytes as sent, compressed.
MOST_ON_FIRST_VIEW = 80_000
MOST_REQUESTS = 13
# Asked for by the browser whenever it likes, so it is counted here once and for all.
ICON = "/static/shared/img/favicon.svg"
MOST_FOR_THE_FONT = 40_000
MOST_ON_SECOND_VIEW = 8_000
MOST_FOR_THE_SEARCH = 60_000


def _sent_for(page: Page, server: SiteServer, path: str) -> list[Sent]:
    server.sent.clear()
    page.goto(path)
    return [one for one in server.sent if one.path != ICON]


def _some(server: SiteServer, language: Language) -> list[str]:
    """The front page and every third of the others, not the same in two languages."""
    front = f"/{language}/"
    first = list(Language).index(language)
    return [front, *[path for path in server.paths(language) if path != front][first::3]]


def _is_font(answer: Sent) -> bool:
    return answer.path.endswith(".woff2")


@pytest.fixture
def new_reader(browser: Browser, site_server: SiteServer) -> Iterator[Page]:
    """Someone who has never been here: nothing is cached."""
    context = browser.new_context(base_url=site_server.address)
    yield context.new_page()
    context.close()


@EVERY_LANGUAGE
def test_the_first_page_a_reader_opens_is_light_whichever_it_is(
    new_reader: Page, site_server: SiteServer, language: Language
) -> None:
    too_heavy = {}
    cache = new_reader.context.new_cdp_session(new_reader)
    for path in _some(site_server, language):
        cache.send("Network.clearBrowserCache")
        sent = _sent_for(new_reader, site_server, path)
        fonts = [one for one in sent if _is_font(one)]
        assert sum(one.size for one in fonts) <= MOST_FOR_THE_FONT
        size = sum(one.size for one in sent if not _is_font(one))
        if size > MOST_ON_FIRST_VIEW or len(sent) + 1 > MOST_REQUESTS or not fonts:
            too_heavy[path] = (size, [one.path for one in sent])
    assert too_heavy == {}


@EVERY_LANGUAGE
def test_every_further_page_is_one_small_answer(new_reader: Page, site_server: SiteServer, language: Language) -> None:
    _sent_for(new_reader, site_server, "/404.html")
    _sent_for(new_reader, site_server, f"/{language}/")
    for path in _some(site_server, language)[1:]:
        sent = _sent_for(new_reader, site_server, path)
        assert [one.path for one in sent] == [path]
        assert sent[0].size <= MOST_ON_SECOND_VIEW, path


@EVERY_LANGUAGE
def test_the_search_is_fetched_when_it_is_used_and_once(
    new_reader: Page, site_server: SiteServer, language: Language
) -> None:
    _sent_for(new_reader, site_server, f"/{language}/")
    site_server.sent.clear()
    new_reader.locator("#search-field").press_sequentially("plan")
    new_reader.locator(".search__answer a").first.wait_for()
    assert sorted(one.path for one in site_server.sent if one.path != ICON) == sorted(
        [f"/{language}/search.json", "/js/finding.js"]
    )
    assert sum(one.size for one in site_server.sent) <= MOST_FOR_THE_SEARCH
