"""Question types: WTForms fields that know all their faces.

Every type says how it is shown (`display`), what is sent (`to_json`), what may be sent (`json_schema`) and how it is
answered with a pen (`paper_shape`); the web page, the review, the receipt, the case worker's view, the schema and the
paper form all ask the question itself. `kind` names the widget.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

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

from forms_app.countries import Country
from forms_app.forms import checks, typed_text
from forms_app.forms.context import Context
from forms_app.forms.paper import Box, DateBoxes, PaperQuestion, PaperShape, TickOff, TickThis, WriteOn
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
        super().__init__(  # type: ignore[call-arg]  # the WTForms field that follows in the bases
            say(label, context),
            [checks.WhenEmpty(missing), *self.own_checks, *checked],
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

    def takes(self, field: str) -> bool:
        """Whether a field of that name, as the browser sends it, belongs to this question."""
        return field == self.name

    def to_json(self) -> Json:
        """What is sent; None where nothing was answered."""
        return self.data or None

    def display(self, value: Json) -> tuple[str, ...]:
        """The answer in words, a line an item; empty where there is none."""
        return tuple(str(value).split("\n")) if value else ()

    def json_schema(self) -> dict[str, Any]:
        """What `to_json` may be, as JSON Schema."""
        return self._or_null({"type": "string", "minLength": 1})

    def paper_shape(self) -> PaperShape:
        """How it is answered with a pen."""
        return WriteOn(lines=1)

    def paper(self) -> PaperQuestion:
        """The question as it stands on paper."""
        label: str = self.label.text  # type: ignore[attr-defined]  # the WTForms field in the bases has both
        hint: str = self.description  # type: ignore[attr-defined]
        return PaperQuestion(label=label, hint=hint, is_required=self.is_required, shape=self.paper_shape())

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
            filters=[self._kept],
            checked=[checks.at_most(self.longest), *rest.pop("checked", ())],
            **rest,
        )

    @staticmethod
    def _kept(text: str | None) -> str | None:
        return typed_text.one_line(text)


class Paragraphs(Line):
    """Several lines of text."""

    kind = "paragraphs"
    longest = 10_000

    def __init__(self, label: Text, *, rows: int = 6, **rest: Any) -> None:
        self.rows = rows
        super().__init__(label, **rest)

    @staticmethod
    def _kept(text: str | None) -> str | None:
        return typed_text.paragraphs(text)

    def paper_shape(self) -> PaperShape:
        """As many lines as the page shows."""
        return WriteOn(lines=self.rows)


class Phone(Line):
    """A telephone number, kept as typed."""

    input_mode = "tel"
    width = 20
    own_checks = (checks.possible_phone,)


class Email(Line):
    """An e-mail address, kept as typed."""

    input_mode = "email"
    own_checks = (checks.possible_email,)


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
        except (ValueError, OverflowError):
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

    def takes(self, field: str) -> bool:
        """One of the three fields."""
        return field in [f"{self.name}-{part}" for part in self.parts]

    def to_json(self) -> Json:
        """ISO date."""
        return self.data.isoformat() if self.data else None

    def display(self, value: Json) -> tuple[str, ...]:
        """The date in words."""
        return (format_date(date.fromisoformat(value)),) if value else ()

    def json_schema(self) -> dict[str, Any]:
        """ISO date."""
        return self._or_null({"type": "string", "format": "date"})

    def paper_shape(self) -> PaperShape:
        """A box for each digit."""
        return DateBoxes()


@dataclass(frozen=True)
class Option:
    """One thing to choose; one that only the website can do is not `on_paper`."""

    value: str
    label: Text
    hint: Text = ""
    only_in: Country | None = None
    on_paper: bool = True


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

    def _boxes(self) -> tuple[Box, ...]:
        choices: Iterable[tuple[str, str]] = self.choices  # type: ignore[attr-defined]
        on_paper = {one.value for one in self.options if one.on_paper}
        return tuple(Box(label, self.hints[value]) for value, label in choices if value in on_paper)

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

    def paper_shape(self) -> PaperShape:
        """A box for each, one of them to tick."""
        return TickOff(self._boxes(), takes_several=False)


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

    def paper_shape(self) -> PaperShape:
        """A box for each."""
        return TickOff(self._boxes(), takes_several=True)


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

    def paper_shape(self) -> PaperShape:
        """One box before the statement."""
        return TickThis()


class Upload(Question, MultipleFileField):
    """Files. They are kept the moment they arrive, so the stored list, not this field, is the answer."""

    kind = "upload"

    def to_json(self) -> Json:
        """Nothing: the files stand in the submission's own list."""
        return None

    def json_schema(self) -> dict[str, Any]:
        """Nothing."""
        return {"type": "null"}

    def paper_shape(self) -> PaperShape:
        """Lines to say which papers lie in the envelope."""
        return WriteOn(lines=3)
