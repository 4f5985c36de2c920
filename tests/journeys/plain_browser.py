"""A browser that reads pages fast and keeps every blank; whether they are proper pages is tested elsewhere."""

from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from checked_client import CheckedClient, Page

_VOID = frozenset(("br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))


class _Reader(HTMLParser):
    """Our own pages close what they open, so no rule of HTML for pages that do not is needed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.builder = TreeBuilder()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in _VOID:
            self.builder.end(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """In SVG."""
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)


def read(html: str) -> Element:
    """The page as a tree, every character of its texts as it stands, but for what a browser drops in a textarea."""
    tree = _Reader(html).builder.close()
    for area in tree.iter("textarea"):
        area.text = (area.text or "").removeprefix("\n")
    return tree


class PlainBrowser(CheckedClient):
    """As CheckedClient, without the checks of the page itself."""

    def download(self, url: str) -> bytes:
        """A file, byte by byte."""
        answer = self.browser.get(url, base_url=self.base_url)
        content = answer.get_data()
        answer.close()
        assert answer.status_code == 200, (url, answer.status_code)
        return content

    def _checked(self, answer: Any, url: str, status: int | None) -> Page:
        html = answer.mimetype == "text/html" and answer.status_code // 100 != 3
        page = Page(
            url=url,
            status=answer.status_code,
            headers=dict(answer.headers),
            text=answer.text,
            location=answer.headers.get("Location", ""),
            cookies=tuple(answer.headers.getlist("Set-Cookie")),
            tree=read(answer.text) if html else None,
        )
        answer.close()
        assert status in (None, page.status), (url, page.status, page.location)
        return page
