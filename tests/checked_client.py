"""A browser that is also a page linter: no answer passes through it that is not a proper page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from flask import Flask
from page_checks import faults_of
from proper_html import parsed

Fields = Mapping[str, Sequence[str]]
"""What a form posts: name to values."""


@dataclass(frozen=True, kw_only=True)
class File:
    """A file as a browser sends it."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Page:
    """An answer. `tree` is its parsed HTML, None for anything else; `location` is where a redirect leads."""

    url: str
    status: int
    headers: Mapping[str, str]
    text: str
    location: str
    cookies: tuple[str, ...]
    tree: Element | None = field(repr=False)

    def all(self, path: str) -> list[Element]:
        """Elements by ElementTree's path: `.//input[@type='radio']`."""
        assert self.tree is not None, (self.url, self.status)
        return self.tree.findall(path)

    def one(self, path: str) -> Element:
        """The only such element."""
        (found,) = self.all(path)
        return found

    def words(self, path: str) -> list[str]:
        """The text of each such element, blanks folded."""
        return [words_of(element) for element in self.all(path)]

    @property
    def heading(self) -> str:
        """The one h1."""
        return words_of(self.one(".//h1"))

    @property
    def title(self) -> str:
        """What the browser's tab says."""
        return words_of(self.one(".//title"))

    @property
    def main(self) -> str:
        """The words of the page without its frame."""
        return words_of(self.one(".//main"))

    @property
    def slug(self) -> str:
        """The last part of the address."""
        return self.url.partition("?")[0].rstrip("/").rpartition("/")[2]

    def with_class(self, name: str) -> list[Element]:
        """Elements of this class."""
        return [one for one in self.all(".//*[@class]") if name in one.get("class", "").split()]


def words_of(element: Element) -> str:
    """The element's text with blanks folded."""
    return " ".join("".join(element.itertext()).split())


class CheckedClient:
    """One browser with its cookies. Every page it gets must be free of faults; redirects are not followed unless
    asked.
    """

    def __init__(self, app: Flask, *, base_url: str = "http://localhost") -> None:
        self.app = app
        self.base_url = base_url
        self.browser = app.test_client()

    def get(self, url: str, *, status: int | None = 200) -> Page:
        """The page at `url`, which must answer with `status` if one is named."""
        return self._checked(self.browser.get(url, base_url=self.base_url), url, status)

    def post(
        self,
        url: str,
        fields: Fields,
        *,
        files: Sequence[File] = (),
        multipart: bool = False,
        status: int | None = None,
    ) -> Page:
        """What comes of posting `fields`; with `files` they go in the field "files"."""
        data: dict[str, Any] = {name: list(values) for name, values in fields.items()}
        if multipart or files:
            body, content_type = multipart_body(fields, files)
            answer = self.browser.post(url, data=body, content_type=content_type, base_url=self.base_url)
        else:
            answer = self.browser.post(url, data=data, base_url=self.base_url)
        return self._checked(answer, url, status)

    def follow(self, page: Page) -> Page:
        """Where a redirect leads."""
        assert page.status == 303, (page.url, page.status)
        return self.get(page.location)

    def cookie(self, name: str) -> str | None:
        """The value of one of the browser's cookies."""
        found = self.browser.get_cookie(name)
        return found.value if found else None

    def forget(self, name: str) -> None:
        """Lose a cookie, as when it has expired."""
        self.browser.delete_cookie(name)

    def _checked(self, answer: Any, url: str, status: int | None) -> Page:
        html = answer.mimetype == "text/html" and answer.status_code // 100 != 3
        page = Page(
            url=url,
            status=answer.status_code,
            headers=dict(answer.headers),
            # What is no page may be no text either.
            text=answer.text if html else answer.data.decode(errors="replace"),
            location=answer.headers.get("Location", ""),
            cookies=tuple(answer.headers.getlist("Set-Cookie")),
            tree=parsed(answer.text) if html else None,
        )
        answer.close()
        assert status in (None, page.status), (url, page.status, page.location)
        faults = faults_of(page.tree, url, page.headers) if page.tree is not None else []
        assert not faults, "\n".join([f"{url} ({page.status}):", *faults])
        return page


_BOUNDARY = "----a-browser-s-boundary"


def multipart_body(fields: Fields, files: Sequence[File], *, name: str = "files") -> tuple[bytes, str]:
    """A body as browsers build it, and its content type; file names go out raw, as UTF-8."""
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, values in fields.items()
        for value in values
    ]
    for file in files:
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{file.name}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + file.content + b"\r\n")
    return b"".join([*parts, f"--{_BOUNDARY}--\r\n".encode()]), f"multipart/form-data; boundary={_BOUNDARY}"
