"""Makes one small search index for each language out of the one MkDocs makes for the whole site."""

import json
from collections.abc import Iterable, Mapping
from html import unescape
from pathlib import Path
from re import sub

from forms_app.language import Language

INDEX = "search/search_index.json"


def split_index(site: Path) -> None:
    """Replace the site's index by /nb/search.json, /nn/search.json and /da/search.json.

    A reader never downloads another language's words, and never gets hits in it.
    """
    whole = site / INDEX
    entries = json.loads(whole.read_text("utf-8"))["docs"]
    for language in Language:
        own = json.dumps(sections(entries, language), ensure_ascii=False, separators=(",", ":"))
        (site / language).mkdir(exist_ok=True)
        (site / language / "search.json").write_text(own, "utf-8")
    whole.unlink()
    whole.parent.rmdir()


def sections(entries: Iterable[Mapping[str, str]], language: Language) -> list[dict[str, str]]:
    """One entry for each headed section of the language's pages, in plain text."""
    found = []
    page = ""
    for entry in entries:
        if not entry["location"].startswith(f"{language}/"):
            continue
        title = _plain(entry["title"])
        if "#" not in entry["location"]:
            page = title
        text = _plain(entry["text"])
        found.append({"url": "/" + entry["location"], "page": page, "title": title, "text": text})
    return found


def _plain(markup: str) -> str:
    return " ".join(unescape(sub(r"<[^>]+>", " ", markup)).split())
