"""Checks of the built site, for what MkDocs cannot see.

Links made by templates, code the content policy would stop, requests to other hosts, language, titles, headings, ids.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote, urljoin, urlsplit

from forms_app.language import Language
from forms_app.masthead import forms_folder
from guidance.findings import Finding, Rule
from guidance.pages import Page, Pages

# The forms app answers these; it has its own tests.
FORM_PREFIXES = tuple(f"/{language}/{forms_folder(language)}/" for language in Language)

_ELSEWHERE = ("mailto:", "tel:")
_HOST = "site.invalid"
# An element that names an address without the browser fetching it.
_NOT_FETCHED = ("a", "link:canonical", "link:alternate")


@dataclass(frozen=True, kw_only=True)
class _Fault:
    rule: Rule
    message: str
    line: int = 0
    written: tuple[str, ...] = ()
    """How it stands in the Markdown, when it was an editor who wrote it."""


@dataclass(frozen=True, kw_only=True)
class _Link:
    element: str
    address: str
    line: int


@dataclass
class _Seen:
    """What one built page holds."""

    language: str | None = None
    title: str = ""
    headings: int = 0
    ids: Counter[str] = field(default_factory=Counter)
    links: list[_Link] = field(default_factory=list)
    faults: list[_Fault] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen = _Seen()
        self._is_in_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called by HTMLParser."""
        named = dict(attrs)
        line = self.getpos()[0]
        if tag in ("head", "body"):
            self._is_in_head = tag == "head"
        if tag == "html":
            self.seen.language = named.get("lang")
        self.seen.headings += tag == "h1"
        if identity := named.get("id"):
            self.seen.ids[identity] += 1
        element = f"link:{named.get('rel')}" if tag == "link" else tag
        for key in ("href", "src", "poster", "data", "action", "formaction"):
            if (address := named.get(key)) is not None:
                self.seen.links.append(_Link(element=element, address=address, line=line))
        self.seen.faults += _faults_of_tag(tag, named, line)

    def handle_data(self, data: str) -> None:
        """Called by HTMLParser."""
        if self._is_in_head and self.lasttag == "title":
            self.seen.title += data.strip()


def _faults_of_tag(tag: str, named: Mapping[str, str | None], line: int) -> Iterator[_Fault]:
    for key in named:
        if key == "style" or key.startswith("on"):
            message = f"<{tag} {key}=…> stoppes av innholdsregelen; bruk et stilark eller en fil"
            yield _Fault(rule=Rule.SITE_CODE, message=message, line=line, written=(f"{key}=",))
    if tag == "style" or (tag == "script" and "src" not in named):
        message = f"<{tag}> med innhold stoppes av innholdsregelen; bruk en fil"
        yield _Fault(rule=Rule.SITE_CODE, message=message, line=line, written=(f"<{tag}",))
    # A picture says nothing only when that was said on purpose: Markdown's own `![](x.png)` may be an omission.
    is_silent = tag == "img" and not (named.get("alt") or "").strip()
    if is_silent and not ("alt" in named and named.get("role") == "presentation"):
        message = (
            "bildet mangler tekst for den som ikke ser det: ![tekst](bilde.png), eller { role=presentation } til pynt"
        )
        file = Path(named.get("src") or "").name
        yield _Fault(rule=Rule.SITE_PICTURE, message=message, line=line, written=(file,) if file else ())


def check_site(site: Path, pages: Pages = MappingProxyType({})) -> list[Finding]:
    """All that is wrong with the built pages under `site`, in the Markdown of `pages` where it was written there."""
    seen = {_url(site, file): _read(file) for file in sorted(site.rglob("*.html"))}
    if not seen:
        message = "ingen sider; bygg først: make site"
        return [Finding(rule=Rule.SITE_NOT_BUILT, where=site.as_posix(), line=0, message=message)]
    sources = {page.url: page for page in pages.values()}
    return [
        _finding(site, url, fault, sources.get(url))
        for url, page in seen.items()
        for fault in _faults(site, url, page, seen)
    ]


def _url(site: Path, file: Path) -> str:
    return "/" + file.relative_to(site).as_posix().removesuffix("index.html")


def _read(file: Path) -> _Seen:
    reader = _Reader()
    reader.feed(file.read_text("utf-8"))
    return reader.seen


def _finding(site: Path, url: str, fault: _Fault, source: Page | None) -> Finding:
    where, line = f"{site.as_posix()}{url}{'index.html' if url.endswith('/') else ''}", fault.line
    found = [source.body.find(words) for words in fault.written] if source is not None else []
    positions = [position for position in found if position >= 0]
    if source is not None and positions:
        where, line = source.where, source.line_of(positions[0])
    return Finding(rule=fault.rule, where=where, line=line, message=fault.message)


def _faults(site: Path, url: str, seen: _Seen, pages: Mapping[str, _Seen]) -> Iterator[_Fault]:
    folder = url.split("/")[1]
    if not seen.language:
        yield _Fault(rule=Rule.SITE_LANGUAGE, message='siden sier ikke hvilket språk den er på: <html lang="…">')
    elif folder in list(Language) and seen.language != folder:
        message = f"siden ligger i /{folder}/, men sier at den er på {seen.language}"
        yield _Fault(rule=Rule.SITE_LANGUAGE, message=message)
    if not seen.title:
        yield _Fault(rule=Rule.SITE_TITLE, message="siden mangler tittel: <title>")
    if seen.headings != 1:
        message = f"siden har {seen.headings} hovedoverskrifter (h1); den skal ha én"
        yield _Fault(rule=Rule.SITE_HEADING, message=message, written=("<h1",))
    for identity, times in seen.ids.items():
        if times > 1:
            message = f"id «{identity}» er brukt {times} ganger; gi overskriften et eget navn: {{ #navn }}"
            yield _Fault(rule=Rule.SITE_ID, message=message, written=(f"#{identity}", f'id="{identity}"'))
    yield from seen.faults
    for link in seen.links:
        if broken := _fault_of_link(site, url, link, pages):
            rule, message = broken
            written = (f"]({link.address}", f'="{link.address}"')
            yield _Fault(rule=rule, message=message, line=link.line, written=written)


def _fault_of_link(site: Path, url: str, link: _Link, pages: Mapping[str, _Seen]) -> tuple[Rule, str] | None:
    if link.address.startswith(_ELSEWHERE):
        return None
    target = urlsplit(urljoin(f"https://{_HOST}{url}", link.address))
    if target.netloc != _HOST:
        is_fetched = link.element not in _NOT_FETCHED
        return (Rule.SITE_REQUEST, f"siden henter noe fra nettet: {link.address}") if is_fetched else None
    path = unquote(target.path)
    if path.startswith(FORM_PREFIXES):
        return None
    if path not in pages:
        exists = (site / path.lstrip("/")).is_file()
        return None if exists else (Rule.SITE_LINK, f"lenken fører ingen steder: {link.address}")
    if target.fragment and unquote(target.fragment) not in pages[path].ids:
        return Rule.SITE_ANCHOR, f"lenken peker på en overskrift som ikke finnes: {link.address}"
    return None
