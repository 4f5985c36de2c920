"""Time is aware and in UTC; days are those of the place."""

from datetime import UTC, date, datetime, timedelta

import pytest

from forms_app.clock import local_date, start_of_day, utc_now


def test_the_clock_is_aware_and_in_utc() -> None:
    now = utc_now()
    assert now.tzinfo is UTC
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)


@pytest.mark.parametrize("zone", ["Europe/Oslo", "Europe/Copenhagen"])
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 22, 22, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_a_day_begins_at_midnight_where_people_live(zone: str, moment: datetime, day: date) -> None:
    assert local_date(moment, zone) == day


@pytest.mark.parametrize("zone", ["Europe/Oslo", "Europe/Copenhagen"])
@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 11, 22), datetime(2026, 11, 21, 23, 0, tzinfo=UTC)),
        (date(2026, 7, 1), datetime(2026, 6, 30, 22, 0, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, 0, tzinfo=UTC)),
        (date(2026, 3, 30), datetime(2026, 3, 29, 22, 0, tzinfo=UTC)),
    ],
)
def test_a_day_is_found_by_its_midnight(zone: str, day: date, moment: datetime) -> None:
    assert start_of_day(day, zone) == moment
    assert local_date(moment, zone) == day
    assert local_date(moment - timedelta(microseconds=1), zone) == day - timedelta(days=1)
