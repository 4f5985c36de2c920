"""`make proof-axe`: every page of the site, every page of every form and every page for staff, in every language, at
every width and by keyboard, as far as the time reaches; what came of it is written down in `proofs/axe.md`.

`make test` looks at a sample of the same. What was done is kept in `build/`, so that a run that was stopped goes on
where it was. It counts for the pages it was done with: when anything they are made of changes, it begins anew.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from page_by_page import TAB_WIDTHS, all_paths, rule_faults, script_faults, tab_faults, width_faults
from playwright.sync_api import Browser, sync_playwright
from site_server import SiteServer, serve

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.settings import REPOSITORY
from tests.acceptance.journeys import journey
from tests.acceptance.running_portal import RunningPortal
from tests.browser.chromium import launch
from tests.browser.every_page import send_and_check
from tests.browser.staff_pages import PAGES
from tests.browser.staff_portal import StaffPortal, prepared, staff_portal
from tests.browser.walking_staff import Walk
from tests.browser.watched import WIDTHS, watch

PROGRESS = REPOSITORY / "build" / "proofs" / "axe.json"
RESULT = REPOSITORY / "proofs" / "axe.md"
WINDOWS: dict[str, dict[str, Any]] = {
    "a desk": {"viewport": {"width": 1280, "height": 900}},
    "a telephone": {"viewport": {"width": 390, "height": 844}},
    "400 % zoom": {"viewport": {"width": 320, "height": 256}},
    "forced colours": {"viewport": {"width": 1280, "height": 900}, "forced_colors": "active"},
}
_HEAD = """# Every page: no rule of accessibility broken, nothing cut off, everything reached by keyboard

Written by `make proof-axe`, newest last. axe-core (WCAG 2.2 A and AA, and best practice) in Debian's Chromium on every
page of the built site at every width, the Tab key from end to end, the same words without scripts; and every form in
every language, each page empty, with errors and answered, looked over and received (`tests/guidance/prove.py`); and
every page for staff in each of its states (`tests/browser/staff_pages.py`).
"""
_MADE_OF = ("docs", "forms_app", "site", "translations")
_CHECKED_BY = ("guidance/page_by_page.py", *(f"browser/{name}.py" for name in (
    "by_keyboard", "every_page", "filling_in", "staff_cases", "staff_pages", "staff_portal", "walking_staff", "watched",
)))  # fmt: skip
_FOR_STAFF = {Language.NB: 60, Language.NN: 60, Language.DA: 60}

Check = Callable[[], list[str]]


@dataclass
class Progress:
    """What has been done with these pages so far."""

    code: str
    minutes: float = 0.0
    done: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @classmethod
    def read(cls) -> "Progress":
        """What an earlier run has left, if the pages are the same."""
        code = _code()
        if PROGRESS.exists() and (kept := json.loads(PROGRESS.read_text("utf-8")))["code"] == code:
            return cls(**kept)
        return cls(code)

    def write(self) -> None:
        """Whole or not at all."""
        PROGRESS.parent.mkdir(parents=True, exist_ok=True)
        beside = PROGRESS.with_suffix(".new")
        beside.write_text(json.dumps(vars(self), ensure_ascii=False), "utf-8")
        beside.replace(PROGRESS)


def _code() -> str:
    digest = sha256()
    files = [file for folder in _MADE_OF for file in sorted((REPOSITORY / folder).rglob("*"))]
    for file in [*files, *(REPOSITORY / "tests" / name for name in _CHECKED_BY)]:
        if file.suffix in (".py", ".html", ".toml", ".css", ".js", ".md", ".po", ".svg"):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _opened(browser: Browser, root: str, **options: Any) -> Iterator[tuple[Any, list[str]]]:
    context = browser.new_context(base_url=root, **options)
    faults = watch(context, root)
    yield context.new_page(), faults
    context.close()


def _of_the_site(browser: Browser, server: SiteServer) -> Iterator[tuple[str, Check]]:
    """Each check by name."""

    def rules(path: str, width: int) -> list[str]:
        with _opened(browser, server.address) as (page, faults):
            return rule_faults(page, path, width) + width_faults(page) + faults

    def tab(path: str, width: int) -> list[str]:
        with _opened(browser, server.address) as (page, faults):
            return tab_faults(page, path, width) + faults

    def scripts(path: str) -> list[str]:
        plain = _opened(browser, server.address, java_script_enabled=False)
        with _opened(browser, server.address) as (page, faults), plain as (without, more):
            return script_faults(page, without, path) + faults + more

    for path in all_paths(server):
        for width in WIDTHS:
            yield f"axe on the site: {path} {width}", lambda path=path, width=width: rules(path, width)
        for width in TAB_WIDTHS:
            yield f"Tab on the site: {path} {width}", lambda path=path, width=width: tab(path, width)
        yield f"without scripts on the site: {path}", lambda path=path: scripts(path)


def _of_the_forms(browser: Browser, portal: RunningPortal) -> Iterator[tuple[str, Check]]:
    letter = portal.folder / "Vedtak fra Bærum.txt"
    letter.write_text("Et vedtak", "utf-8")

    def sent(form: FormKey, language: Language, window: str) -> list[str]:
        with _opened(browser, portal.root, **WINDOWS[window]) as (page, faults):
            unused_reference, found = send_and_check(page, journey(form, language), [letter])
            return found + faults

    for window in WINDOWS:
        for form in FormKey:
            for language in Language:
                name = f"whole forms, {window}: {form} {language}"
                yield name, lambda form=form, language=language, window=window: sent(form, language, window)


def _for_staff(browser: Browser, portal: StaffPortal) -> Iterator[tuple[str, Check]]:
    walks = {language: Walk(browser, portal, language) for language in Language}

    for language, walk in walks.items():
        for one in PAGES:
            if language in one.languages:
                check = partial(walk.faults, one, widths=WIDTHS, by_tab=TAB_WIDTHS)
                yield f"pages for staff: {one.name} {language}", check


def run(minutes: float, part: str) -> tuple[Progress, Counter[str]]:
    """Every check of this part (all for "") that was not done, until the time is up; how many there are of a kind."""
    progress = Progress.read()
    began, carried = time.monotonic(), progress.minutes
    kinds: Counter[str] = Counter()
    with sync_playwright() as playwright, _served() as (portal, for_staff, server):
        browser = launch(playwright)
        checks = (*_of_the_forms(browser, portal), *_for_staff(browser, for_staff), *_of_the_site(browser, server))
        for name, check in checks:
            if part not in name.partition(":")[0]:
                continue
            kinds[name.partition(":")[0]] += 1
            if name not in progress.done and time.monotonic() - began < minutes * 60:
                found = check()
                progress.faults += [f"{name}: {one}" for one in found]
                progress.done.append(name)
                progress.minutes = carried + (time.monotonic() - began) / 60
                progress.write()
        browser.close()
    return progress, kinds


@contextmanager
def _served() -> Iterator[tuple[RunningPortal, StaffPortal, SiteServer]]:
    """All that is looked at: the portal, the staff pages over cases of their own, and the site."""
    with tempfile.TemporaryDirectory() as folder, serve(REPOSITORY / "build" / "site") as server:
        portal = RunningPortal(Path(folder)).start()
        with staff_portal(prepared(Path(folder) / "for-staff"), ordinary=_FOR_STAFF) as for_staff:
            yield portal, for_staff, server
        portal.end()


def report(progress: Progress, kinds: Counter[str]) -> str:
    """One section of the result."""
    done = Counter(kind for name in progress.done if (kind := name.partition(":")[0]) in kinds)
    is_whole = done == kinds
    lines = [
        f"\n## {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n",
        f"- {'Finished' if is_whole else 'NOT finished: run it again'}. {len(progress.faults)} faults found.",
        f"- Machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}. "
        f"{progress.minutes:.0f} minutes, code {progress.code}.",
        "\n| what | done |",
        "|---|---|",
        *(f"| {kind} | {done[kind]} of {number} |" for kind, number in kinds.items()),
        *(f"\nFault: {fault[:400]}" for fault in progress.faults),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Prints the section and adds it to the result; 0 only if nothing was found and nothing is left to do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--part", default="", help="a part of the name of what is looked at only, such as “staff”")
    asked = parser.parse_args()
    progress, kinds = run(asked.minutes, asked.part)
    section = report(progress, kinds)
    print(section)
    RESULT.parent.mkdir(exist_ok=True)
    before = RESULT.read_text("utf-8") if RESULT.exists() else _HEAD
    RESULT.write_text(before + section, "utf-8")
    return 0 if "NOT finished" not in section and not progress.faults else 1


if __name__ == "__main__":
    sys.exit(main())
