"""The nginx of `deploy/nginx` in front of a real portal: what it serves itself is as the portal serves it, and what it
passes on arrives whole, from whom it came, and only if it should.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from forms_app.forms.definition import FormKey
from forms_app.intake.uploads import MOST_BYTES_EACH
from forms_app.language import Language, gettext, use
from forms_app.web.security import HEADERS, LARGEST_REQUEST, STRICT_TRANSPORT
from tests.acceptance.journeys import journey
from tests.deploy.front_server import STAFF, FrontServer, Told
from tests.deploy.real_portal import RealPortal
from tests.house.house import ROOT
from tests.sample_files import large_pdf

pytestmark = [pytest.mark.acceptance, pytest.mark.xdist_group("nginx")]

OF_THE_SERVER = {"server", "date", "connection", "transfer-encoding", "keep-alive"}
SITE = ROOT / "build" / "site"


def headers_of(told: Told) -> dict[str, str]:
    """What says something about the answer; a charset may stand in quotes."""
    pairs = {name.lower(): value for name, value in told.headers.items()}
    return {name: value.replace('"', "").lower() for name, value in pairs.items() if name not in OF_THE_SERVER}


def past_nginx(portal: RealPortal, path: str, **headers: str) -> Told:
    """The same from the portal itself."""
    head, unused_blank, body = portal.ask(path, **headers).partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    from http.client import HTTPMessage

    message = HTTPMessage()
    for line in lines:
        name, unused_colon, value = line.partition(": ")
        message[name] = value
    return Told(int(status.split()[1]), message, body)


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
            if path.is_file() and path.suffix != ".gz" and not path.name.startswith("."):
                name = str(path.relative_to(folder))
                found.setdefault((prefix, path.suffix), prefix + re.sub(r"(^|/)index\.html$", r"\1", name))
    return list(found.values())


def test_nginx_has_nothing_to_say_against_the_configuration(front: FrontServer) -> None:
    lines = front.test().splitlines()
    assert [line for line in lines if "is ok" not in line and "is successful" not in line] == []


def test_the_largest_request_is_the_portals() -> None:
    text = (ROOT / "deploy" / "nginx" / "nginx.conf").read_text("utf-8")
    assert f"client_max_body_size {LARGEST_REQUEST};" in text


@pytest.mark.parametrize("accepts", ["identity", "gzip"])
def test_files_are_served_as_the_portal_serves_them(
    front: FrontServer, real_portal: RealPortal, accepts: str
) -> None:
    paths = [*one_of_each_kind(), "/nb/", "/da/"]
    assert len(paths) > 12
    for path in paths:
        ours = past_nginx(real_portal, path, Accept_Encoding=accepts)
        theirs = front.ask("GET", path, headers={"Accept-Encoding": accepts})
        assert ours.status == theirs.status == 200, path
        assert theirs.body == ours.body, path
        assert headers_of(theirs) == headers_of(ours), path
