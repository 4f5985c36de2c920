"""A small correct set of pages to seed faults into."""

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from forms_app.language import Language
from guidance.findings import Rule
from guidance.freshness import NoCounterpart, confirm
from guidance.pages import parse_page
from guidance.rules import check_pages

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)

_PAGE = """---
title: {title}
description: {description}
owner: {owner}
review_by: 2027-11-22
jurisdiction: [{country}]
---
# {title}

{text}
"""


_WORDS = {
    "nb": ("En kort side.", "Koordinerende enhet"),
    "nn": ("Ei kort side.", "Koordinerande eining"),
    "da": ("En kort side.", "Socialforvaltningen"),
}


def page_text(title: str, text: str, language: str = "nb", *, country: str = "norge") -> str:
    """A page with all it must have. `confirm` puts one more line above the second dashes."""
    description, owner = _WORDS[language]
    return _PAGE.format(title=title, text=text, country=country, description=description, owner=owner)


_FRONT = "Les om [klage](klage.md)."
_COMPLAINT = """Fristen er {{ fact.appeal_health }}. I Danmark er den {{ denmark.appeal }}.

!!! abstract "Kort fortalt"
    [Klag her](form:complaint)."""

PAGES = {
    "nb/index.md": page_text("Hjelp", _FRONT),
    "nn/index.md": page_text("Hjelp", _FRONT, "nn"),
    "da/index.md": page_text("Hjælp", "{{ contacts }}", "da", country="danmark"),
    "nb/klage.md": page_text("Klage", _COMPLAINT),
    "nn/klage.md": page_text("Klage", _COMPLAINT.replace("er den", "er han"), "nn"),
}
MENUS = {
    "nb/menu.md": "- index.md\n\n## Svar\n\n- klage.md\n",
    "nn/menu.md": "- index.md\n\n## Svar\n\n- klage.md\n",
    "da/menu.md": "- index.md\n",
}


@dataclass(frozen=True)
class Project:
    """A folder with pages, and a mkdocs.yml that differs from the real one only in its paths and pages."""

    folder: Path

    @property
    def docs(self) -> Path:
        """The Markdown pages."""
        return self.folder / "docs"

    def write(self, path: str, text: str) -> None:
        """Write a page under docs/."""
        file = self.docs / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        """Seed a fault."""
        file = self.docs / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")

    def confirm(self) -> None:
        """Let each Norwegian page say that it is the same as its twin, where there is one that can be read."""
        for file in sorted(self.docs.glob("nb/**/*.md")):
            with suppress(NoCounterpart):
                confirm(self.docs, file.relative_to(self.docs), both=True)

    def build(self) -> subprocess.CompletedProcess[str]:
        """Run MkDocs as `make` does; the pages end up in `site`."""
        return mkdocs("-f", str(self.folder / "mkdocs.yml"))

    @property
    def site(self) -> Path:
        """Where the pages were built."""
        return self.folder / "site"


def advice(text: str, language: Language = Language.DA, country: str = "danmark", more: str = "") -> list[str]:
    """What is said of a page with this text; the purity of its words is tested elsewhere."""
    written = page_text("Klage", text, language, country=country).replace("---\n#", f"{more}---\n#")
    page = parse_page(language, "klage.md", written)
    found = check_pages({(language, page.path): page}, today=TODAY)
    return [one.message for one in found if one.rule not in (Rule.PURITY, Rule.COUNTERPART_MISSING)]


def mkdocs(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Build as `make` does."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", *arguments]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=quiet)
