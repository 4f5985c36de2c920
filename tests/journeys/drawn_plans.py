"""Answers to all that a form asks, drawn from its own definition; what must come of each is worked out here, and not
by the form.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from drawn_files import files
from drawn_ways import Path, Plan, Planned, PlannedPage, Way, first_context, questions
from hypothesis import strategies as st
from typed_words import EMAILS, NATIONAL_IDS, PHONES, REFERENCES, days, one_line, paragraphs, parts_of

from forms_app.forms import typed_text
from forms_app.forms.asked_once import NationalId, PowerReference
from forms_app.forms.checks import not_in_the_future
from forms_app.forms.context import Context
from forms_app.forms.definition import Step
from forms_app.forms.questions import AnyOf, Day, Email, Line, OneOf, Paragraphs, Phone, Question, Tick
from forms_app.forms.rows import Rows

ONE_OF_THESE = {"reach": ("phone", "email", "post")}
"""Pages on which one of several questions must be answered."""
IN_ORDER = {"period": ("valid_from", "valid_to")}
"""Pages on which the second day must not lie before the first."""


@st.composite
def plans(draw: st.DrawFn, way: Way, most_files: int = 3) -> Plan:
    """A citizen who goes this way."""
    context = replace(first_context(way.country), answers=dict(way.path))
    pages = tuple(PlannedPage(step=step, answers=_page(draw, step, context, way.path)) for step in way.steps)
    return Plan(
        way=way,
        pages=pages,
        files=draw(files(most=most_files)),
        looks_again_at=draw(st.integers(0, len(pages) - 1)),
    )


def _page(draw: st.DrawFn, step: Step, context: Context, path: Path) -> dict[str, Planned]:
    insisted = draw(st.sampled_from(ONE_OF_THESE.get(step.key, ("",))))
    answers = {
        one.name: draw(_answer(one, one.name, context, path, is_insisted=one.name == insisted))
        for one in questions(step, context)
    }
    for first, second in [IN_ORDER[step.key]] if step.key in IN_ORDER else []:
        earlier, later = answers[second].json, answers[first].json
        if earlier and later and earlier < later:
            answers[first], answers[second] = draw(_day(earlier, first)), draw(_day(later, second))
    return answers


def _answer(
    question: Any, name: str, context: Context, path: Path, *, is_insisted: bool = False
) -> st.SearchStrategy[Planned]:
    """An answer to the question, whose fields begin with `name`; often none where it need not be answered."""
    kind, must = type(question), question.is_required or is_insisted
    nothing = Planned(kind=kind, json=[] if issubclass(kind, AnyOf | Rows) else False if kind is Tick else None)
    if question.short_name in path:
        return st.just(_chosen(kind, name, path[question.short_name]))
    something = _MAKERS[kind](question, name, context)
    return something if must else st.one_of(st.just(nothing), something, something)


def _written(
    question: Any, name: str, text: st.SearchStrategy[str], kept: Callable[[str], str | None]
) -> st.SearchStrategy[Planned]:
    def planned(typed: str) -> Planned:
        tidied = kept(typed) or None
        return Planned(
            kind=type(question),
            fields={name: (typed,)},
            json=tidied,
            words=tuple(tidied.split("\n")) if tidied else (),
        )

    return text.map(planned)


def _line(question: Any, name: str, unused_context: Context) -> st.SearchStrategy[Planned]:
    return _written(question, name, one_line(is_required=question.is_required), typed_text.one_line)


def _paragraphs(question: Any, name: str, unused_context: Context) -> st.SearchStrategy[Planned]:
    # Whoever gives only a postal address must give one that can be seen.
    must = question.is_required or question.short_name in sum(ONE_OF_THESE.values(), ())
    return _written(question, name, paragraphs(is_required=must), typed_text.paragraphs)


def _phone(question: Any, name: str, context: Context) -> st.SearchStrategy[Planned]:
    return _written(question, name, st.sampled_from(PHONES[context.country]), typed_text.one_line)


def _email(question: Any, name: str, unused_context: Context) -> st.SearchStrategy[Planned]:
    return _written(question, name, st.sampled_from(EMAILS), typed_text.one_line)


def _national_id(question: Any, name: str, unused_context: Context) -> st.SearchStrategy[Planned]:
    return _written(question, name, st.sampled_from(NATIONAL_IDS), typed_text.one_line)


def _reference(question: Any, name: str, unused_context: Context) -> st.SearchStrategy[Planned]:
    return _written(question, name, st.sampled_from(REFERENCES), typed_text.one_line)


def _some_day(question: Any, name: str, context: Context) -> st.SearchStrategy[Planned]:
    has_been = not_in_the_future in question.validators
    latest = context.today if has_been else context.today.replace(year=context.today.year + 20)
    return days(latest=latest).flatmap(lambda day: _day(day.isoformat(), name))


def _day(iso: str, name: str) -> st.SearchStrategy[Planned]:
    def planned(typed: tuple[str, str, str]) -> Planned:
        fields = {f"{name}-{part}": (text,) for part, text in zip(Day.parts, typed, strict=True)}
        return Planned(kind=Day, fields=fields, json=iso, words=(iso,))

    return parts_of(date.fromisoformat(iso)).map(planned)


def _chosen(kind: type[Question], name: str, value: str) -> Planned:
    return Planned(kind=kind, fields={name: (value,)}, json=value, words=(value,))


def _one_of(question: Any, name: str, unused_context: Context) -> st.SearchStrategy[Planned]:
    return st.sampled_from(question.options).map(lambda option: _chosen(type(question), name, option.value))


def _any_of(question: Any, name: str, unused_context: Context) -> st.SearchStrategy[Planned]:
    values = [option.value for option in question.options]

    def planned(ticked: set[str]) -> Planned:
        chosen = tuple(value for value in values if value in ticked)
        return Planned(kind=AnyOf, fields={name: chosen}, json=list(chosen), words=chosen)

    return st.sets(st.sampled_from(values), min_size=1).map(planned)


def _tick(unused_question: Any, name: str, unused_context: Context) -> st.SearchStrategy[Planned]:
    return st.just(Planned(kind=Tick, fields={name: ("y",)}, json=True))


def _rows(question: Any, name: str, context: Context) -> st.SearchStrategy[Planned]:
    def row(number: int) -> st.SearchStrategy[dict[str, Planned]]:
        inner = {one.short_name: one for one in question.rows[0]}
        answers = [_answer(one, f"{name}-{number}-{short}", context, {}) for short, one in inner.items()]
        return st.tuples(*answers).map(lambda drawn: dict(zip(inner, drawn, strict=True)))

    def planned(rows: tuple[dict[str, Planned], ...]) -> Planned:
        filled = [one for one in rows if any(planned.json for planned in one.values())]
        return Planned(
            kind=Rows,
            fields={
                field: values for one in rows for answer in one.values() for field, values in answer.fields.items()
            },
            json=[{short: answer.json for short, answer in one.items()} for one in filled],
            rows=rows,
        )

    counts = st.sampled_from((1, 2, 4, 6))
    return counts.flatmap(lambda count: st.tuples(*map(row, range(count)))).map(planned)


_MAKERS: dict[type[Question], Callable[[Any, str, Context], st.SearchStrategy[Planned]]] = {
    Line: _line,
    Paragraphs: _paragraphs,
    Phone: _phone,
    Email: _email,
    NationalId: _national_id,
    PowerReference: _reference,
    Day: _some_day,
    AnyOf: _any_of,
    Tick: _tick,
    Rows: _rows,
    **dict.fromkeys((OneOf, *OneOf.__subclasses__()), _one_of),
}
