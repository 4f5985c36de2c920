"""Every page of the staff surface in each of its states: the rules of accessibility, the Tab key, and no scripts.

Each is looked at in one language and at one width here, which take turns; `make proof-axe` looks at all of them in all
three, at every width.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from forms_app.language import Language
from tests.browser.by_keyboard import tab_faults
from tests.browser.staff_pages import FILES, LEADS_ON, PAGES, endpoints
from tests.browser.staff_portal import StaffPortal, prepared, staff_portal
from tests.browser.walking_staff import Walk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("every staff page")]

DESK, TELEPHONE, ZOOM = 1280, 390, 320


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffPortal]:
    data = prepared(tmp_path_factory.mktemp("staff-pages") / "data")
    with staff_portal(data, ordinary={Language.NB: 60, Language.NN: 0, Language.DA: 0}) as running:
        yield running


@pytest.fixture(scope="module")
def walks(chromium: Browser, portal: StaffPortal) -> Iterator[dict[Language, Walk]]:
    made = {language: Walk(chromium, portal, language) for language in Language}
    yield made
    for walk in made.values():
        walk.close()


def test_no_page_is_forgotten(portal: StaffPortal) -> None:
    assert endpoints(portal.app) == {one.endpoint for one in PAGES if one.endpoint != "search"} | {*FILES} | LEADS_ON


def test_what_is_no_page_is_a_file(walks: dict[Language, Walk]) -> None:
    found = {endpoint: walks[Language.NB].kind_of(address) for endpoint, address in FILES.items()}
    assert not [endpoint for endpoint, kind in found.items() if kind.startswith("text/html")]


@pytest.mark.parametrize("number", range(len(PAGES)), ids=[one.name for one in PAGES])
def test_a_page_is_for_everybody(walks: dict[Language, Walk], number: int) -> None:
    one = PAGES[number]
    language = one.languages[number % len(one.languages)]
    widths = (DESK, TELEPHONE, ZOOM) if one.is_narrow else (DESK, TELEPHONE)
    width = widths[number // len(one.languages) % len(widths)]
    assert walks[language].faults(one, widths=[width], by_tab=[width]) == []


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<button disabled>a</button><button>b</button>", ""),
        ("<button tabindex=-1>a</button><button>b</button>", "never reached: <button tabindex"),
        ("<button>a</button><button tabindex=1>b</button><button>c</button>", "not in the order of the page"),
        ("<button style='outline: none'>a</button><button>b</button>", "unseen: <button style"),
        ("<button style='position: fixed; left: -9em'>a</button><button>b</button>", "unseen: <button style"),
        ("<p style='display: flex; flex-direction: row-reverse'><a href='#'>a</a></p>", "another order to the eye: <p"),
        ("<button onkeydown='event.preventDefault()'>a</button><button>b</button>", "never reached: <button>b"),
    ],
)
def test_the_walk_by_keyboard_finds_what_is_wrong(chromium: Browser, html: str, fault: str) -> None:
    page = chromium.new_page()
    page.set_content(f"<style>:focus {{ outline: 3px solid }}</style>{html}")
    found = tab_faults(page)
    page.close()
    assert any(one.startswith(fault) for one in found) if fault else found == []
