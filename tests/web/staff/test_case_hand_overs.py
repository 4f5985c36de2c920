"""A case page says what became of each hand-over, and why one did not arrive, in words for case workers."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from staff_login import StaffBrowser

import forms_app.delivery
from forms_app.casework.handing_over import HandOver
from forms_app.delivery.channels import PermanentFailure, TemporaryFailure
from forms_app.language import Language, use
from forms_app.municipality import CHANNEL_KINDS
from forms_app.storage.deliveries import CONFIRMATION_MAIL, Delivery
from forms_app.storage.tables import DeliveryStatus, deliveries
from forms_app.web.staff.delivery_words import FAILURES, KIND_NAMES, shown_hand_overs, why

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OWED = Delivery(
    id=1,
    key="sftp:1",
    kind="sftp",
    state=DeliveryStatus.TODO,
    due_at=NOON,
    attempts=0,
    max_attempts=12,
    last_error=None,
    finished_at=None,
    trail=(),
)


def failures() -> Iterator[str]:
    """Of every module that hands over."""
    for module in pkgutil.walk_packages(forms_app.delivery.__path__, "forms_app.delivery."):
        importlib.import_module(module.name)
    found: list[type] = [PermanentFailure, TemporaryFailure]
    while found:
        for one in found.pop().__subclasses__():
            found.append(one)
            if one.__module__.startswith("forms_app."):
                yield one.__name__


def test_every_failure_and_every_kind_has_words() -> None:
    assert set(failures()) <= set(FAILURES)
    assert {*CHANNEL_KINDS, CONFIRMATION_MAIL} == set(KIND_NAMES)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.NB, "SFTP-serveren svarer ikke. (SftpUnreachable)"),
        (Language.NN, "SFTP-tenaren svarar ikkje. (SftpUnreachable)"),
        (Language.DA, "SFTP-serveren svarer ikke. (SftpUnreachable)"),
    ],
)
def test_a_failure_is_told_in_the_language_of_the_page_with_its_name(language: Language, words: str) -> None:
    with use(language):
        assert why("SftpUnreachable") == words


def test_a_failure_that_nobody_foresaw_is_told_as_one() -> None:
    assert why("KeyError") == "Noe gikk galt som ingen hadde regnet med. (KeyError)"
    assert why(None) == ""


@pytest.mark.parametrize(
    ("changed", "words", "reason"),
    [
        ({}, "Ikke ennå.", ""),
        ({"state": DeliveryStatus.DOING, "attempts": 1}, "Ikke ennå.", ""),
        (
            {"attempts": 3, "last_error": "SftpFailed"},
            "Ikke ennå. Det blir prøvd igjen: 23. november 2026 kl. 13:00.",
            "SFTP-serveren kunne ikke lagre filen. Kanskje er disken full. (SftpFailed)",
        ),
        (
            {"state": DeliveryStatus.SUCCEEDED, "attempts": 2, "last_error": None, "finished_at": NOON},
            "Gjort: 23. november 2026 kl. 13:00.",
            "",
        ),
        (
            {"state": DeliveryStatus.GIVEN_UP, "attempts": 12, "last_error": "WrongHostKey", "finished_at": NOON},
            "Gitt opp etter 12 forsøk: 23. november 2026 kl. 13:00.",
            "SFTP-serveren har en annen nøkkel enn den skal. Ingenting ble sendt, for det kan være en annen server. "
            "(WrongHostKey)",
        ),
        ({"state": DeliveryStatus.CANCELLED}, "Avlyst.", ""),
    ],
)
def test_a_hand_over_is_told_as_it_stands(changed: dict[str, Any], words: str, reason: str) -> None:
    hand_over = HandOver(reference="ABCD2345", delivery=replace(OWED, **changed), signed=None)
    (told,) = shown_hand_overs([hand_over], "Europe/Oslo")
    assert (told.where, told.words, told.why) == ("SFTP-server", words, reason)
    assert told.is_given_up is (hand_over.delivery.state is DeliveryStatus.GIVEN_UP)


def test_what_a_receiver_signed_is_told() -> None:
    done = replace(OWED, kind="toy", state=DeliveryStatus.SUCCEEDED, finished_at=NOON)
    signed: Any = object()
    (told,) = shown_hand_overs([HandOver(reference="ABCD2345", delivery=done, signed=signed)], "Europe/Oslo")
    assert told.where == "toy"
    assert told.words == "Gjort: 23. november 2026 kl. 13:00. Mottakeren har signert for at det er mottatt."


def test_the_page_of_a_case_says_what_was_given_up_and_whom_to_tell(
    ingrid: StaffBrowser, sent: Callable[..., str], database: sa.Engine
) -> None:
    reference = sent()
    page = ingrid.get(f"/staff/case/{reference}")
    assert "Overført automatisk MappeIkke ennå." in page.main
    with database.begin() as connection:
        given_up = {"state": "given_up", "attempts": 1, "finished_at": 0.0, "last_error": "OtherParcelThere"}
        connection.execute(sa.update(deliveries).values(**given_up))
    page = ingrid.get(f"/staff/case/{reference}")
    assert "Gitt opp etter 1 forsøk" in page.main
    assert "Det ligger allerede noe annet under denne referansen i mappen. (OtherParcelThere)" in page.main
    assert "Si fra til dem som drifter tjenesten" in page.main
