"""A citizen with a very plain browser: it keeps cookies, follows redirects and fills in what a page asks."""

import http.client
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from forms_app.language import Language
from tests.acceptance.journeys import Journey

File = tuple[str, bytes]
"""Name and content."""
Pairs = list[tuple[str, str]]


class _PostForm(HTMLParser):
    """What a browser would send back from a page, and the names that it could send."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pairs: Pairs = []
        self.names: set[str] = set()
        self.takes_files = False
        self._inside = self._text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name, kind = has.get("name") or "", has.get("type") or ""
        if tag in ("textarea", "select"):
            self.names.add(name)
            self._inside, self._text = name, ""
        if tag == "option" and ("selected" in has or self._inside not in dict(self.pairs)):
            self.pairs = [pair for pair in self.pairs if pair[0] != self._inside]
            self.pairs.append((self._inside, has.get("value") or ""))
        if tag != "input" or not name:
            return
        self.names.add(name)
        self.takes_files |= kind == "file"
        if kind in ("hidden", "text") or (kind in ("radio", "checkbox") and "checked" in has):
            self.pairs.append((name, has.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.pairs.append((self._inside, self._text.removeprefix("\n")))
        self._text = ""

    def handle_data(self, data: str) -> None:
        self._text += data


@dataclass(frozen=True)
class Answer:
    """What the server answered, after redirects."""

    status: int
    path: str
    html: str

    @property
    def receipt_reference(self) -> str | None:
        """The reference on a receipt; None on any other page."""
        found = re.search(r'class="reference">([^<]+)<', self.html)
        return found[1] if found else None


class HTTPCitizen:
    """One person with one cookie jar; raises OSError or HTTPException when the server is gone."""

    def __init__(self, port: int, journey: Journey) -> None:
        self.port = port
        self.journey = journey
        self.cookies: dict[str, str] = {}

    def connect(self) -> http.client.HTTPConnection:
        """A connection for one request."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    @property
    def code(self) -> str:
        """The code of the draft, which is also that of the receipt."""
        return self.cookies[f"draft-{self.journey.form}"]

    def get(self, path: str) -> Answer:
        """Read a page."""
        return self._ask("GET", path)

    def post(self, path: str, pairs: Pairs, files: Sequence[File] | None = None) -> Answer:
        """Send a form; with `files`, also an empty list, as multipart."""
        if files is None:
            return self._ask("POST", path, urlencode(pairs).encode(), "application/x-www-form-urlencoded")
        boundary = uuid.uuid4().hex
        return self._ask("POST", path, _multipart(pairs, files, boundary), f"multipart/form-data; boundary={boundary}")

    def answer(self, page: Answer, files: Sequence[File] = ()) -> Answer:
        """Fill in what the page asks and continue."""
        form = _PostForm(page.html)
        given = self.journey.answers
        pairs = [(name, value) for name, value in form.pairs if name not in given]
        pairs += [(name, value) for name in sorted(form.names) for value in given.get(name, ())]
        return self.post(page.path, pairs, list(files) if form.takes_files else None)

    def fill_in(self, files: Sequence[File] = ()) -> Answer:
        """Everything up to the page where the answers are looked over."""
        page = self.answer(self.get(self.journey.start))
        for unused_step in range(20):
            assert page.status == 200, (page.status, page.path, page.html)
            if page.path == self.journey.review:
                return page
            page = self.answer(page, files)
        raise AssertionError(f"no end in sight: {page.path}")

    def send(self, files: Sequence[File] = ()) -> Answer:
        """The whole form, up to the receipt."""
        return self.answer(self.fill_in(files))

    def find_by_code(self, code: str, language: Language) -> Answer:
        """Type a code where codes are typed."""
        page = self.get(f"/{language}/{'skema' if language is Language.DA else 'skjema'}/status")
        form = _PostForm(page.html)
        return self.post(page.path, [pair for pair in form.pairs if pair[0] != "code"] + [("code", code)])

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        for unused_redirect in range(5):
            status, location, html = self._once(method, path, body, kind)
            if not location:
                return Answer(status, path.partition("?")[0], html)
            method, path, body = "GET", location, None
        raise AssertionError(f"redirects in circles: {path}")

    def _once(self, method: str, path: str, body: bytes | None, kind: str) -> tuple[int, str | None, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = kind
        connection = self.connect()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            html = answer.read().decode()
            self._keep_cookies(answer.headers)
            return answer.status, answer.headers["Location"], html
        finally:
            connection.close()

    def _keep_cookies(self, headers: Any) -> None:
        for line in headers.get_all("Set-Cookie") or ():
            name, unused_equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')


def with_cookies_of(other: HTTPCitizen) -> HTTPCitizen:
    """The same person in another window."""
    twin = HTTPCitizen(other.port, other.journey)
    twin.cookies = dict(other.cookies)
    return twin


def _multipart(pairs: Pairs, files: Sequence[File], boundary: str) -> bytes:
    parts: list[bytes] = []
    for name, value in pairs:
        parts += [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()]
    for filename, content in files:
        disposition = f'Content-Disposition: form-data; name="files"; filename="{filename}"'
        parts += [f"--{boundary}\r\n{disposition}\r\nContent-Type: application/octet-stream\r\n\r\n".encode()]
        parts += [content, b"\r\n"]
    return b"".join([*parts, f"--{boundary}--\r\n".encode()])
