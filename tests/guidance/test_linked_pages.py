"""Where the forms and the frame of every page lead, there is a page."""

import re
from pathlib import Path

import pytest

from forms_app.language import Language, use
from forms_app.masthead import ENGLISH_PAGE, PAGE_SLUGS, contact_url, masthead, page_url
from guidance.pages import Pages, read_pages

DOCS = Path(__file__).parents[2] / "docs"
EVERY_LANGUAGE = pytest.mark.parametrize("language", list(Language))


@pytest.fixture(scope="module")
def pages() -> Pages:
    return read_pages(DOCS)


def published(pages: Pages) -> set[str]:
    return {page.url for page in pages.values() if page.is_published}


@EVERY_LANGUAGE
@pytest.mark.parametrize("key", PAGE_SLUGS)
def test_a_page_that_the_forms_name_is_published_under_its_slug(pages: Pages, key: str, language: Language) -> None:
    assert page_url(language, key) in published(pages)


@EVERY_LANGUAGE
def test_every_link_at_the_bottom_leads_to_a_published_page(pages: Pages, language: Language) -> None:
    with use(Language.NB):
        links = masthead(language, demo=True, current_path="/", languages={}).footer_links
    assert {link.url.partition("#")[0] for link in links} <= published(pages)
    assert len({link.label for link in links}) == len(links) == 8


@EVERY_LANGUAGE
def test_the_front_page_has_the_place_where_contact_leads(pages: Pages, language: Language) -> None:
    front, hash_sign, anchor = contact_url(language).partition("#")
    (page,) = [one for one in pages.values() if one.url == front]
    assert hash_sign
    assert re.search(rf"^## .*\{{ #{anchor} \}}$", page.body, re.MULTILINE)


@EVERY_LANGUAGE
def test_the_english_page_is_marked_as_english_wherever_it_is_linked(pages: Pages, language: Language) -> None:
    links = masthead(language, demo=True, current_path="/", languages={}).footer_links
    assert [(link.url, link.lang) for link in links if link.lang] == [(ENGLISH_PAGE, "en")]
    assert {page.text_language for page in pages.values() if page.url == ENGLISH_PAGE} == {"en"}
