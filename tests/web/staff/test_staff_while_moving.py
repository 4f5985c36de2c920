"""While a database is moved, staff read so, nothing they typed is lost, and they stay logged in."""

from collections.abc import Callable

import sqlalchemy as sa
from movable_clock import MovableClock
from moving_away import close, reopen
from staff_login import StaffBrowser, hidden_of

from forms_app.storage.migrate import Schema

NOTE = "Ring mor på fredag, ikke før kl. 10."


def test_what_was_typed_can_be_sent_once_the_move_is_over(
    ingrid: StaffBrowser, sent: Callable[..., str], database: sa.Engine
) -> None:
    case = f"/staff/case/{sent()}"
    fields = hidden_of(ingrid.get(case), f"{case}/note")
    move = close(database)
    page = ingrid.post(f"{case}/note", {**fields, "note": [NOTE]}, status=503)
    assert page.heading == "Vi flytter tjenesten"
    assert NOTE in page.main
    assert "Ingen sak kan åpnes" in ingrid.get(case, status=503).main
    reopen(database, move)
    assert ingrid.post(f"{case}/note", hidden_of(page, f"{case}/note")).status == 303
    assert NOTE in ingrid.get(case).main


def test_the_staffs_own_database_can_move_while_they_work(
    ingrid: StaffBrowser, staff_database: sa.Engine, clock: MovableClock
) -> None:
    clock.move(minutes=5)
    close(staff_database, Schema.STAFF)
    assert ingrid.get("/staff/inbox").status == 200
    clock.move(minutes=5)
    assert ingrid.get("/staff/inbox").status == 200
