"""What is kept of a draft, how it is deleted, and how it goes on when its form has changed."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from counter import FILES, TYPED, Counter, rows

from forms_app.forms.answers import fill
from forms_app.forms.complaint import COMPLAINT
from forms_app.forms.definition import FormDefinition, StepForm
from forms_app.forms.questions import Line
from forms_app.intake import drafts
from forms_app.intake.changes import Changes, carried_over, changes, told_again
from forms_app.intake.drafts import AlreadySubmitted, Draft, Removed, UnknownDraft, kept_until
from forms_app.intake.saved_step import SavedStep, Told, told_of
from forms_app.language import Language, use
from forms_app.sealing.codes import Code
from forms_app.storage.tables import draft_files, draft_steps
from forms_app.storage.tables import drafts as draft_rows

NAMES = (draft_rows.name, draft_steps.name, draft_files.name)


def test_a_deleted_draft_leaves_nothing_and_says_what_went(counter: Counter, database: sa.Engine) -> None:
    code, other = counter.begin(), counter.begin()
    removed = drafts.delete(counter.desk.engine, code)
    assert removed == Removed(pages=len(TYPED), files=len(FILES))
    assert drafts.read(counter.desk.engine, code) is None
    assert [rows(database)[name] for name in NAMES] == [1, len(TYPED), len(FILES)]
    assert drafts.read(counter.desk.engine, other)


def test_a_draft_that_is_gone_cannot_be_deleted_or_saved(counter: Counter) -> None:
    code, now = counter.begin(), counter.desk.clock()
    drafts.delete(counter.desk.engine, code)
    for gone in (code, Code.new()):
        with pytest.raises(UnknownDraft):
            drafts.delete(counter.desk.engine, gone)
        with pytest.raises(UnknownDraft):
            drafts.save_step(counter.desk.engine, gone, "change", {"why": ["x"]}, read_revision=0, now=now)


def test_what_was_sent_cannot_be_deleted(counter: Counter, database: sa.Engine) -> None:
    code = counter.begin()
    counter.send(code)
    with pytest.raises(AlreadySubmitted):
        drafts.delete(counter.desk.engine, code)
    assert rows(database)[draft_rows.name] == rows(database)["submissions"] == 1


@pytest.mark.parametrize(
    ("saved_at", "zone", "day"),
    [
        (datetime(2026, 11, 22, 12, tzinfo=UTC), "Europe/Oslo", date(2026, 12, 22)),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "Europe/Copenhagen", date(2026, 12, 23)),
        (datetime(2027, 1, 30, 8, tzinfo=UTC), "Europe/Oslo", date(2027, 3, 1)),
    ],
)
def test_a_draft_is_kept_for_whole_days_of_the_citizen_s(saved_at: datetime, zone: str, day: date) -> None:
    assert kept_until(saved_at, days=30, zone=zone) == day


def test_a_page_is_read_back_as_it_was_saved(counter: Counter) -> None:
    engine = counter.desk.engine
    code = drafts.begin(engine, COMPLAINT, counter.desk.clock())
    typed = {"why": ["Fordi «det» 🙂\ud800"]}
    told = {"why": Told(label="Hvorfor?", lines=("Fordi",), language=Language.NN)}
    for revision, is_finished in enumerate((False, True)):
        drafts.save_step(
            engine,
            code,
            "change",
            typed,
            told=told,
            is_finished=is_finished,
            read_revision=revision,
            now=counter.desk.clock(),
        )
        draft = drafts.read(engine, code)
        assert draft
        assert draft.steps == {"change": SavedStep(typed=typed, told=told, is_finished=is_finished)}
        assert draft.typed == {"change": typed}
        assert draft.unfinished == (frozenset() if is_finished else {"change"})
        assert not draft.is_empty


def test_a_new_draft_is_empty_and_one_with_only_a_file_is_not(counter: Counter) -> None:
    draft = Draft.empty(Code.new(), COMPLAINT, counter.desk.clock())
    assert draft.is_empty
    full, unused_filled = counter.look(counter.begin())
    assert not replace(full, steps={}).is_empty


def test_the_first_drafts_held_what_was_typed_and_nothing_else() -> None:
    typed = {"why": ["Fordi"], "suspend": ["y"]}
    assert SavedStep.from_json(json.dumps(typed).encode()) == SavedStep(typed=typed)


def test_a_page_that_is_not_finished_is_a_gap_even_if_nothing_is_missing(counter: Counter) -> None:
    draft, filled = counter.look(counter.begin())
    assert filled.first_gap is None
    again = fill(COMPLAINT, draft.typed, filled.steps[0].context, unfinished={"reach"})
    assert again.first_gap
    assert again.first_gap.step.key == "reach"


def test_a_question_is_told_with_its_answer_in_the_words_of_the_day(counter: Counter) -> None:
    unused_draft, filled = counter.look(counter.begin())
    with use(Language.DA):
        context = next(one.context for one in filled.steps if one.step.key == "role")
        form = next(one.step.form for one in filled.steps if one.step.key == "role")
        told = told_of(form({"role": ["myself"]}, context=context))
    assert told["role"].language is Language.DA
    assert told["role"].lines != ("myself",)
    assert len(told["role"].lines) == 1


def changed(step: str, *, without: str = "", **more: Any) -> FormDefinition:
    """The complaint's next version, with another set of questions on one page."""
    steps = tuple(
        replace(one, form=_form(one.form, without, more)) if one.key == step else one for one in COMPLAINT.steps
    )
    return replace(COMPLAINT, version=COMPLAINT.version + 1, steps=steps)


def _form(old: type[StepForm], without: str, more: dict[str, Any]) -> type[StepForm]:
    return type("Changed", (old,), {**({without: None} if without else {}), **more})


def reopened(counter: Counter, new: FormDefinition) -> tuple[Draft, Changes]:
    """A draft that was filled in page by page, opened under another version of its form."""
    draft, filled = counter.look(counter.begin())
    told = {one.step.key: told_of(one.form) for one in filled.steps}
    steps = {key: replace(saved, told=told[key]) for key, saved in draft.steps.items()}
    draft = carried_over(new, replace(draft, steps=steps))
    return draft, changes(draft, fill(new, draft.typed, filled.steps[0].context, unfinished=draft.unfinished))


def test_nothing_has_changed_while_the_version_is_the_same(counter: Counter) -> None:
    draft, found = reopened(counter, COMPLAINT)
    assert not found
    assert found == Changes()
    assert carried_over(COMPLAINT, draft) is draft


def test_another_version_with_the_same_questions_has_nothing_to_say(counter: Counter) -> None:
    draft, found = reopened(counter, replace(COMPLAINT, version=COMPLAINT.version + 1))
    assert not found
    assert draft.unfinished == frozenset()


def test_new_questions_are_named_and_those_that_are_gone_keep_their_answers(counter: Counter) -> None:
    new = changed("change", without="why", pets=Line("Har du hund?"))
    draft, found = reopened(counter, new)
    assert found
    assert [(one.step.key, one.label) for one in found.new] == [("change", "Har du hund?")]
    (gone,) = found.gone
    assert gone.lines[0] == "Fordi «det»"
    # Saved once more, the page still tells what it asked before.
    form = next(one.form for one in new.steps if one.key == "change")
    context = counter.look(counter.begin())[1].context
    told = told_again(new, form({}, context=context), draft.steps["change"])
    assert told["why"] == gone
    assert "pets" in told
    assert "why" not in told_again(new, form({}, context=context), None)


def test_pages_saved_before_questions_were_told_name_no_new_ones(counter: Counter) -> None:
    draft, filled = counter.look(counter.begin())
    assert changes(replace(draft, form_version=0), filled) == Changes()


def test_an_answer_follows_its_question_to_another_page(counter: Counter) -> None:
    new = changed("change", without="why")
    reach = next(one for one in new.steps if one.key == "reach")
    moved = replace(reach, form=_form(reach.form, "", {"why": Line("Hvorfor?")}))
    new = replace(new, steps=tuple(moved if one is reach else one for one in new.steps))
    draft, found = reopened(counter, new)
    assert draft.typed["reach"]["why"][0].startswith("Fordi")
    assert not found
    assert draft.unfinished == frozenset()
    without_reach = replace(draft, steps={key: one for key, one in draft.steps.items() if key != "reach"})
    waiting = carried_over(new, without_reach)
    assert waiting.typed["reach"]["why"][0].startswith("Fordi")
    assert waiting.unfinished == {"reach"}
