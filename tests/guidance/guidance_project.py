"""A small correct set of pages to seed faults into."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

FRONT_MATTER = """---
title: {title}
description: En kort side.
owner: Koordinerende enhet
review_by: 2027-11-22
jurisdiction: [{country}]
---

# {title}

"""

FRONT_PAGES = {
    "nb": FRONT_MATTER.format(title="Hjelp", country="norge") + "Les om [klage](klage.md).\n",
    "nn": FRONT_MATTER.format(title="Hjelp", country="norge") + "Les om [klage](klage.md).\n",
    "da": FRONT_MATTER.format(title="Hjælp", country="danmark") + "{{ contacts }}\n",
}
COMPLAINT = FRONT_MATTER.format(title="Klage", country="norge") + (
    "Fristen er {{ fact.appeal_health }}. I Danmark er den {{ denmark.appeal }}.\n\n"
    '!!! abstract "Kort fortalt"\n    [Klag her](form:complaint).\n'
)


@dataclass(frozen=True)
class Project:
    """A folder with pages, and a mkdocs.yml that differs from the real one only in its paths and pages."""

    folder: Path

    def write(self, path: str, text: str) -> None:
        """Write a page under docs/."""
        file = self.folder / "docs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        """Seed a fault."""
        file = self.folder / "docs" / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")

    def build(self) -> subprocess.CompletedProcess[str]:
        """Run MkDocs as `make` does; the pages end up in `site`."""
        return mkdocs("-f", str(self.folder / "mkdocs.yml"))

    @property
    def site(self) -> Path:
        """Where the pages were built."""
        return self.folder / "site"


def mkdocs(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Build as `make` does."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", *arguments]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=quiet)
