"""The words people read on a page, each run of them with its line: what the language checks look at.

Left out is what nobody reads as text: keys, code, comments, tags, where a link leads, names and classes of headings,
web addresses. References are replaced by what they say; one that nothing answers to is left out, for another rule
reports it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from forms_app.countries import Country
from forms_app.language import Language
from guidance.pages import Page
from guidance.references import REFERENCE, UnknownReference, phrase
from guidance.written import without_code

ADDRESS = re.compile(r"https?://[^\s)>\]]+|[\w.+-]+@[\w.-]*\w|\b(?:[\w-]+\.)+(?:no|dk|com|org|net|eu)\b(?:/[\w/#-]*)?")
"""Web and mail addresses: "helsenorge.no" holds no word of any language."""

_READ_KEYS = ("title", "description", "owner")
"""What the front matter shows to readers."""

_HOME = {Language.NB: Country.NORWAY, Language.NN: Country.NORWAY, Language.DA: Country.DENMARK}
"""The country whose law is written in the language."""

_BREAK = "\x1e"
"""Stands where one run ends and the next begins."""

_LINK_TEXT = r"\[[^\[\]]*\]"
_ITALICS = r"(?<![*\w])\*(?![*\s])[^*\n]+\*(?!\*)"
_MARKED = re.compile(rf"(?:{_ITALICS}|{_LINK_TEXT}(?:\([^)\n]*\))?)\{{[^{{}}\n]*\blang=[^{{}}\n]*\}}")
_QUOTED = re.compile(rf"{_ITALICS}|«[^«»\n]*»|»[^«»\n]*«|{_LINK_TEXT}\((?:law|site):[^)\n]*\)")

_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^[ \t]*\[(?!\^)[^\]\n]+\]:[ \t].*$", re.MULTILINE), ""),  # where links of the page lead
    (re.compile(rf"!?({_LINK_TEXT})(?:\([^)\n]*\)|\[[^\]\n]*\])"), r"\1"),
    (ADDRESS, ""),
    (re.compile(r"\[\^[^\]\n]+\]:?"), ""),
    (re.compile(r"</?(?:a|abbr|b|em|i|kbd|small|span|strong|sub|sup)\b[^<>]*>", re.IGNORECASE), ""),
    (re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE), _BREAK),
    (re.compile(r"\{[^{}\n]*\}"), ""),  # names and classes
    (re.compile(r"^[ \t]*>[ \t>]*", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:\|?[ \t]*:?-{3}[-:| \t]*|={3,})$", re.MULTILINE), _BREAK),  # a rule, or under headings
    (re.compile(r'^[ \t]*(?:!!!|\?\?\?\+?|===)[^"\n]*(?:"([^"\n]*)")?[ \t]*$', re.MULTILINE), rf"{_BREAK}\1{_BREAK}"),
    (re.compile(r"^[ \t]*#{1,6}[ \t]+(.*)$", re.MULTILINE), rf"{_BREAK}\1{_BREAK}"),
    (re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])[ \t]+(?:\[[ xX]\][ \t])?|^:[ \t]+", re.MULTILINE), _BREAK),
    (re.compile(r"(?<!\\)\||^[ \t]*$", re.MULTILINE), _BREAK),  # cells and empty lines
    (re.compile(r"[\[\]*\0]|(?<!\w)_+|_+(?!\w)|~~|\\(?=[^\w\s])"), ""),
)


@dataclass(frozen=True, kw_only=True)
class Prose:
    """A title, paragraph, heading, list item or table cell: a sentence never runs on from one to the next."""

    line: int
    """The line of the file on which it begins."""
    text: str
    """As read, with the line breaks of the file."""

    def line_of(self, position: int) -> int:
        """The line of the file for a position in the text."""
        return self.line + self.text.count("\n", 0, position)


def prose_of(page: Page, *, with_foreign: bool = True) -> Iterator[Prose]:
    """Everything people read on the page, from the top.

    `with_foreign=False` leaves out what the page quotes from another language. That is what its writer marked with
    `lang`, *søknad*{ lang="nb" }, and on a page about the law of another country also what stands in *italics*, in
    quotation marks, or is the text of a `law:` or `site:` link there.
    """
    for key in _READ_KEYS:
        text = str(page.meta.get(key) or "")
        yield from _runs(_read(text, page, with_foreign=with_foreign), page.meta_lines.get(key, 1))
    yield from body_prose_of(page, with_foreign=with_foreign)


def body_prose_of(page: Page, *, with_foreign: bool = True) -> Iterator[Prose]:
    """The same without the front matter, which readers meet as the main heading or not at all."""
    yield from _runs(_read(without_code(page.body), page, with_foreign=with_foreign), page.body_line)


def _read(text: str, page: Page, *, with_foreign: bool) -> str:
    """`text` with as many lines as before, without everything that is not read."""
    if not with_foreign:
        text = _MARKED.sub("", text)
        if set(page.countries) - {_HOME[page.language]}:
            text = _QUOTED.sub("", text)
    text = REFERENCE.sub(lambda match: _filled(match["name"], page), text)
    for pattern, instead in _MARKUP:
        text = pattern.sub(instead, text)
    return text


def _filled(name: str, page: Page) -> str:
    try:
        return phrase(name, page)
    except UnknownReference:
        return ""


def _runs(text: str, first_line: int) -> Iterator[Prose]:
    for run in re.finditer(rf"[^{_BREAK}]+", text):
        words = run[0].strip()
        if words:
            start = run.start() + len(run[0]) - len(run[0].lstrip())
            yield Prose(line=first_line + text.count("\n", 0, start), text=unescape(words))
