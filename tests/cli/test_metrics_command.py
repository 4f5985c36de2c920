"""`portal metrics` says why it cannot listen."""

import socket

from command import Command


def test_without_an_address_nothing_is_served(portal: Command) -> None:
    assert "PORTAL_METRICS_ADDRESS is not set" in portal("metrics", exit_code=1).stderr


def test_an_address_that_is_taken_is_named(portal: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        said = portal("metrics", exit_code=1, PORTAL_METRICS_ADDRESS=address).stderr
    assert f"Nobody can listen at PORTAL_METRICS_ADDRESS. ({address}" in said
