"""HTML as it has to be written: what a browser makes of it is what stands there, and it mends nothing on the way."""

import re
from html.entities import html5 as known_references
from operator import attrgetter
from xml.etree.ElementTree import Element, TreeBuilder

import turbohtml
from turbohtml import TokenType

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_DROPS_A_LINE_BREAK = frozenset({"textarea", "pre", "listing"})
_MARKUP = frozenset({TokenType.DOCTYPE, TokenType.START_TAG, TokenType.END_TAG, TokenType.TEXT, TokenType.COMMENT})
_REFERENCE = re.compile(r"&(#\d+;|#x[0-9a-f]+;|[a-z0-9]+;)?", re.I)
_Token = tuple[TokenType, str, str, list[tuple[str, str]]]
_facts_of = attrgetter("type", "tag", "data", "attrs")


class Mended(AssertionError):
    """A browser would build something else than what is written."""


def parsed(text: str) -> Element:
    """The tree. Raises HTMLParseError where a character is out of place, and Mended where a tag is.

    Mending leaves traces: an element that is never closed, or too early, or twice, that may not stand where it stands,
    or that nobody wrote, is not in the same place any more when the tree is written out again.
    """
    built = _tokens_of(turbohtml.parse(text, strict=True, positions=False).html)
    written, mended = _without_blanks(_tokens_of(text)), _without_blanks(built)
    if written != mended:
        raise Mended(_first_difference(written, mended))
    root = _tree_of(built)
    _refuse_what_is_tolerated(text, written, root)
    return root


def _tokens_of(html: str) -> list[_Token]:
    return list(map(_facts_of, turbohtml.tokenize(html)))


def _without_blanks(tokens: list[_Token]) -> list[_Token]:
    """Some blanks between elements belong nowhere, and a browser drops the line break that a textarea begins with."""
    told = [(kind, tag, data and data.lstrip("\n"), attributes) for kind, tag, data, attributes in tokens]
    return [one for one in told if one[0] != TokenType.TEXT or one[2].strip()]


def _first_difference(written: list[_Token], mended: list[_Token]) -> str:
    pairs = zip([*written, None], [*mended, None], strict=False)
    at = next(at for at, (one, other) in enumerate(pairs) if one != other)
    return f"after {written[max(at - 3, 0) : at]}: {written[at : at + 1]} would become {mended[at : at + 1]}"


def _refuse_what_is_tolerated(text: str, tokens: list[_Token], root: Element) -> None:
    """What every browser takes as it is meant, but what only a mistake would write."""
    if not text.lower().startswith("<!doctype html>"):
        raise Mended("no doctype")
    for kind, *unused_facts in tokens:
        if kind not in _MARKUP:
            raise Mended(f"{kind}")
    for found in _REFERENCE.finditer(text):
        name = found[1]
        if not name or not (name.startswith("#") or name in known_references):
            raise Mended(f"not escaped: {text[found.start() : found.end() + 20]!r}")
    if strays := {one.tag for menu in root.iter("select") for one in menu.iter()} - {"select", "optgroup", "option"}:
        raise Mended(f"in a select: {strays}")


def _tree_of(tokens: list[_Token]) -> Element:
    builder = TreeBuilder(insert_comments=True)
    begun = ""
    for kind, tag, data, attributes in tokens:
        if kind == TokenType.START_TAG:
            builder.start(tag, dict(attributes))
            if tag in _VOID:
                builder.end(tag)
        elif kind == TokenType.END_TAG:
            builder.end(tag)
        elif kind == TokenType.TEXT:
            builder.data(data.removeprefix("\n") if begun in _DROPS_A_LINE_BREAK else data)
        elif kind == TokenType.COMMENT:
            builder.comment(data)
        begun = tag if kind == TokenType.START_TAG else ""
    root: Element = builder.close()
    return root
