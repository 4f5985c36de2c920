"""A list of the same few questions, as long as the citizen needs it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from wtforms import Form
from wtforms.fields import Field
from wtforms.utils import unset_value

from forms_app.forms.context import Context
from forms_app.forms.paper import PaperShape, Repeated
from forms_app.forms.questions import Json, Question
from forms_app.forms.text import Text, say
from forms_app.language import gettext

MOST_ROWS = 30
"""More than anybody has been seen to need; the limit guards the server, and an attachment takes the rest."""
ROWS_ON_PAPER = 3


class Rows(Question, Field):
    """A list of the same few questions, `row_form`, that grows without JavaScript; empty rows are left out, and so
    is what comes after `MOST_ROWS`.
    """

    kind = "rows"

    def __init__(self, label: Text, *, row_form: type[Form], add_label: Text, row_title: Text, **rest: Any) -> None:
        context: Context = rest["_form"].meta.context
        self.row_form = row_form
        self.add_label, self.row_title = say(add_label, context), say(row_title, context)
        super().__init__(label, **rest)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Build one small form for each row that was sent, at least one to begin with."""
        self.process_errors: list[str] = []
        numbers = {int(found[1]) for field in (formdata or {}) if (found := self._place(field))}
        taken = sorted(numbers)[:MOST_ROWS]
        self.rows = [self._row(formdata, number) for number in taken] or [self._row(None, 0)]
        self.raw_data = self.data = [row for row in self.rows if self._is_filled(row)]
        self.has_faulty_row = False
        self.object_data = None

    def _place(self, field: str) -> re.Match[str] | None:
        """The row's number and the question's own name in the name of a field."""
        return re.fullmatch(rf"{re.escape(self.name)}-([0-9]{{1,3}})-(.+)", field)

    def takes(self, field: str) -> bool:
        """A field of one of the questions in any row."""
        if not (found := self._place(field)):
            return False
        first = self.rows[0]
        return any(question.takes(f"{first._prefix}{found[2]}") for question in first)

    def _row(self, formdata: Any, number: int) -> Form:
        return self.row_form(formdata, prefix=f"{self.name}-{number}-", meta={"context": self.meta.context})

    @staticmethod
    def _is_filled(row: Form) -> bool:
        return any(question.to_json() for question in row)

    @property
    def has_room(self) -> bool:
        """Whether one more row is taken."""
        return len(self.rows) < MOST_ROWS

    @property
    def no_room(self) -> str:
        """What to do with the rest when there is no room left."""
        return gettext(
            "There is room for %(count)s here. If there are more, add a list of them as an attachment.", count=MOST_ROWS
        )

    def add_row(self) -> None:
        """One more empty row at the end, while there is room."""
        if not self.has_room:
            return
        last = int(self.rows[-1]._prefix.rstrip("-").rsplit("-", 1)[1])
        self.rows.append(self._row(None, last + 1))

    def remove_row(self, prefix: str) -> None:
        """Take away the row whose fields begin with `prefix`; the last one is emptied instead."""
        self.rows = [row for row in self.rows if row._prefix != prefix] or [self._row(None, 0)]

    def pre_validate(self, form: Any) -> None:
        """Validate the filled rows; their own messages stand beside their own fields."""
        valid = [row.validate() for row in self.data]
        self.has_faulty_row = not all(valid)

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """True when every filled row is right."""
        return super().validate(form, extra_validators) and not self.has_faulty_row

    @property
    def is_faulty(self) -> bool:
        """Whether any row has a message."""
        return self.has_faulty_row

    def faulty(self) -> Iterator[Any]:
        """The questions inside the rows that have a message, for the error summary."""
        return (question for row in self.rows for question in row if question.errors)

    def to_json(self) -> Json:
        """A list of objects."""
        return [{q.short_name: q.to_json() for q in row} for row in self.data]

    def display(self, value: Json) -> tuple[str, ...]:
        """One line a row."""
        blank = self._row(None, 0)
        return tuple(self._row_in_words(blank, one) for one in value or ())

    @staticmethod
    def _row_in_words(blank: Form, row: Mapping[str, Json]) -> str:
        shown = ((q.label.text, q.display(row.get(q.short_name))) for q in blank)
        return ". ".join(_told(label, ", ".join(lines)) for label, lines in shown if lines)

    def json_schema(self) -> dict[str, Any]:
        """A list of objects."""
        properties = {q.short_name: q.json_schema() for q in self._row(None, 0)}
        row = {
            "type": "object", "properties": properties, "required": sorted(properties), "additionalProperties": False,
        }  # fmt: skip
        return {"type": "array", "items": row, "maxItems": MOST_ROWS}

    def paper_shape(self) -> PaperShape:
        """The questions of a row a few times; who has more adds a sheet of their own."""
        return Repeated(self.row_title, ROWS_ON_PAPER, tuple(q.paper() for q in self._row(None, 0)))


def _told(label: str, words: str) -> str:
    return f"{label} {words}" if label.endswith("?") else f"{label}: {words}"
