"""Two hosts over one database: they share nothing else, and one of them may die or be cut off."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPException
from pathlib import Path

import pytest

from forms_app.forms.definition import FormKey
from forms_app.storage.engine import make_engine
from tests.acceptance.http_citizen import HTTPCitizen
from tests.acceptance.journeys import journey
from tests.acceptance.running_portal import RunningPortal, wait_for
from tests.postgres import Server
from tests.sample_files import pdf
from tests.unlimited import CITIZENS_ONLY

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.xdist_group("several_hosts"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can make networks of its own"),
]

NAMESPACE = "portal-database"
SECONDS_TILL_NOTICED = 60.0
"""A cut connection is noticed after fifteen seconds without an answer; a busy machine needs longer."""


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


class Link:
    """A way of its own between a host and the database; cutting it lets no packet through and tells nobody."""

    def __init__(self, number: int) -> None:
        self.name = f"portal-host{number}"
        self.database = f"10.77.{number}.2"
        ip("link", "add", self.name, "type", "veth", "peer", "name", "host", "netns", NAMESPACE)
        ip("-n", NAMESPACE, "link", "set", "host", "name", self.name)
        ip("addr", "add", f"10.77.{number}.1/24", "dev", self.name)
        ip("-n", NAMESPACE, "addr", "add", f"{self.database}/24", "dev", self.name)
        ip("-n", NAMESPACE, "link", "set", self.name, "up")
        ip("link", "set", self.name, "up")

    def cut(self) -> None:
        """At the far end, so that whoever is here goes on sending and hears nothing."""
        ip("-n", NAMESPACE, "link", "set", self.name, "down")

    def mend(self) -> None:
        ip("-n", NAMESPACE, "link", "set", self.name, "up")

    def remove(self) -> None:
        """Now: with the namespace it would go some time later."""
        ip("link", "del", self.name)


@pytest.fixture(scope="module")
def links() -> Iterator[tuple[Link, Link]]:
    for left_behind in (["link", "del", "portal-host1"], ["link", "del", "portal-host2"], ["netns", "del", NAMESPACE]):
        subprocess.run(["ip", *left_behind], check=False, stderr=subprocess.DEVNULL)
    ip("netns", "add", NAMESPACE)
    made = Link(1), Link(2)
    yield made
    for link in made:
        link.remove()
    ip("netns", "del", NAMESPACE)


@pytest.fixture(scope="module")
def database_host(links: tuple[Link, Link]) -> Iterator[Server]:
    server = Server(namespace=NAMESPACE)
    server.start()
    yield server
    server.remove()


@pytest.fixture
def hosts(
    database_host: Server, links: tuple[Link, Link], tmp_path: Path
) -> Iterator[tuple[RunningPortal, RunningPortal]]:
    """Two portals with the same keys, each in a folder of its own and over a link of its own."""
    databases = {name: database_host.create() for name in ("DATABASE_URL", "STAFF_DATABASE_URL")}
    with ExitStack() as ends:
        made: list[RunningPortal] = []
        for number, link in enumerate(links):
            urls = {name: database_host.url(one, address=link.database) for name, one in databases.items()}
            portal = RunningPortal(tmp_path / f"host{number}", settings={**CITIZENS_ONLY, **urls})
            if made:
                shutil.copytree(made[0].data / "keys", portal.data / "keys")
            made.append(portal)
            ends.callback(portal.end)
            portal.start()
        first, second = made
        yield first, second
    for database in databases.values():
        database_host.drop(database)


def citizen_of(portal: RunningPortal) -> HTTPCitizen:
    return HTTPCitizen(portal.port, journey(FormKey.POWER_OF_ATTORNEY))


def taken_over_by(citizen: HTTPCitizen, portal: RunningPortal) -> HTTPCitizen:
    """The same person in the same browser, whom the load balancer sends elsewhere."""
    other = HTTPCitizen(portal.port, citizen.journey)
    other.cookies = dict(citizen.cookies)
    return other


def end_the_leases_of_the_dead(portal: RunningPortal) -> None:
    """A lease lasts a minute, and nobody holds it any more: spare the test the wait."""
    engine = make_engine(portal.database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET leased_until = 0 WHERE state = 'doing'")
    engine.dispose()


def assert_delivered_somewhere(hosts: tuple[RunningPortal, ...], references: set[str]) -> None:
    def there() -> set[str]:
        found = (host.parcel("arendal", one) for host in hosts for one in references)
        return {parcel.name for parcel in found if (parcel / "manifest.json").is_file()}

    wait_for(lambda: there() == references, "everything is delivered", seconds=120, pause=0.2)


def test_what_was_begun_on_one_host_is_sent_and_shown_on_the_other(hosts: tuple[RunningPortal, RunningPortal]) -> None:
    first, second = hosts
    here = citizen_of(first)
    review = here.fill_in([("fullmakt.pdf", pdf())])
    there = taken_over_by(here, second)
    reference = there.answer(review).receipt_reference
    assert reference
    assert taken_over_by(there, first).get(here.journey.receipt).receipt_reference == reference
    assert [line["reference"] for line in first.inbox()] == [line["reference"] for line in second.inbox()]
    assert_delivered_somewhere(hosts, {reference})


def test_a_host_that_dies_takes_nothing_with_it(hosts: tuple[RunningPortal, RunningPortal]) -> None:
    first, second = hosts
    citizens = [citizen_of(first) for __citizen in range(4)]
    shown: dict[str, str] = {}

    def send(citizen: HTTPCitizen, review: object) -> None:
        try:
            answer = citizen.answer(review)  # type: ignore[arg-type]
        except (OSError, HTTPException):
            return
        if answer.receipt_reference:
            shown[citizen.code] = answer.receipt_reference

    sending = [threading.Thread(target=send, args=(one, one.fill_in())) for one in citizens]
    for thread in sending:
        thread.start()
    threading.Event().wait(0.1)
    first.kill(first.everything())
    for thread in sending:
        thread.join()
    references = set()
    for citizen in citizens:
        elsewhere = taken_over_by(citizen, second)
        answer = elsewhere.get(citizen.journey.receipt)
        reference = (
            answer.receipt_reference or elsewhere.answer(elsewhere.get(citizen.journey.review)).receipt_reference
        )
        assert reference
        assert shown.get(citizen.code, reference) == reference
        references.add(reference)
    assert len(references) == len(citizens)
    end_the_leases_of_the_dead(second)
    assert_delivered_somewhere(hosts, references)
    assert {line["reference"] for line in second.inbox()} == references


def test_a_host_that_is_cut_off_says_so_and_comes_back_by_itself(
    hosts: tuple[RunningPortal, RunningPortal], links: tuple[Link, Link]
) -> None:
    first, second = hosts
    there, here = citizen_of(second), citizen_of(first)
    review = there.fill_in()
    sent_before = citizen_of(second).send().receipt_reference
    links[1].cut()
    try:
        refused = there.answer(review)
        assert (refused.status, refused.receipt_reference) == (503, None)
        assert "Det du har lagret, er tatt vare på." in refused.html
        elsewhere = taken_over_by(there, first)
        moved = elsewhere.answer(elsewhere.get(there.journey.review)).receipt_reference
        meanwhile = here.send().receipt_reference
        assert moved
        assert meanwhile
        end_the_leases_of_the_dead(first)
        assert_delivered_somewhere(hosts, {moved, meanwhile, sent_before or ""})
    finally:
        links[1].mend()
    wait_for(second.is_healthy, "the host that was cut off answers again", seconds=SECONDS_TILL_NOTICED)
    assert there.get(there.journey.receipt).receipt_reference == moved
    last = citizen_of(second).send().receipt_reference
    assert_delivered_somewhere(hosts, {last or ""})
    assert {line["reference"] for line in second.inbox()} == {sent_before, moved, meanwhile, last}
