"""The nginx of `deploy/nginx` in front of a real portal: what it serves itself is as the portal serves it, and what it
passes on arrives whole, from whom it came, and only if it should.
"""

import json
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from forms_app.forms.definition import FormKey
from forms_app.intake.uploads import MOST_BYTES_EACH
from forms_app.language import Language, gettext, use
from forms_app.web.security import HEADERS, LARGEST_REQUEST, STRICT_TRANSPORT
from tests.acceptance.journeys import journey
from tests.acceptance.running_portal import wait_for
from tests.deploy.front_server import STAFF, FrontServer
from tests.deploy.real_portal import RealPortal
from tests.deploy.told import Told
from tests.house.house import ROOT
from tests.sample_files import large_pdf

pytestmark = [pytest.mark.acceptance, pytest.mark.xdist_group("nginx")]

# The portal serves parts of files too, but does not say so.
OF_THE_SERVER = {"server", "date", "connection", "transfer-encoding", "keep-alive", "accept-ranges"}
SITE = ROOT / "build" / "site"


def headers_of(told: Told) -> dict[str, str]:
    """What says something about the answer; a charset may stand in quotes."""
    pairs = {name.lower(): value for name, value in told.headers.items()}
    return {name: value.replace('"', "").lower() for name, value in pairs.items() if name not in OF_THE_SERVER}


class Listener:
    """In the place of the portal: keeps what it is asked, as it came."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.requests: list[bytes] = []

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Answer everything with an empty page."""
        self.requests.clear()
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self.path))
            listener.listen(512)
            thread = threading.Thread(target=self._answer, args=(listener,))
            thread.start()
            try:
                yield
            finally:
                listener.shutdown(socket.SHUT_RDWR)
                thread.join()
                self.path.unlink()

    def _answer(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, unused_address = listener.accept()
            except OSError:
                return
            with connection:
                asked = b""
                while not _is_whole(asked):
                    asked += connection.recv(1 << 16)
                self.requests.append(asked)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def _is_whole(asked: bytes) -> bool:
    head, is_there, body = asked.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return bool(is_there) and len(body) >= int(length[1] if length else 0)


@pytest.fixture(scope="module")
def lonely(current: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontServer]:
    """An nginx without a portal behind it."""
    folder = tmp_path_factory.mktemp("lonely")
    (folder / "run").mkdir()
    server = FrontServer(folder / "nginx", current=current, sockets=folder / "run")
    server.start()
    yield server
    server.end()


@pytest.fixture
def listener(lonely: FrontServer) -> Listener:
    return Listener(lonely.sockets / "citizen.sock")


def one_of_each_kind() -> list[str]:
    """Addresses of files of every ending, and of every folder that is served."""
    found: dict[tuple[str, str], str] = {}
    folders = {
        "/": SITE,
        "/static/assets/": ROOT / "build" / "assets",
        "/static/forms/": ROOT / "forms_app" / "web" / "static",
        "/static/shared/": ROOT / "forms_app" / "web" / "shared",
    }
    for prefix, folder in folders.items():
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix not in (".gz", ".br") and not path.name.startswith("."):
                name = str(path.relative_to(folder))
                found.setdefault((prefix, path.suffix), prefix + re.sub(r"(^|/)index\.html$", r"\1", name))
    return list(found.values())


def test_nginx_has_nothing_to_say_against_the_configuration(front: FrontServer) -> None:
    lines = front.test().splitlines()
    assert [line for line in lines if "is ok" not in line and "is successful" not in line] == []


def test_a_container_knows_whether_its_web_server_is_well(
    front: FrontServer, real_portal: RealPortal, tmp_path: Path
) -> None:
    def is_healthy(at: Path) -> bool:
        words = [sys.executable, ROOT / "deploy" / "container" / "healthy.py", at]
        return subprocess.run(words, capture_output=True, check=False, timeout=30).returncode == 0

    assert is_healthy(real_portal.socket_path)
    assert not is_healthy(tmp_path / "nobody.sock")


def test_the_largest_request_is_the_portals() -> None:
    text = (ROOT / "deploy" / "nginx" / "nginx.conf").read_text("utf-8")
    assert f"client_max_body_size {LARGEST_REQUEST};" in text


@pytest.mark.parametrize("accepts", ["identity", "gzip"])
def test_files_are_served_as_the_portal_serves_them(front: FrontServer, real_portal: RealPortal, accepts: str) -> None:
    paths = [*one_of_each_kind(), "/nb/", "/da/"]
    assert len(paths) > 12
    for path in paths:
        ours = real_portal.ask(path, Accept_Encoding=accepts)
        theirs = front.ask("GET", path, headers={"Accept-Encoding": accepts})
        assert ours.status == theirs.status == 200, path
        assert theirs.body == ours.body, path
        told_ours, told_theirs = headers_of(ours), headers_of(theirs)
        if "content-encoding" in told_ours:
            # What is compressed has a mark of its own in nginx, and that of the file in the portal.
            assert told_ours.pop("etag") != told_theirs.pop("etag")
        assert told_theirs == told_ours, path


@pytest.mark.parametrize(
    "path",
    [
        *("/nb", "/nb/index.html", "/nb/nothing-here/", "/nothing", "/static/assets/", "/static/assets/nothing.css"),
        *("/static/assets/.stamp", "/.git/config", "/static/assets/forms/forms.css.gz", "/sitemap.xml.gz", "/staff/"),
        *("/static/assets/..%2f..%2fportal.toml",),
    ],
)
def test_what_is_no_file_is_answered_by_the_portal(front: FrontServer, real_portal: RealPortal, path: str) -> None:
    ours, theirs = real_portal.ask(path), front.ask("GET", path)
    # nginx compresses what the portal leaves as it is.
    told = {**headers_of(ours), "vary": "accept-encoding"} if "vary" in headers_of(theirs) else headers_of(ours)
    assert (theirs.status, headers_of(theirs), theirs.text) == (ours.status, told, ours.text)


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/front/busy.nb.html", 404, "This page does not exist"),
        ("/nb/../../portal.toml", 400, "Something did not work"),
        ("/%2e%2e/portal.toml", 400, "Something did not work"),
    ],
)
def test_nothing_else_can_be_read(front: FrontServer, path: str, status: int, title: str) -> None:
    assert_own_page(front.ask("GET", path), status, title, Language.NB if path.startswith("/nb/") else None)


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics", "/ready/"])
def test_what_machines_ask_is_not_for_everybody(front: FrontServer, path: str) -> None:
    assert_own_page(front.ask("GET", path), 404, "This page does not exist", None)


def assert_own_page(told: Told, status: int, title: str, language: Language | None) -> None:
    """A page of ours, in the language that was asked in or in all three, with all that protects it."""
    assert told.status == status
    assert {name: told.headers[name] for name in HEADERS} == HEADERS
    assert told.headers["Strict-Transport-Security"] == STRICT_TRANSPORT
    assert told.headers["Cache-Control"] == "no-store"
    for one in [language] if language else list(Language):
        with use(one):
            assert f'<h1 class="ds-heading" data-size="lg">{gettext(title)}' in told.text or not language
            assert gettext(title) in told.text
    assert "nginx" not in told.text


@pytest.mark.parametrize("language", Language)
def test_an_address_that_is_too_long_is_told_so(front: FrontServer, language: Language) -> None:
    told = front.ask("GET", f"/{language}/{'a' * 20_000}")
    assert_own_page(told, 414, "The address is too long", None)


def test_too_many_cookies_are_told_so(front: FrontServer) -> None:
    told = front.ask("GET", "/nn/", headers={"Cookie": "a=" + "b" * 40_000})
    assert_own_page(told, 431, "Your browser sends too much", Language.NN)


def test_what_is_too_large_is_told_so_after_it_was_sent(front: FrontServer) -> None:
    """Whoever answered before would show the browser a broken connection."""
    body = b"a" * (LARGEST_REQUEST + 1)
    told = front.ask("POST", "/da/skema/klage/", body, headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert_own_page(told, 413, "The files are too large", Language.DA)


def test_http_leads_to_https_and_another_name_nowhere(front: FrontServer) -> None:
    def plain(host: str) -> bytes:
        with socket.create_connection(("127.0.0.1", front.http), timeout=20) as connection:
            connection.sendall(f"GET /nb/?a=b HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            return connection.recv(4096)

    assert b"\r\nLocation: https://portal.example.org/nb/?a=b\r\n" in plain("portal.example.org")
    with pytest.raises(ConnectionResetError):
        plain("evil.example")
    with pytest.raises(ssl.SSLError):
        front.ask("GET", "/", name="evil.example")


def test_old_tls_is_not_spoken(front: FrontServer) -> None:
    context = ssl.create_default_context(cafile=front.certificate)
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", front.https)) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname="portal.example.org")


def test_staff_have_a_name_of_their_own(front: FrontServer) -> None:
    assert front.ask("GET", "/staff/").status == 404
    home = front.ask("GET", "/", name=STAFF)
    assert (home.status, home.headers["Location"]) == (302, "/staff/")
    assert_own_page(front.ask("GET", "/staff/", name=STAFF), 502, "The service does not answer just now", None)
    assert front.ask("GET", "/static/assets/forms/staff.css", name=STAFF).status == 200


@pytest.mark.parametrize("language", Language)
def test_a_whole_form_arrives_with_its_largest_file(
    front: FrontServer, real_portal: RealPortal, language: Language
) -> None:
    citizen = front.citizen(journey(FormKey.APPLICATION, language))
    files = [("stort.pdf", large_pdf(MOST_BYTES_EACH))] if language is Language.NB else []
    assert citizen.send(files).receipt_reference
    assert {name for name in citizen.cookies if not name.startswith("__Host-")} == set()
    for line in citizen.set_cookies:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(re.split("; ?", line)), line
    assert list(front.uploads.rglob("*")) == [front.uploads / "answers", front.uploads / "requests"]


def test_the_log_says_what_was_asked_for_and_never_by_whom(front: FrontServer) -> None:
    citizen = front.citizen(journey(FormKey.COMPLAINT))
    reference = citizen.send().receipt_reference or "?"
    citizen.find_by_code(citizen.cookies["__Host-receipt-complaint"], Language.NB)
    front.ask("GET", f"/nb/{citizen.journey.form}/{reference}?navn=Kari&kode=hemmelig", source="127.4.5.6")
    front.ask("GET", f"/nb/skjema/{reference}/kari-nordmann", source="127.4.5.6")
    told = front.log.read_text("utf-8") + front.errors.read_text("utf-8")
    for secret in (
        reference,
        citizen.cookies["__Host-receipt-complaint"],
        "Kari",
        "kari",
        "hemmelig",
        "127.4.5.6",
        "?",
    ):
        assert secret not in told
    assert '"network":"127.4.5.0"' in told
    assert '"method":"POST","page":"/nb/skjema/klage"' in told


@pytest.mark.parametrize("path", ["/nb/skjema/klage/", "/nn/skjema/klage/", "/da/skema/klage/", "/static/x.css"])
def test_while_the_portal_is_away_files_are_there_and_the_rest_says_when_to_come_back(
    lonely: FrontServer, path: str
) -> None:
    spoken = path[1:3] if path[1:3] in set(Language) else None
    told = lonely.ask("GET", path)
    assert_own_page(told, 502, "The service does not answer just now", Language(spoken) if spoken else None)
    assert told.headers["Retry-After"] == "60"
    assert lonely.ask("POST", path, b"a=b").status == 502
    assert lonely.ask("GET", "/nb/").status == 200
    for needed in re.findall(r'(?:href|src)="(/static/[^"]+)"', told.text):
        assert lonely.ask("GET", needed).status == 200


def test_nobody_chooses_what_the_portal_is_told_of_them(lonely: FrontServer, listener: Listener) -> None:
    claims = {
        "X-Forwarded-For": "192.0.2.1",
        "Forwarded": "for=192.0.2.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Ssl": "on",
        "Connection": "X-Forwarded-For",
    }
    with listener.answering():
        assert lonely.ask("GET", "/nb/skjema/klage/", headers=claims, source="127.1.2.3").status == 200
    lines = listener.requests[-1].decode().lower().split("\r\n")
    assert [line for line in lines if "forwarded" in line] == ["x-forwarded-for: 127.1.2.3"]
    assert "host: portal.example.org" in lines


def test_the_portal_meets_whole_requests_only(lonely: FrontServer, listener: Listener) -> None:
    """A slow telephone sends its file for a minute; meanwhile no thread of the portal knows of it."""
    with listener.answering(), lonely.slow_post("127.1.1.1", 100) as slow:
        for unused_byte in range(5):
            slow.sendall(b"a")
            time.sleep(0.1)
        assert listener.requests == []
        slow.sendall(b"a" * 95)
        assert slow.recv(4096).startswith(b"HTTP/1.1 200")
    assert listener.requests[0].endswith(b"a" * 100)


def test_whoever_asks_for_too_much_is_told_and_others_are_not(lonely: FrontServer, listener: Listener) -> None:
    def ask(unused_time: int) -> Told:
        return lonely.ask("GET", "/nn/skjema/klage/", source="127.6.6.6")

    with listener.answering():
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(ask, range(300)))
        assert lonely.ask("GET", "/nn/skjema/klage/", source="127.6.6.7").status == 200
    assert {told.status for told in answers} == {200, 429}
    refused = next(told for told in answers if told.status == 429)
    assert_own_page(refused, 429, "Too much at once", Language.NN)
    assert refused.headers["Retry-After"] == "60"
    assert lonely.ask("GET", "/nn/", source="127.6.6.6").status == 200


def test_a_thousand_who_are_slow_hold_nobody_up(front: FrontServer) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(front.slow_post(f"127.7.{n % 20}.1", 1000)) for n in range(1000)]
        for one in slow:
            one.sendall(b"a")
        began = time.monotonic()
        assert front.citizen(journey(FormKey.COMPLAINT)).send().receipt_reference
        assert time.monotonic() - began < 20
        for one in slow:
            one.sendall(b"a")


def test_a_new_process_takes_over_and_nobody_notices(front: FrontServer, real_portal: RealPortal) -> None:
    """People fill in forms all the time, while the web server is stopped and started anew."""
    lines_before = len(front.log.read_text("utf-8").splitlines())
    sent: list[str | None] = []
    failed: list[BaseException] = []
    is_over = threading.Event()

    def go_on_sending() -> None:
        while not is_over.is_set():
            try:
                sent.append(front.citizen(journey(FormKey.COMPLAINT)).send().receipt_reference)
            except BaseException as error:
                failed.append(error)

    senders = [threading.Thread(target=go_on_sending) for unused_number in range(3)]
    for one in senders:
        one.start()
    wait_for(lambda: len(sent) > 1, "somebody has sent")
    real_portal.stop()
    real_portal.start()
    before = len(sent)
    wait_for(lambda: len(sent) > before + 1, "somebody has sent")
    is_over.set()
    for one in senders:
        one.join(120)
    assert failed == []
    assert None not in sent
    lines = front.log.read_text("utf-8").splitlines()[lines_before:]
    assert {json.loads(line)["status"] // 100 for line in lines} == {2, 3}
