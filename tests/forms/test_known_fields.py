"""A page knows the fields of its own questions by name, and no others."""

import pytest
from sample_answers import page
from test_question_types import Every

OWN_FIELDS = [
    *("name_of_person", "story", "phone", "email", "number", "number-asked", "day-day", "day-month", "day-year"),
    *("colour", "other_colour", "colours", "agreed", "files", "places-0-place", "places-12-phone"),
]
FOREIGN_FIELDS = [
    *("", "csrf_token", "revision", "action", "name", "name_of_person-asked", "number-", "day", "day-hour", "story-0"),
    *("places", "places-0", "places-0-", "places-0-name", "places-x-place", "places-1000-place", "places-0-place-0"),
]


@pytest.mark.parametrize("field", OWN_FIELDS)
@pytest.mark.parametrize("typed", [None, {"places-7-place": "Fjordvik"}])
def test_a_page_knows_the_fields_of_its_questions(field: str, typed: dict[str, str] | None) -> None:
    assert page(Every, typed).knows(field)


@pytest.mark.parametrize("field", FOREIGN_FIELDS)
def test_a_page_knows_no_other_fields(field: str) -> None:
    assert not page(Every, {field: "x"}).knows(field)
