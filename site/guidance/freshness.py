"""Whether Bokmål and Nynorsk still say the same: each page stores the fingerprint of its twin as it was last confirmed.

A fingerprint, and not a date or a commit, because it is the same in a shallow clone, in a zip file and after a rename.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from forms_app.language import Language
from guidance import changes
from guidance.findings import Finding, Rule
from guidance.pages import Audience, Page, Pages, read_pages

# Equal originals: what stands in one of these must stand in the other.
COUNTERPARTS = {Language.NB: Language.NN, Language.NN: Language.NB}

FINGERPRINT = re.compile(r"r[0-9a-f]{8}")

_STORED = re.compile(r"^counterpart[ \t]*:.*?(?=\r?$)", re.MULTILINE)
_CLOSING = re.compile(r"(?<=\n)---[ \t]*(?P<end>\r?\n|\Z)")


class NoCounterpart(Exception):
    """There is no such page, or it has no twin to be compared with; the message is for the editor."""


def fingerprint(page: Page) -> str:
    """Of what people read. Who owns the page, when it is due and how its lines are broken do not count.

    The letter in front keeps YAML from reading it as a number.
    """
    words = " ".join(f"{page.meta.get('title')}\n{page.meta.get('description')}\n{page.body}".split())
    return "r" + hashlib.sha256(words.encode()).hexdigest()[:8]


def needs_counterpart(page: Page) -> bool:
    """Whether the page must exist in the other written form of Norwegian too."""
    own_text = page.text_language == page.language
    return page.language in COUNTERPARTS and page.audience is Audience.CITIZENS and own_text


def twin_of(page: Page, pages: Pages) -> Page | None:
    """The page for the same need in the other written form of Norwegian."""
    other = COUNTERPARTS.get(page.language)
    return pages.get((other, page.path)) if other and needs_counterpart(page) else None


def check(pages: Pages) -> Iterator[Finding]:
    """What people may read in only one of the two, or that nobody has confirmed to be the same."""
    for page in pages.values():
        # A page that cannot be read is reported as such; a draft may wait for its twin.
        if page.meta_fault is None and page.is_published and needs_counterpart(page):
            yield from _check_twin(page, twin_of(page, pages))


def _check_twin(page: Page, twin: Page | None) -> Iterator[Finding]:
    other = COUNTERPARTS[page.language]
    name = other.own_name.lower()
    if twin is None:
        message = f"siden finnes ikke på {name}; skriv docs/{other}/{page.path}"
        yield Finding(rule=Rule.COUNTERPART_MISSING, where=page.where, line=0, message=message)
    elif not twin.is_published:
        message = (
            f"siden er publisert, men ikke på {name}; sett «status: published» i {twin.where}, eller vent med begge"
        )
        line = page.meta_lines.get("status", 0)
        yield Finding(rule=Rule.COUNTERPART_MISSING, where=page.where, line=line, message=message)
    elif twin.meta_fault is None:
        yield from _check_country(page, twin)
        yield from _check_stored(page, twin)


def _check_country(page: Page, twin: Page) -> Iterator[Finding]:
    """Told once for the two, and not where the country itself is at fault."""
    wrong = set(page.countries) != set(twin.countries) and page.countries and twin.countries
    if wrong and page.language is Language.NB:
        line = page.meta_lines.get("jurisdiction", 1)
        message = f"«jurisdiction» er en annen i {twin.where}; skriv det samme i begge"
        yield Finding(rule=Rule.COUNTERPART_COUNTRY, where=page.where, line=line, message=message)


def _check_stored(page: Page, twin: Page) -> Iterator[Finding]:
    stored = page.meta.get("counterpart")
    # What is no fingerprint at all is reported as such.
    if stored == fingerprint(twin) or (stored and not FINGERPRINT.fullmatch(str(stored))):
        return
    fault = (
        f"{twin.where} er endret siden noen sist sammenlignet de to"
        if stored
        else f"ingen har sammenlignet med {twin.where}"
    )
    message = (
        f"{fault}; se hva: portal page diff {page.where} · rett teksten, og bekreft: portal page confirm {page.where}"
    )
    line = page.meta_lines.get("counterpart", 1)
    yield Finding(rule=Rule.COUNTERPART_STALE, where=page.where, line=line, message=message)


def show_difference(docs: Path, file: str | Path) -> str:
    """What changed in the twin since `file` was confirmed, for `portal page diff`. Raises NoCounterpart."""
    page, twin = _pair(docs, file)
    stored = str(page.meta.get("counterpart") or "")
    if stored == fingerprint(twin):
        return f"{twin.where} er ikke endret siden {page.where} ble bekreftet."
    confirm = f"Når {page.where} sier det samme: portal page confirm {page.where}"
    old = changes.version_where(docs, twin, lambda version: fingerprint(version) == stored) if stored else None
    if old is None:
        why = f"Fant ikke utgaven {stored} i git" if stored else f"{page.where} er aldri bekreftet"
        return f"{why}. Dette er hele {twin.where}:\n\n{changes.whole(twin)}\n{confirm}"
    return f"Endret i {twin.where} siden {page.where} ble bekreftet:\n\n{changes.words(old, twin)}\n{confirm}"


def confirm(docs: Path, file: str | Path, *, both: bool = False) -> str:
    """Store in `file` that it says what its twin says now; with `both`, in the twin as well. Raises NoCounterpart."""
    page, twin = _pair(docs, file)
    for one in (page, twin):
        if one.meta_fault is not None:
            raise NoCounterpart(f"{one.where}: {one.meta_fault}")
    said = [_store(docs, page, twin)]
    if both:
        said.append(_store(docs, twin, page))
    elif twin.meta.get("counterpart") != fingerprint(page):
        said.append(f"{twin.where} er ikke bekreftet mot denne teksten: portal page confirm {twin.where}")
    return "\n".join(said)


def _pair(docs: Path, file: str | Path) -> tuple[Page, Page]:
    pages = read_pages(docs)
    given, folder = Path(file), docs.resolve()
    inside = given.is_absolute() and given.is_relative_to(folder)
    name = given.relative_to(folder).as_posix() if inside else given.as_posix().removeprefix("docs/")
    by_name = {f"{page.language}/{page.path}": page for page in pages.values()}
    if name not in by_name:
        raise NoCounterpart(f"det finnes ingen side docs/{name}")
    page = by_name[name]
    if (twin := twin_of(page, pages)) is None:
        raise NoCounterpart(f"{page.where} har ingen motpart å bekreftes mot")
    return page, twin


def _store(docs: Path, page: Page, twin: Page) -> str:
    """Change that one line and nothing else, line ends included."""
    file = docs / page.language / page.path
    text = file.read_bytes().decode("utf-8")
    line = f"counterpart: {fingerprint(twin)}"
    closing = _CLOSING.search(text)
    assert closing, page.where  # or it could not have been read
    head, rest = text[: closing.start()], text[closing.start() :]
    if _STORED.search(head):
        head = _STORED.sub(line, head, count=1)
    else:
        head += line + (closing["end"] or "\n")
    file.write_bytes((head + rest).encode())
    return f"{page.where} er bekreftet mot {twin.where} ({fingerprint(twin)})."
