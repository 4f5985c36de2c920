"""Whether each text is in its own language: no Bokmål in Nynorsk, no Norwegian in Danish, and the other way about.

All it knows about words is in terms.toml. What a page quotes from another language is left in peace; `prose_of` says
how an editor marks that. In a message nothing can be marked: there a term is right when terms.toml allows it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from forms_app.language import Language
from guidance.findings import Finding, Rule
from guidance.pages import Page, Pages
from guidance.prose import ADDRESS, prose_of
from guidance.terms import vocabulary

_NOT_WORDS = re.compile(rf"%\(\w+\)[sd]|%[sd]|<[^<>]+>|{ADDRESS.pattern}")


def check(pages: Pages) -> list[Finding]:
    """Every word of another language on a page, in the order of files and lines."""
    return [one for page in pages.values() for one in _check_page(page)]


def check_messages(translations: Path) -> list[Finding]:
    """The same in the catalogues, nb/LC_MESSAGES/messages.po and its like in `translations`."""
    return [
        one
        for language in Language
        for po in sorted((translations / language / "LC_MESSAGES").glob("*.po"))
        for one in _check_catalogue(po, language, f"{translations.name}/{po.relative_to(translations).as_posix()}")
    ]


def _check_page(page: Page) -> Iterator[Finding]:
    if page.text_language != page.language:
        return
    for prose in prose_of(page, with_foreign=False):
        for hit in vocabulary(page.language).hits(prose.text):
            yield Finding(
                rule=Rule.PURITY,
                where=page.where,
                line=prose.line_of(hit.position),
                message=hit.message,
                is_unpublished=not page.is_published,
            )


def _check_catalogue(po: Path, language: Language, where: str) -> Iterator[Finding]:
    with po.open("rb") as source:
        catalogue = read_po(source, locale=language.locale)
    for message in catalogue:
        for text in _translations(message):
            for hit in vocabulary(language).hits(_NOT_WORDS.sub("·", text)):
                yield Finding(rule=Rule.MESSAGE_PURITY, where=where, line=message.lineno or 0, message=hit.message)


def _translations(message: Message) -> tuple[str, ...]:
    """The singular and the plurals; the head of a catalogue holds no words for people."""
    if not message.id or not message.string:
        return ()
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)
