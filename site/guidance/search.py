"""Makes one small search index for each language out of the one MkDocs makes for the whole site."""

import json
from collections.abc import Collection, Iterable, Mapping
from html import unescape
from pathlib import Path
from re import sub
from typing import Any

from forms_app.countries import Country
from forms_app.language import Language
from guidance.frame import other_language
from guidance.pages import Audience, Page, Pages

INDEX = "search/search_index.json"


def split_index(site: Path, pages: Pages) -> None:
    """Replace the site's index by /nb/search.json, /nn/search.json and /da/search.json.

    A reader never downloads another language's words, and never gets hits in it.
    """
    whole = site / INDEX
    entries = json.loads(whole.read_text("utf-8"))["docs"]
    for language in Language:
        own = json.dumps(index(entries, language, pages), ensure_ascii=False, separators=(",", ":"))
        (site / language).mkdir(exist_ok=True)
        (site / language / "search.json").write_text(own, "utf-8")
    whole.unlink()
    whole.parent.rmdir()


def index(entries: Iterable[Mapping[str, str]], language: Language, pages: Pages) -> list[dict[str, Any]]:
    """One entry for each page that citizens of the language may find, with its headed sections in plain text.

    MkDocs gives an entry for the page, then one for each of its sections.
    """
    sought = {page.url: page for page in pages.values() if page.language is language and _is_sought(page)}
    home = pages[language, "index.md"].countries if (language, "index.md") in pages else ()
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        address, _, anchor = entry["location"].partition("#")
        page = sought.get(f"/{address}")
        if page is None:
            continue
        title, text = _plain(entry["title"]), _plain(entry["text"])
        own = found.setdefault(page.url, _page(page, title, home))
        # The entry of a page holds the text above its first section, without a heading of its own.
        own["sections"].append({"anchor": anchor, "title": title if anchor else "", "text": text})
    return list(found.values())


def _page(page: Page, title: str, home: Collection[Country]) -> dict[str, Any]:
    is_elsewhere = bool(home) and not set(home) & set(page.countries)
    return {
        "url": page.url,
        "title": title,
        "keywords": list(page.keywords),
        "sections": [],
        **({"elsewhere": True} if is_elsewhere else {}),
        **({"lang": other} if (other := other_language(page)) else {}),
    }


def _is_sought(page: Page) -> bool:
    return page.is_published and page.audience is Audience.CITIZENS


def _plain(markup: str) -> str:
    """Words without tags. A heading of a box and an item of a list end like a sentence, so that an excerpt can begin
    after them."""
    ended = sub(r"([^\s.!?:])\s*</(?:p|li|t[dh]|d[td])>", r"\1. ", markup)
    return " ".join(unescape(sub(r"<[^>]+>", " ", ended)).split())
