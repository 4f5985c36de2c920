"""All that the content gate reads, small and correct, to seed faults into."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest
from guidance_project import ROOT, TODAY, Project

from forms_app.countries import Country, CountryRules, rules_for
from guidance import rules
from guidance.findings import Finding
from guidance.gate import check_all
from guidance.pages import read_pages

BUILT = """<!doctype html>
<html lang="nb">
<head><title>Hjelp</title><link rel="canonical" href="https://portal.example/"><script src="/js/a.js"></script></head>
<body><h1 id="top">Hjelp</h1><a href="/nb/skjema/klage/">Klag</a> <a href="#top">Opp</a>
<img src="/a.png" alt="Et hus"><img src="/a.png" alt="" role="presentation">
<svg><title>Hus</title></svg><a href="https://lovdata.no/">Loven</a> <a href="mailto:post@kommune.example">Skriv</a>
</body>
</html>
"""
CODE = """from gettext import gettext

gettext("%(name)s lives here")
gettext("Send")
"""
TRANSLATED = {
    "": ("", ""),
    "nb": ("%(name)s bor her", "Send inn"),
    "nn": ("%(name)s bur her", "Send inn"),
    "da": ("%(name)s bor her", "Send ind"),
}
CATALOGUE = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

#, python-format
msgid "%(name)s lives here"
msgstr "{}"

msgid "Send"
msgstr "{}"
"""

Seed = Callable[["Tree"], None]
"""What an editor or a programmer does to the clean tree."""


@dataclass(frozen=True)
class Tree(Project):
    """The pages of a project, a built site, and a checkout with code and catalogues."""

    patch: pytest.MonkeyPatch

    def check(self) -> list[Finding]:
        """Run the whole gate."""
        pages = read_pages(self.docs)
        return check_all(pages, docs=self.docs, site=self.folder / "built", root=self.root, today=TODAY)

    @property
    def root(self) -> Path:
        """The checkout."""
        return self.folder / "root"

    def change_file(self, path: str, old: str, new: str) -> None:
        """Seed a fault outside docs/."""
        file = self.folder / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")

    def let_a_fact_be_due(self) -> None:
        """As if the day had passed on which someone was to look at the Danish time limit again."""
        own = rules_for(Country.DENMARK)
        due = replace(own.facts["appeal"], review_by=date(2026, 11, 21))
        aged = replace(own, facts=MappingProxyType({**own.facts, "appeal": due}))

        def some_due(country: Country) -> CountryRules:
            return aged if country is Country.DENMARK else rules_for(country)

        self.patch.setattr(rules, "rules_for", some_due)


def grow(project: Project, patch: pytest.MonkeyPatch) -> Tree:
    """A clean tree around the project's pages."""
    tree = Tree(project.folder, patch)
    for path, text in {"nb/index.html": BUILT, "js/a.js": "", "a.png": ""}.items():
        _write(tree.folder / "built" / path, text)
    _write(tree.root / "forms_app/sending.py", CODE)
    _write(tree.root / "site/guidance/guide.py", "")
    shutil.copy(ROOT / "pyproject.toml", tree.root)
    shutil.copytree(ROOT / "translations", tree.root / "translations")
    for language, words in TRANSLATED.items():
        name = f"{language}/LC_MESSAGES/messages.po" if language else "messages.pot"
        _write(tree.root / "translations" / name, CATALOGUE.format(*words))
    return tree


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
