"""Who may log in is said on the command line, and every change stands in the audit trail."""

import pytest
import sqlalchemy as sa
from command import Command

from forms_app.storage import audit
from forms_app.storage.engine import reading

ISSUER = {"PORTAL_OIDC_ISSUER": "http://127.0.0.1:9"}
INGRID = ("--name", "Ingrid Solberg", "--municipality", "arendal", "--role")


@pytest.fixture(autouse=True)
def databases(portal: Command) -> None:
    portal("migrate")


def trail(database: sa.Engine) -> list[tuple[str, str]]:
    with reading(database) as connection:
        return [(entry.action.partition(" staff:")[0], entry.subject) for entry in audit.entries(connection)]


def test_somebody_is_let_in_gets_another_role_and_leaves(portal: Command, database: sa.Engine) -> None:
    assert (
        "Ingrid Solberg is case_worker in Arendal."
        in portal("staff", "add", "ingrid", *INGRID, "case_worker", **ISSUER).stdout
    )
    portal("staff", "add", "ingrid", *INGRID, "unit_leader", **ISSUER)
    assert portal("staff", "list").stdout == "ingrid  Ingrid Solberg  arendal: case_worker unit_leader\n"
    portal("staff", "remove", "ingrid", "--role", "case_worker", **ISSUER)
    assert portal("staff", "list").stdout == "ingrid  Ingrid Solberg  arendal: unit_leader\n"
    assert "1 roles taken from Ingrid Solberg." in portal("staff", "remove", "ingrid", **ISSUER).stdout
    assert portal("staff", "list").stdout == ""
    assert trail(database) == [
        ("granted case_worker to", "arendal"),
        ("granted unit_leader to", "arendal"),
        ("took case_worker from", "arendal"),
        ("took unit_leader from", "arendal"),
    ]


def test_giving_a_role_again_changes_nothing(portal: Command, database: sa.Engine) -> None:
    for unused_time in range(2):
        portal("staff", "add", "ingrid", *INGRID, "auditor", **ISSUER)
    assert len(trail(database)) == 1


def test_who_left_and_comes_back_is_the_same_person(portal: Command, database: sa.Engine) -> None:
    portal("staff", "add", "ingrid", *INGRID, "auditor", **ISSUER)
    portal("staff", "remove", "ingrid", **ISSUER)
    portal("staff", "add", "ingrid", *INGRID, "auditor", **ISSUER)
    with reading(database) as connection:
        deeds = [entry.action for entry in audit.entries(connection)]
    assert deeds[0] == deeds[2]


def test_a_stranger_a_missing_provider_and_an_unknown_place_are_named(portal: Command) -> None:
    assert "Nobody logs in as this" in portal("staff", "remove", "ingrid", exit_code=1, **ISSUER).stderr
    assert "PORTAL_OIDC_ISSUER" in portal("staff", "add", "ingrid", *INGRID, "auditor", exit_code=1).stderr
    elsewhere = ("--name", "X", "--municipality", "nowhere", "--role", "auditor")
    assert "nowhere" in portal("staff", "add", "x", *elsewhere, exit_code=1, **ISSUER).stderr
