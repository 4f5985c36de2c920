"""Which words of a page changed since an earlier version of it; git is only read."""

import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path

from guidance.pages import Page, parse_page


@dataclass(frozen=True, kw_only=True)
class _Word:
    text: str
    line: int
    is_changed: bool = False


def version_where(docs: Path, page: Page, fits: Callable[[Page], bool]) -> Page | None:
    """The newest version of the page in git that fits; None where it is not there, or git itself is not."""
    name = f"{page.language}/{page.path}"
    for commit in (_git(docs, "log", "--format=%H", "--", name) or "").split():
        text = _git(docs, "show", f"{commit}:./{name}")
        version = parse_page(page.language, page.path, text) if text is not None else None
        if version is not None and fits(version):
            return version
    return None


def _git(docs: Path, *arguments: str) -> str | None:
    program = shutil.which("git")
    if program is None:
        return None
    done = subprocess.run([program, "-C", str(docs), *arguments], capture_output=True, check=False)  # noqa: S603
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def words(old: Page, new: Page) -> str:
    """Each line of `new` in which words went or came: "linje 11: Fristen er [-tre-] {+fire+} uker."."""
    lines = groupby(_marked(list(_words(old)), list(_words(new))), key=lambda word: word.line)
    read = [(line, list(on_it)) for line, on_it in lines]
    return _numbered((line, on_it) for line, on_it in read if any(word.is_changed for word in on_it))


def whole(page: Page) -> str:
    """All that people read on the page, with the numbers of its lines."""
    return _numbered((line, list(on_it)) for line, on_it in groupby(_words(page), key=lambda word: word.line))


def _numbered(lines: Iterable[tuple[int, list[_Word]]]) -> str:
    return "".join(f"linje {line}: {' '.join(word.text for word in on_it)}\n" for line, on_it in lines)


def _words(page: Page) -> Iterator[_Word]:
    for key in ("title", "description"):
        for word in str(page.meta.get(key) or "").split():
            yield _Word(text=word, line=page.meta_lines.get(key, 1))
    for line, text in enumerate(page.body.split("\n"), start=page.body_line):
        for word in text.split():
            yield _Word(text=word, line=line)


def _marked(old: list[_Word], new: list[_Word]) -> Iterator[_Word]:
    """The words of `new` with what went and came in the signs of `git diff --word-diff`."""
    matcher = SequenceMatcher(None, [word.text for word in old], [word.text for word in new], autojunk=False)
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        came = new[new_start:new_end]
        if kind == "equal":
            yield from came
            continue
        if went := " ".join(word.text for word in old[old_start:old_end]):
            # With nothing in its place, it is shown after the word it followed.
            line = came[0].line if came else new[new_start - 1].line if new_start else 1
            yield _Word(text=f"[-{went}-]", line=line, is_changed=True)
        for line, on_it in groupby(came, key=lambda word: word.line):
            yield _Word(text=f"{{+{' '.join(word.text for word in on_it)}+}}", line=line, is_changed=True)
