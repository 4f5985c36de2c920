"""What every page must be, whatever it says: one list of faults for a parsed page."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from xml.etree.ElementTree import Element

from babel.messages.pofile import read_po

from forms_app.countries import Country, rules_for
from forms_app.language import Language, catalogue, catalogue_folder
from forms_app.web.security import HEADERS

_TITLE_PREFIXES = ("Feil: ", "Fejl: ")
_STRAY = re.compile(r"\b(submit|required|error|invalid|this field|not a valid|upload|optional)\b", re.I)
_STAFFS_PROVIDER = re.compile(r"(form-action 'self') http://127\.0\.0\.1:\d+(?=;)")
_SPOKEN_ATTRIBUTES = ("aria-label", "alt", "title", "placeholder")
_CONTROLS = ("input", "textarea", "select")
_POINTERS = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "popovertarget")
_ADDRESSES = ("href", "src", "action", "formaction")


def faults_of(tree: Element, url: str, headers: Mapping[str, str]) -> list[str]:
    """Everything that is wrong with a page; empty for a proper one."""
    language = _language_of(url)
    return [
        *_header_faults(headers),
        *_frame_faults(tree, language),
        *_pointer_faults(tree),
        *_label_faults(tree),
        *_content_policy_faults(tree),
        *_leaks(tree),
    ]


def _language_of(url: str) -> Language | None:
    first = url.lstrip("/").partition("/")[0]
    return Language(first) if first in set(Language) else None


def _header_faults(headers: Mapping[str, str]) -> Iterator[str]:
    for name, value in {**HEADERS, "Cache-Control": "no-store"}.items():
        # Staff log out at the provider too, which is another address that a form may lead to.
        if _STAFFS_PROVIDER.sub(r"\1", headers.get(name, "")) != value:
            yield f"header {name}: {headers.get(name)}"
    policy = headers.get("Content-Security-Policy", "")
    if not policy.startswith("default-src 'none'") or "unsafe" in policy or "*" in policy:
        yield f"weak policy: {policy}"


def _frame_faults(tree: Element, language: Language | None) -> Iterator[str]:
    headings = [_words(one) for one in tree.iter("h1")]
    title = _words(next(tree.iter("title")))
    if len(headings) != 1:
        yield f"{len(headings)} h1"
        return
    for prefix in _TITLE_PREFIXES:
        title = title.removeprefix(prefix)
    if not headings[0] or not title.startswith(headings[0]):
        yield f"title {title!r} does not start with h1 {headings[0]!r}"
    if language and tree.get("lang") != language:
        yield f"lang is {tree.get('lang')}"
    if len(list(tree.iter("main"))) != 1:
        yield "not one main"


def _pointer_faults(tree: Element) -> Iterator[str]:
    ids = Counter(one.get("id", "") for one in tree.iter() if one.get("id") is not None)
    yield from (f"id {name!r} twice" for name, times in ids.items() if times > 1)
    for element in tree.iter():
        targets = [target for name in _POINTERS for target in (element.get(name) or "").split()]
        href = element.get("href", "")
        if href.startswith("#"):
            targets.append(href[1:])
        yield from (f"{element.tag} points at #{target}" for target in targets if target not in ids)


def _label_faults(tree: Element) -> Iterator[str]:
    labelled = {label.get("for"): _words(label) for label in tree.iter("label")}
    for control in (one for tag in _CONTROLS for one in tree.iter(tag)):
        if control.get("type") != "hidden" and not labelled.get(control.get("id")):
            yield f"no label: {control.get('name')}"
    for fieldset in tree.iter("fieldset"):
        if len(fieldset) == 0 or fieldset[0].tag != "legend" or not _words(fieldset[0]):
            yield f"no legend: {fieldset.get('id')}"
        elif not list(fieldset.iter("input")) and not list(fieldset.iter("textarea")):
            yield f"empty fieldset: {fieldset.get('id')}"
    groups: dict[str | None, set[int]] = {}
    parents = {child: parent for parent in tree.iter() for child in parent}
    for radio in (one for one in tree.iter("input") if one.get("type") == "radio"):
        groups.setdefault(radio.get("name"), set()).add(id(_fieldset_of(radio, parents)))
    yield from (f"radio group without its fieldset: {name}" for name, found in groups.items() if len(found) != 1)
    for button in tree.iter("button"):
        if not _words(button) and not button.get("aria-label"):
            yield "button without words"


def _fieldset_of(element: Element, parents: Mapping[Element, Element]) -> Element | None:
    found: Element | None = element
    while found is not None and found.tag != "fieldset":
        found = parents.get(found)
    return found


def _content_policy_faults(tree: Element) -> Iterator[str]:
    for element in tree.iter():
        if element.tag == "style" or (element.tag == "script" and not element.get("src")):
            yield f"inline {element.tag}"
        for name, value in element.items():
            if name == "style" or name.startswith("on"):
                yield f"attribute {name} on {element.tag}"
            is_ours = re.match(r"/(?!/)|#|\?", value)
            if name in _ADDRESSES and not is_ours and (element.tag != "a" or value not in _official_texts()):
                yield f"address outside: {value}"


@lru_cache
def _official_texts() -> frozenset[str]:
    """Where people are sent to read the law: the only addresses outside that a page of ours links to."""
    return frozenset(statute.address for country in Country for statute in rules_for(country).statutes.values())


def _leaks(tree: Element) -> Iterator[str]:
    """English that nobody translated: message ids, whole or as the longest part between placeholders."""
    for language, text in _spoken(tree, tree.get("lang", "")):
        yield from _english_in(text, language)


@lru_cache(maxsize=20_000)
def _english_in(text: str, language: str) -> tuple[str, ...]:
    """Asked once for each text: most stand on every page."""
    foreign = _foreign(Language(language)) if language in set(Language) else ()
    return (
        *(f"English: {message}" for message, part in foreign if message == text or (part and part in text)),
        *([f"stray word: {text}"] if _STRAY.search(text) else []),
    )


@lru_cache
def _foreign(language: Language) -> tuple[tuple[str, str], ...]:
    """Message ids that are not also words of the language, each with a part too long to stand there by chance."""
    with (catalogue_folder() / "messages.pot").open("rb") as file:
        messages = [str(one.id) for one in read_po(file) if one.id]
    own = catalogue(language)
    ours = {str(own.ugettext(message)) for message in messages if own.ugettext(message) != message}
    return tuple(
        (message, _longest_part(message))
        for message in messages
        if message not in ours and (own.ugettext(message) != message or _longest_part(message))
    )


def _longest_part(message: str) -> str:
    part = max(re.split(r"%\(\w+\)s|%\(num\)d", message), key=len).strip()
    return part if part.count(" ") >= 3 else ""


def _spoken(element: Element, language: str) -> Iterator[tuple[str, str]]:
    """What people read or hear, with the language it is said to be in."""
    if element.tag in ("script", "style", "textarea"):
        return
    language = element.get("lang", language)
    yield from ((language, element.get(name, "")) for name in _SPOKEN_ATTRIBUTES if element.get(name))
    yield from ((language, text) for text in _folded(element.text))
    for child in element:
        yield from _spoken(child, language)
        yield from ((language, text) for text in _folded(child.tail))


def _folded(text: str | None) -> Iterator[str]:
    if text and text.strip():
        yield " ".join(text.split())


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
