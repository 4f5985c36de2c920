"""A confirmation by mail is owed with the submission or not at all, and nowhere does it say to whom."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from counter import TYPED, Counter
from people import CITIZEN

from forms_app.forms.people import sender_email
from forms_app.forms.registry import FORMS
from forms_app.intake import drafts, receipts
from forms_app.intake.receipts import Receipt
from forms_app.sealing.codes import Code
from forms_app.storage.engine import reading
from forms_app.storage.tables import DeliveryStatus, deliveries


@pytest.fixture
def mailing(counter: Counter) -> Counter:
    """A desk that has a mail server."""
    return replace(counter, desk=replace(counter.desk, confirms_by_mail=True))


def send(counter: Counter, email: str) -> tuple[Code, Receipt]:
    code = counter.begin()
    typed = {**TYPED["reach"], "email": [email]}
    drafts.save_step(counter.desk.engine, code, "reach", typed, read_revision=1, now=counter.desk.clock())
    return code, counter.send(code)


def owed(database: sa.Engine) -> list[tuple[str, str]]:
    with reading(database) as connection:
        return [(row.key, row.kind) for row in connection.execute(sa.select(deliveries).order_by(deliveries.c.id))]


def test_whoever_gives_an_address_is_owed_one_mail_however_often_they_send(
    mailing: Counter, database: sa.Engine
) -> None:
    code, receipt = send(mailing, CITIZEN.email)
    assert receipt.mail is DeliveryStatus.TODO
    id = receipt.binding.submission_id
    assert owed(database) == [(f"folder:{id}", "folder"), (f"confirmation_mail:{id}", "confirmation_mail")]
    assert receipts.find(mailing.desk.engine, code) == receipt


def test_the_receipt_follows_the_mail(mailing: Counter, database: sa.Engine) -> None:
    code, unused_receipt = send(mailing, CITIZEN.email)
    with database.begin() as connection:
        is_mail = deliveries.c.kind == "confirmation_mail"
        connection.execute(sa.update(deliveries).where(is_mail).values(state="given_up"))
    found = receipts.find(mailing.desk.engine, code)
    assert found
    assert found.mail is DeliveryStatus.GIVEN_UP


def test_without_an_address_no_mail_is_owed(mailing: Counter, database: sa.Engine) -> None:
    unused_code, receipt = send(mailing, "")
    assert receipt.mail is None
    assert [kind for unused_key, kind in owed(database)] == ["folder"]


def test_without_a_mail_server_no_mail_is_owed(counter: Counter, database: sa.Engine) -> None:
    unused_code, receipt = send(counter, CITIZEN.email)
    assert receipt.mail is None
    assert [kind for unused_key, kind in owed(database)] == ["folder"]


@pytest.mark.parametrize("form", list(FORMS))
def test_every_form_asks_the_sender_for_an_address_in_the_same_place(form: str) -> None:
    asked = {step.key: step.form for step in FORMS[form].steps}  # type: ignore[index]
    assert hasattr(asked["reach"], "email")
    assert sender_email({"reach": {"email": CITIZEN.email}, "agent": {"email": "other@example.org"}}) == CITIZEN.email
