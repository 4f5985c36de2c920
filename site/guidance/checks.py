"""Checks of the built site, for what MkDocs cannot see.

Links made by templates, code the content policy would stop, requests to other hosts, language, headings, ids.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from forms_app.language import Language
from forms_app.masthead import forms_folder
from guidance.findings import Finding

# The forms app answers these; it has its own tests.
FORM_PREFIXES = tuple(f"/{language}/{forms_folder(language)}/" for language in Language)

_ELSEWHERE = re.compile(r"(mailto|tel):")
_HOST = "site.invalid"
# An element that names an address without the browser fetching it.
_NOT_FETCHED = ("a", "link:canonical", "link:alternate")


@dataclass(frozen=True, kw_only=True)
class _Link:
    element: str
    address: str
    line: int


@dataclass
class _Seen:
    """What one built page holds."""

    language: str | None = None
    headings: int = 0
    ids: Counter[str] = field(default_factory=Counter)
    links: list[_Link] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen = _Seen()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called by HTMLParser."""
        named = dict(attrs)
        line = self.getpos()[0]
        if tag == "html":
            self.seen.language = named.get("lang")
        self.seen.headings += tag == "h1"
        if identity := named.get("id"):
            self.seen.ids[identity] += 1
        element = f"link:{named.get('rel')}" if tag == "link" else tag
        for key in ("href", "src", "poster", "data", "action", "formaction"):
            if (address := named.get(key)) is not None:
                self.seen.links.append(_Link(element=element, address=address, line=line))
        self._note_faults(tag, named, line)

    def _note_faults(self, tag: str, named: Mapping[str, str | None], line: int) -> None:
        for key in named:
            if key == "style" or key.startswith("on"):
                self.seen.faults.append((line, f"<{tag} {key}=…> stoppes av innholdsregelen; bruk et stilark"))
        if tag == "style" or (tag == "script" and "src" not in named):
            self.seen.faults.append((line, f"<{tag}> med innhold stoppes av innholdsregelen; bruk en fil"))
        if tag == "img" and "alt" not in named:
            self.seen.faults.append((line, 'bildet mangler alt="…"'))


def check_site(site: Path) -> list[Finding]:
    """All that is wrong with the built pages under `site`."""
    pages = {_url(site, file): _read(file) for file in sorted(site.rglob("*.html"))}
    if not pages:
        return [Finding(where=str(site), line=0, message="ingen sider; bygg først: mkdocs build --strict")]
    return [one for url, seen in pages.items() for one in _check_page(site, url, seen, pages)]


def _url(site: Path, file: Path) -> str:
    return "/" + file.relative_to(site).as_posix().removesuffix("index.html")


def _read(file: Path) -> _Seen:
    reader = _Reader()
    reader.feed(file.read_text("utf-8"))
    return reader.seen


def _check_page(site: Path, url: str, seen: _Seen, pages: Mapping[str, _Seen]) -> Iterator[Finding]:
    def fault(message: str, line: int = 0) -> Finding:
        return Finding(where=url, line=line, message=message)

    folder = url.split("/")[1]
    if not seen.language:
        yield fault("siden sier ikke hvilket språk den er på")
    elif folder in list(Language) and seen.language != folder:
        yield fault(f"siden sier at den er på {seen.language}")
    if seen.headings != 1:
        yield fault(f"siden har {seen.headings} hovedoverskrifter")
    for identity, times in seen.ids.items():
        if times > 1:
            yield fault(f"id «{identity}» er brukt {times} ganger; gi overskriften et eget navn: {{ #navn }}")
    for line, message in seen.faults:
        yield fault(message, line)
    for link in seen.links:
        if broken := _check_link(site, url, link, pages):
            yield fault(broken, link.line)


def _check_link(site: Path, url: str, link: _Link, pages: Mapping[str, _Seen]) -> str | None:
    if _ELSEWHERE.match(link.address):
        return None
    target = urlsplit(urljoin(f"https://{_HOST}{url}", link.address))
    if target.netloc != _HOST:
        return None if link.element in _NOT_FETCHED else f"henter noe fra nettet: {link.address}"
    path = unquote(target.path)
    if path.startswith(FORM_PREFIXES):
        return None
    if path not in pages:
        exists = (site / path.lstrip("/")).is_file()
        return None if exists else f"lenken fører ingen steder: {link.address}"
    if target.fragment and unquote(target.fragment) not in pages[path].ids:
        return f"lenken peker på en overskrift som ikke finnes: {link.address}"
    return None
