"""Question types: WTForms fields that know all their faces.

Every type says how it is shown (`display`), what is sent (`to_json`) and what may be sent (`json_schema`); the web
page, the review, the receipt, the case worker's view and the schema all ask the question itself. `kind` names the
widget.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from wtforms import Form
from wtforms.fields import (
    BooleanField,
    Field,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
)
from wtforms.utils import unset_value
from wtforms.validators import Optional

from forms_app.countries import Country
from forms_app.forms import checks
from forms_app.forms.context import Context
from forms_app.forms.text import Text, say
from forms_app.language import format_date
from forms_app.language import gettext as _

Json = Any


class Question:
    """The part that all questions share. Give `missing` (what to do when it is empty) to make it required."""

    kind: ClassVar[str] = "text"
    own_checks: ClassVar[tuple[checks.Check, ...]] = ()

    name: str
    data: Any
    errors: Sequence[str]

    def __init__(
        self,
        label: Text,
        *,
        hint: Text = "",
        missing: Text = "",
        checked: Iterable[checks.Check] = (),
        only_in: Country | None = None,
        **for_wtforms: Any,
    ) -> None:
        context: Context = for_wtforms["_form"].meta.context
        self.is_required = bool(missing)
        self.only_in = only_in
        first = checks.Required(missing) if missing else Optional()
        super().__init__(  # type: ignore[call-arg]  # the WTForms field that follows in the bases
            say(label, context),
            [first, *self.own_checks, *checked],
            description=say(hint, context),
            **for_wtforms,
        )

    @property
    def summary_target(self) -> str:
        """The id that the error summary links to: the first thing that can take focus."""
        return self.name

    @property
    def is_faulty(self) -> bool:
        """Whether the error summary must name this question."""
        return bool(self.errors)

    def to_json(self) -> Json:
        """What is sent; None where nothing was answered."""
        return self.data or None

    def display(self, value: Json) -> tuple[str, ...]:
        """The answer in words, a line an item; empty where there is none."""
        return tuple(str(value).split("\n")) if value else ()

    def json_schema(self) -> dict[str, Any]:
        """What `to_json` may be, as JSON Schema."""
        return self._or_null({"type": "string", "minLength": 1})

    def _or_null(self, schema: dict[str, Any]) -> dict[str, Any]:
        return schema if self.is_required else {"anyOf": [schema, {"type": "null"}]}


class Line(Question, StringField):
    """One line of text. `autocomplete` is the HTML token that lets the phone fill it in."""

    longest: ClassVar[int] = 300
    input_mode: ClassVar[str | None] = None
    width: ClassVar[int | None] = None

    def __init__(self, label: Text, *, autocomplete: str | None = None, **rest: Any) -> None:
        self.autocomplete = autocomplete
        super().__init__(
            label,
            filters=[checks.tidy],
            checked=[checks.at_most(self.longest), *rest.pop("checked", ())],
            **rest,
        )


class Paragraphs(Line):
    """Several lines of text."""

    kind = "paragraphs"
    longest = 10_000

    def __init__(self, label: Text, *, rows: int = 6, **rest: Any) -> None:
        self.rows = rows
        super().__init__(label, **rest)


class Phone(Line):
    """A telephone number, kept as typed."""

    input_mode = "tel"
    width = 20
    own_checks = (checks.possible_phone,)


class Email(Line):
    """An e-mail address, kept as typed."""

    input_mode = "email"
    own_checks = (checks.possible_email,)


class NationalId(Line):
    """A national identity number: optional, checked softly, never refused.

    The number that the citizen has been asked to check travels in a hidden field, so that the same number passes
    next time.
    """

    kind = "national_id"
    input_mode = "numeric"
    width = 16
    own_checks = (checks.likely_national_id,)

    def process(self, formdata: Any, *rest: Any, **named: Any) -> None:
        """Read the number and the one that was asked about."""
        super().process(formdata, *rest, **named)
        asked = formdata.get(f"{self.name}-asked", "") if formdata else ""
        self.was_asked_about = bool(self.data) and asked == self.data


class Day(Question, Field):
    """A date in three numeric fields, `name-day`, `name-month`, `name-year`; sent as "2026-11-22"."""

    kind = "day"
    parts: ClassVar[tuple[str, ...]] = ("day", "month", "year")

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the three parts; a day that does not exist is an error beside the field."""
        self.process_errors: list[str] = []
        self.typed = {part: (formdata or {}).get(f"{self.name}-{part}", "").strip() for part in self.parts}
        self.raw_data = [typed for typed in self.typed.values() if typed]
        self.object_data = self.data = None
        if not self.raw_data:
            return
        try:
            numbers = [int(self.typed[part]) for part in reversed(self.parts)]
            self.data = date(*numbers)
        except ValueError:
            self.process_errors.append(
                _("This day does not exist. Write day, month and year in digits, like 3 11 2026.")
            )
            return
        if self.data.year < 1850:
            self.process_errors.append(_("Write the year with four digits, like 2026."))

    @property
    def summary_target(self) -> str:
        """The first of the three fields."""
        return f"{self.name}-day"

    def to_json(self) -> Json:
        """ISO date."""
        return self.data.isoformat() if self.data else None

    def display(self, value: Json) -> tuple[str, ...]:
        """The date in words."""
        return (format_date(date.fromisoformat(value)),) if value else ()

    def json_schema(self) -> dict[str, Any]:
        """ISO date."""
        return self._or_null({"type": "string", "format": "date"})


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    value: str
    label: Text
    hint: Text = ""
    only_in: Country | None = None


class _Choice(SelectChoice):
    """What WTForms chooses from; unpacks into value and label, which is all that a page shows of it."""

    def __iter__(self) -> Iterator[str]:
        return iter((self.value, self.label))


class _Options(Question):
    """What choosing one and choosing several share. `options` may be a function of the context."""

    def __init__(self, label: Text, *, options: Any, **rest: Any) -> None:
        context: Context = rest["_form"].meta.context
        self._differ_by_deployment = callable(options)
        offered = options(context) if callable(options) else options
        self.options = [one for one in offered if one.only_in in (None, context.country)]
        self.hints = {one.value: say(one.hint, context) for one in self.options}
        super().__init__(label, choices=[_Choice(one.value, say(one.label, context)) for one in self.options], **rest)

    @property
    def summary_target(self) -> str:
        """The first choice."""
        return f"{self.name}-0"

    def _words(self, value: str) -> str:
        return next((label for key, label in self.choices if key == value), value)  # type: ignore[attr-defined]

    def _one_of(self) -> dict[str, Any]:
        # One schema holds for every deployment, so it cannot name what only this one offers.
        if self._differ_by_deployment:
            return {"type": "string", "minLength": 1}
        return {"enum": [one.value for one in self.options]}


class OneOf(_Options, RadioField):
    """Radio buttons."""

    kind = "one_of"

    def display(self, value: Json) -> tuple[str, ...]:
        """The chosen label."""
        return (self._words(value),) if value else ()

    def json_schema(self) -> dict[str, Any]:
        """One of the values."""
        return self._or_null(self._one_of())


class Menu(OneOf):
    """One of many in a drop-down menu, where radio buttons would make a repeated row long."""

    kind = "menu"

    @property
    def summary_target(self) -> str:
        """The menu itself."""
        return str(self.name)


class AnyOf(_Options, SelectMultipleField):
    """Checkboxes."""

    kind = "any_of"

    def to_json(self) -> Json:
        """The ticked values in the order of the form."""
        return [one.value for one in self.options if one.value in (self.data or [])]

    def display(self, value: Json) -> tuple[str, ...]:
        """The ticked labels."""
        return tuple(self._words(one) for one in value or ())

    def json_schema(self) -> dict[str, Any]:
        """A list of values, at least one where the question is required."""
        return {
            "type": "array",
            "items": self._one_of(),
            "minItems": int(self.is_required),
            "uniqueItems": True,
        }


class Tick(Question, BooleanField):
    """A single checkbox, never ticked beforehand."""

    kind = "tick"

    def to_json(self) -> Json:
        """Whether it was ticked."""
        return bool(self.data)

    def display(self, value: Json) -> tuple[str, ...]:
        """Yes or no."""
        return (_("Yes") if value else _("No"),)

    def json_schema(self) -> dict[str, Any]:
        """A truth value, true where the question is required."""
        return {"const": True} if self.is_required else {"type": "boolean"}


class Rows(Question, Field):
    """A list of the same few questions, `row_form`, that grows without JavaScript; empty rows are left out."""

    kind = "rows"

    def __init__(self, label: Text, *, row_form: type[Form], add_label: Text, row_title: Text, **rest: Any) -> None:
        context: Context = rest["_form"].meta.context
        self.row_form = row_form
        self.add_label, self.row_title = say(add_label, context), say(row_title, context)
        super().__init__(label, **rest)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Build one small form for each row that was sent, at least one to begin with."""
        self.process_errors: list[str] = []
        pattern = re.compile(rf"{re.escape(self.name)}-(\d{{1,3}})-")
        numbers = {int(found[1]) for key in (formdata or {}) if (found := pattern.match(key))}
        self.rows = [self._row(formdata, number) for number in sorted(numbers)] or [self._row(None, 0)]
        self.raw_data = self.data = [row for row in self.rows if self._is_filled(row)]
        self.has_faulty_row = False
        self.object_data = None

    def _row(self, formdata: Any, number: int) -> Form:
        return self.row_form(formdata, prefix=f"{self.name}-{number}-", meta={"context": self.meta.context})

    @staticmethod
    def _is_filled(row: Form) -> bool:
        return any(question.to_json() for question in row)

    def add_row(self) -> None:
        """One more empty row at the end."""
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
        return {"type": "array", "items": row}


def _told(label: str, words: str) -> str:
    return f"{label} {words}" if label.endswith("?") else f"{label}: {words}"


class Upload(Question, MultipleFileField):
    """Files. They are kept the moment they arrive, so the stored list, not this field, is the answer."""

    kind = "upload"

    def to_json(self) -> Json:
        """Nothing: the files stand in the submission's own list."""
        return None

    def json_schema(self) -> dict[str, Any]:
        """Nothing."""
        return {"type": "null"}
