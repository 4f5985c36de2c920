"""Makes a new page in each language it is needed in: a draft with the house's headings, and its line in the menu."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from string import Template

import yaml

from forms_app.language import Language
from guidance.menu import where as menu_file
from guidance.pages import MENU

OWNERS: Mapping[Language, str] = {
    Language.NB: "Koordinerende enhet",
    Language.NN: "Koordinerande eining",
    Language.DA: "Socialforvaltningen",
}
"""Who looks after a page unless the editor names somebody else."""

_NAME = re.compile(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*/)?[a-z0-9]+(?:-[a-z0-9]+)*")
_TAKEN = ("index", "menu")
# The pages for people who live across the border speak of the other country's law.
_ABROAD = {"norge": "norge", "danmark": "danmark"}


class NotMade(Exception):
    """Nothing was written; the message is for the editor."""


@dataclass(frozen=True, kw_only=True)
class NewPage:
    """What the editor asked for."""

    name: str
    """The file's name without `.md`, and perhaps one folder: "klage-barn", "barn/skole"."""
    titles: Mapping[Language, str]
    owner: str | None = None


def make(docs: Path, page: NewPage, *, today: date) -> list[Path]:
    """Write every file, or none at all. Raises NotMade."""
    _demand_good_name(page.name)
    for language, title in page.titles.items():
        if not title.strip() or "\n" in title:
            raise NotMade(f"Skriv en tittel på {language.own_name.lower()}, på én linje og i anførselstegn.")
    wanted = {docs / language / f"{page.name}.md": language for language in page.titles}
    for path, language in wanted.items():
        if not (docs / language).is_dir():
            raise NotMade(f"Finner ikke mappen {docs / language}. Kjør kommandoen i mappen der mkdocs.yml ligger.")
        if path.exists():
            raise NotMade(f"{path.as_posix()} finnes fra før. Velg et annet navn, eller rediger den siden.")
    for path, language in wanted.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(_text(page, language, today), "utf-8", newline="\n")
        _add_to_menu(docs / language / MENU, f"{page.name}.md")
    return list(wanted)


def told(paths: list[Path], page: NewPage) -> str:
    """What to do next."""
    made = "\n".join(f"  {path.as_posix()}" for path in paths)
    menus = " og ".join(menu_file(language) for language in page.titles)
    return (
        f"Laget som utkast:\n{made}\n\n"
        f"Linjen «- {page.name}.md» står nederst i {menus}. Flytt den dit siden hører hjemme.\n"
        "Se siden mens du skriver: portal preview\n"
        "Ta bort linjen «status: draft» når en annen har lest siden og den skal ut."
    )


def _demand_good_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise NotMade(
            f"«{name}» kan ikke være navnet. Bruk små bokstaver a–z, tall og bindestrek, slik: klage-barn. "
            "En side i en mappe skrives slik: barn/skole."
        )
    if name.rpartition("/")[2] in _TAKEN:
        raise NotMade(f"«{name}» er opptatt. Velg et navn som sier hva siden handler om, slik: klage-barn.")


def _text(page: NewPage, language: Language, today: date) -> str:
    """The language's template, filled in."""
    title = " ".join(page.titles[language].split())
    folder = page.name.rpartition("/")[0]
    own_country = "danmark" if language is Language.DA else "norge"
    template = Template(files(__package__).joinpath(f"templates/{language}.md").read_text("utf-8"))
    return template.substitute(
        title=_as_yaml(title),
        heading=title,
        owner=_as_yaml(page.owner or OWNERS[language]),
        review_by=_in_a_year(today).isoformat(),
        country=_ABROAD.get(folder, own_country),
        up="../" if folder else "",
    )


def _as_yaml(text: str) -> str:
    """The text itself where YAML reads it as just that, else in quotes."""
    try:
        is_plain = yaml.safe_load(f"key: {text}") == {"key": text}
    except yaml.YAMLError:
        is_plain = False
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _in_a_year(today: date) -> date:
    """29 February has no anniversary in most years."""
    return today.replace(year=today.year + 1, day=min(today.day, 28) if today.month == 2 else today.day)


def _add_to_menu(file: Path, path: str) -> None:
    """A line at the end, unless the page already has one."""
    text = file.read_text("utf-8") if file.exists() else ""
    line = f"- {path}"
    if line not in text.splitlines():
        rest = text.rstrip("\n")
        file.write_text(f"{rest}\n{line}\n" if rest else f"{line}\n", "utf-8", newline="\n")
