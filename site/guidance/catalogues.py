"""Whether every message of the forms is collected, translated into all languages, and fills in the same things."""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import wtforms
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from forms_app.language import Language
from guidance.findings import Finding, Rule

DOMAINS = ("messages", "wtforms")
"""Our own messages, and those of WTForms, which ships neither Nynorsk nor Danish."""

FOLDERS = ("forms_app", "site/guidance")
"""Where messages stand in the code; `translations/update` reads the same."""

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]")
_UPDATE = "kjør: make messages"


def check(root: Path) -> list[Finding]:
    """All that is wrong with the catalogues of the checkout in `root`, in the order of files and lines."""
    found: list[Finding] = []
    with TemporaryDirectory() as folder:
        _extract(root, Path(folder))
        for domain in DOMAINS:
            template = root / "translations" / f"{domain}.pot"
            found += _check_template(root, template, Path(folder) / template.name)
            for language in Language:
                po = root / "translations" / language / "LC_MESSAGES" / f"{domain}.po"
                found += sorted(_check_catalogue(root, po, language, _read(template)), key=lambda one: one.line)
    return found


def _extract(root: Path, folder: Path) -> None:
    """As `translations/update` does, only to another place."""
    ours = ["-F", str(root / "pyproject.toml"), "-k", "lazy_gettext", "-o", str(folder / "messages.pot")]
    theirs = ["-o", str(folder / "wtforms.pot"), str(Path(wtforms.__file__).parent)]
    for arguments in ([*ours, *(str(root / name) for name in FOLDERS)], theirs):
        command = CommandLineInterface()
        command.run(["pybabel", "-q", "extract", *arguments])  # type: ignore[no-untyped-call]  # Babel is typed in part


def _read(file: Path, language: Language | None = None) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, locale=language.locale if language else None)


def _by_key(catalogue: Catalog) -> dict[tuple[str, str | None], Message]:
    """The messages by their English words and context; a plural counts by its singular."""
    return {(forms(message.id)[0], message.context): message for message in catalogue if message.id}


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """A message's singular and plurals."""
    return (text,) if isinstance(text, str) else tuple(text)


def _check_template(root: Path, template: Path, fresh: Path) -> Iterator[Finding]:
    """One finding for the whole file: one command puts all of it right."""
    committed, collected = _by_key(_read(template)), _by_key(_read(fresh))
    different = sorted(committed.keys() ^ collected.keys(), key=str)
    if different:
        line = min((committed[key].lineno or 0 for key in different if key in committed), default=0)
        words = f"«{different[0][0]}»" + (f" og {len(different) - 1} til" if different[1:] else "")
        message = f"{words} står i koden eller her, men ikke begge steder; {_UPDATE}"
        yield _finding(Rule.TEMPLATE_STALE, root, template, line, message)


def _check_catalogue(root: Path, po: Path, language: Language, template: Catalog) -> Iterator[Finding]:
    catalogue = _read(po, language)
    own, wanted = _by_key(catalogue), _by_key(template)
    for words, context in wanted.keys() - own.keys():
        text = f"«{words}»" + (f" ({context})" if context else "")
        yield _finding(Rule.MESSAGE_MISSING, root, po, 0, f"mangler {text}; {_UPDATE}, og oversett den")
    for key in own.keys() - wanted.keys():
        message = f"«{key[0]}» finnes ikke lenger; {_UPDATE}"
        yield _finding(Rule.MESSAGE_OBSOLETE, root, po, own[key].lineno or 0, message)
    for obsolete in catalogue.obsolete.values():
        message = f"«{forms(obsolete.id)[0]}» er lagt bort som #~; ta bort linjene"
        yield _finding(Rule.MESSAGE_OBSOLETE, root, po, _line_of_obsolete(po), message)
    for one in own.values():
        yield from _check_message(root, po, one)


def _check_message(root: Path, po: Path, message: Message) -> Iterator[Finding]:
    english, line = forms(message.id)[0], message.lineno or 0
    translated = forms(message.string or "")
    if not all(translated):
        yield _finding(Rule.MESSAGE_MISSING, root, po, line, f"«{english}» er ikke oversatt; skriv den etter msgstr")
    elif message.fuzzy:
        fault = f"«{english}» er en gjetning; rett oversettelsen, og ta bort ordet fuzzy"
        yield _finding(Rule.MESSAGE_FUZZY, root, po, line, fault)
    wanted = {found for text in forms(message.id) for found in _PLACEHOLDER.findall(text)}
    for text in filter(None, translated):
        given = set(_PLACEHOLDER.findall(text))
        # "One child" need not say the number.
        if given != wanted and not (message.pluralizable and given <= wanted):
            names = ", ".join(sorted(given ^ wanted))
            fault = f"«{english}» og oversettelsen fyller inn ulike ting: {names}; skriv de samme i begge"
            yield _finding(Rule.MESSAGE_PLACEHOLDERS, root, po, line, fault)


def _line_of_obsolete(po: Path) -> int:
    lines = po.read_text("utf-8").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if line.startswith("#~")), 0)


def _finding(rule: Rule, root: Path, file: Path, line: int, message: str) -> Finding:
    return Finding(rule=rule, where=file.relative_to(root).as_posix(), line=line, message=message)
