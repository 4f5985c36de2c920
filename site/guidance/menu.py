"""The list of pages as editors write it: `menu.md` in each language's folder, file names in the order of need."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from forms_app.language import Language
from guidance.findings import Finding, Rule
from guidance.pages import MENU, Audience, Page, Pages

_PAGE = re.compile(r"[-*][ \t]+(?P<path>[^\s\[\]()]+\.md)[ \t]*")
_HEADING = re.compile(r"##[ \t]+(?P<text>[^#\s].*?)[ \t]*")


@dataclass(frozen=True, kw_only=True)
class Item:
    """A page of the menu, and the line it is written on."""

    path: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Group:
    """Pages under one heading; those before the first heading have none."""

    heading: str | None
    line: int
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Menu:
    """One language's menu file as it is written, right or wrong."""

    groups: tuple[Group, ...]
    unreadable: tuple[int, ...]
    """The lines that are neither a page nor a heading."""
    is_missing: bool = False

    @property
    def items(self) -> Iterator[Item]:
        """Every page of every group, in order."""
        return (item for group in self.groups for item in group.items)


def where(language: Language) -> str:
    """The menu file as an editor knows it."""
    return f"docs/{language}/{MENU}"


def read_menu(docs: Path, language: Language) -> Menu:
    """The language's menu; an empty one when there is no such file."""
    try:
        # A byte that is no UTF-8 makes its own line unreadable, not the whole menu.
        text = (docs / language / MENU).read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return Menu(groups=(), unreadable=(), is_missing=True)
    return parse_menu(text)


def parse_menu(text: str) -> Menu:
    """The menu in `text`; never raises."""
    groups = [Group(heading=None, line=1)]
    unreadable = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if page := _PAGE.fullmatch(line):
            last = groups[-1]
            groups[-1] = replace(last, items=(*last.items, Item(path=page["path"], line=number)))
        elif heading := _HEADING.fullmatch(line):
            groups.append(Group(heading=heading["text"], line=number))
        elif line.strip():
            unreadable.append(number)
    return Menu(groups=tuple(groups), unreadable=tuple(unreadable))


def arranged(menu: Menu, paths: Iterable[str]) -> tuple[Group, ...]:
    """The groups of the menu with only these pages, each once; groups that become empty are left out."""
    left = set(paths)
    groups = []
    for group in menu.groups:
        items = []
        for item in group.items:
            if item.path in left:
                left.remove(item.path)
                items.append(item)
        if items:
            groups.append(replace(group, items=tuple(items)))
    return tuple(groups)


def check(docs: Path, pages: Pages) -> list[Finding]:
    """All that is wrong with the menus of the languages that have pages, in the order of lines."""
    found: list[Finding] = []
    for language in Language:
        own = {path: page for (its, path), page in pages.items() if its == language}
        if own:
            menu = read_menu(docs, language)
            faults = sorted([*_lines(menu, own), *_missing(menu, own)])
            found += [_finding(language, line, message) for line, message in faults]
    return found


def _finding(language: Language, line: int, message: str) -> Finding:
    return Finding(rule=Rule.MENU, where=where(language), line=line, message=message)


def _lines(menu: Menu, pages: dict[str, Page]) -> Iterator[tuple[int, str]]:
    """What is wrong with each line that is there."""
    for line in menu.unreadable:
        yield line, "linjen kan ikke leses; skriv «- klage.md» for en side eller «## Overskrift» for en gruppe"
    for group in menu.groups:
        if group.heading and not group.items:
            yield group.line, f"«{group.heading}» har ingen sider under seg; skriv en side eller ta bort overskriften"
    seen: Counter[str] = Counter()
    for item in menu.items:
        seen[item.path] += 1
        if seen[item.path] > 1:
            yield item.line, f"{item.path} står i menyen fra før; ta bort denne linjen"
        elif item.path not in pages:
            yield item.line, _unknown(item.path, pages)
        elif pages[item.path].audience is Audience.EDITORS:
            yield item.line, f"{item.path} er for redaktører og skal ikke stå i menyen; ta bort linjen"


def _unknown(path: str, pages: dict[str, Page]) -> str:
    near = get_close_matches(path, pages, n=1)
    advice = f"mente du {near[0]}?" if near else "lag siden, eller ta bort linjen"
    return f"{path} finnes ikke; {advice}"


def _missing(menu: Menu, pages: dict[str, Page]) -> Iterator[tuple[int, str]]:
    """Published pages that nobody would find. A draft may wait with its line in the menu."""
    if menu.is_missing:
        yield 0, "filen finnes ikke; skriv filnavnene i den rekkefølgen sidene skal stå, slik: «- klage.md»"
        return
    listed = {item.path for item in menu.items}
    for path, page in pages.items():
        if path not in listed and page.is_published and page.audience is Audience.CITIZENS:
            yield 0, f"{path} mangler i menyen; skriv linjen «- {path}» der siden hører hjemme"
