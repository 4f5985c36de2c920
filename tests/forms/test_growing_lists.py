"""A list of the same few questions grows, shrinks and names the row that is wrong, without JavaScript."""

from typing import Any

import pytest
from sample_answers import page

from forms_app.forms.application import APPLICATION, Bodies
from forms_app.forms.rows import MOST_ROWS
from forms_app.language import Language, use


def rows(**fields: str) -> dict[str, str]:
    """`rows(b0_body_name="School")` is the field `bodies-0-body_name`."""
    return {"bodies-{}-{}".format(*name.removeprefix("b").split("_", 1)): value for name, value in fields.items()}


def names(form: Any) -> list[Any]:
    return [row["body_name"] for row in form.to_json()["bodies"]]


def test_a_new_list_begins_with_one_empty_row() -> None:
    form = page(Bodies, None)
    assert len(form.bodies.rows) == 1
    assert form.to_json() == {"bodies": []}


def test_each_row_becomes_one_object_with_every_question() -> None:
    form = page(Bodies, rows(b0_kind="school", b0_body_name="Fjordvik skule", b1_may_exchange="ask_first"))
    assert form.validate()
    assert form.to_json()["bodies"] == [
        {"kind": "school", "body_name": "Fjordvik skule", "contact": None, "may_exchange": None},
        {"kind": None, "body_name": None, "contact": None, "may_exchange": "ask_first"},
    ]


def test_empty_rows_are_left_out() -> None:
    form = page(Bodies, rows(b0_body_name="", b1_body_name="School", b2_body_name="  "))
    assert form.validate()
    assert names(form) == ["School"]


def test_gaps_in_the_numbering_do_not_matter_and_order_is_by_number() -> None:
    form = page(Bodies, rows(b10_body_name="third", b2_body_name="second", b0_body_name="first"))
    assert form.validate()
    assert names(form) == ["first", "second", "third"]


def test_a_row_is_added_at_the_end_under_a_number_of_its_own() -> None:
    form = page(Bodies, rows(b0_body_name="first", b7_body_name="second"))
    form.bodies.add_row()
    assert [row.body_name.name for row in form.bodies.rows] == [
        "bodies-0-body_name",
        "bodies-7-body_name",
        "bodies-8-body_name",
    ]
    assert [row.body_name.data for row in form.bodies.rows] == ["first", "second", None]


def test_the_row_that_was_pointed_at_is_removed() -> None:
    form = page(Bodies, rows(b0_body_name="first", b1_body_name="second", b2_body_name="third"))
    form.bodies.remove_row("bodies-1-")
    assert [row.body_name.data for row in form.bodies.rows] == ["first", "third"]


def test_the_last_row_is_emptied_instead_of_removed() -> None:
    form = page(Bodies, rows(b3_body_name="only"))
    form.bodies.remove_row("bodies-3-")
    assert [row.body_name.data for row in form.bodies.rows] == [None]


def test_a_row_that_is_not_there_cannot_be_removed() -> None:
    form = page(Bodies, rows(b0_body_name="first"))
    form.bodies.remove_row("bodies-9-")
    assert [row.body_name.data for row in form.bodies.rows] == ["first"]


def test_only_the_faulty_row_is_named() -> None:
    form = page(Bodies, rows(b0_body_name="School", b4_body_name="x" * 301, b4_contact="12"))
    assert not form.validate()
    assert form.bodies.is_faulty
    assert [question.summary_target for question in form.bodies.faulty()] == ["bodies-4-body_name"]


def test_a_choice_that_was_never_offered_is_refused_in_a_row_too() -> None:
    form = page(Bodies, rows(b0_kind="bank"))
    assert not form.validate()
    assert [question.summary_target for question in form.bodies.faulty()] == ["bodies-0-kind"]


@pytest.mark.parametrize(
    "field", ["bodies-x-body_name", "bodies--1-body_name", "bodies-1000-body_name", "bodies-body_name"]
)
def test_a_field_that_is_no_row_is_ignored(field: str) -> None:
    form = page(Bodies, {field: "School"})
    assert form.validate()
    assert form.to_json() == {"bodies": []}


def full(count: int) -> dict[str, str]:
    return {f"bodies-{number}-body_name": f"Place {number}" for number in range(count)}


def test_no_more_rows_are_taken_than_there_is_room_for() -> None:
    form = page(Bodies, full(1000))
    assert form.validate()
    assert names(form) == [f"Place {number}" for number in range(MOST_ROWS)]
    assert not form.bodies.has_room
    with use(Language.DA):
        assert str(MOST_ROWS) in form.bodies.no_room
        assert "bilag" in form.bodies.no_room


def test_the_last_row_there_is_room_for_can_be_added_and_no_more() -> None:
    form = page(Bodies, full(MOST_ROWS - 1))
    assert form.bodies.has_room
    form.bodies.add_row()
    assert not form.bodies.has_room
    form.bodies.add_row()
    assert len(form.bodies.rows) == MOST_ROWS


def test_removing_a_row_makes_room() -> None:
    form = page(Bodies, full(MOST_ROWS))
    form.bodies.remove_row("bodies-3-")
    assert form.bodies.has_room


def test_a_row_is_shown_in_one_line_of_words() -> None:
    with use(Language.NB):
        form = page(Bodies, None)
        (line,) = form.bodies.display(
            [{"kind": "nav", "body_name": "NAV Fjordvik", "contact": None, "may_exchange": "no"}]
        )
    assert "NAV Fjordvik" in line
    assert "None" not in line
    assert all(word in line for word in ("NAV.", "Nei"))
    assert "?:" not in line


def test_the_application_holds_the_list() -> None:
    assert Bodies in {step.form for step in APPLICATION.steps}
