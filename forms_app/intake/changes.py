"""A draft that was begun with another version of its form: it goes on, and says what is asked otherwise now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from forms_app.forms.answers import FilledForm
from forms_app.forms.definition import FormDefinition, Step, StepForm
from forms_app.intake.drafts import Draft
from forms_app.intake.saved_step import SavedStep, Told, told_of


@dataclass(frozen=True, kw_only=True)
class NewQuestion:
    """A question that a page which was saved already did not have."""

    step: Step
    label: str


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What a citizen must know. `gone` has the answers to what is asked no more; they are kept, and not sent."""

    new: tuple[NewQuestion, ...] = ()
    gone: tuple[Told, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.gone)


def carried_over(definition: FormDefinition, draft: Draft) -> Draft:
    """The draft with each answer where the form asks for it now, if its question has moved to another page."""
    if draft.form_version == definition.version:
        return draft
    asked = {step.key: step.form.question_names() for step in definition.steps}
    homeless = {
        name: values
        for key, saved in draft.steps.items()
        for name, values in saved.typed.items()
        if _question(name) not in asked.get(key, ())
    }
    steps = dict(draft.steps)
    for step in definition.steps:
        moved = {name: values for name, values in homeless.items() if _question(name) in asked[step.key]}
        if moved:
            # A page that was never looked at is not finished by what moved there.
            saved = draft.steps.get(step.key, SavedStep(typed={}, is_finished=False))
            steps[step.key] = replace(saved, typed={**moved, **saved.typed})
    return replace(draft, steps=steps)


def changes(draft: Draft, filled: FilledForm) -> Changes:
    """Nothing while the form has the version with which the draft was begun."""
    if draft.form_version == filled.definition.version:
        return Changes()
    asked = filled.definition.question_names
    told = [pair for saved in draft.steps.values() for pair in saved.told.items()]
    known = {name for name, unused_told in told}
    return Changes(
        new=tuple(_new(draft, filled, known)),
        gone=tuple(one for name, one in told if name not in asked and one.lines),
    )


def told_again(definition: FormDefinition, form: StepForm, before: SavedStep | None) -> Mapping[str, Told]:
    """What a page tells when it is saved once more: what is asked no more stays with it."""
    kept = before.told if before else {}
    return {name: one for name, one in kept.items() if name not in definition.question_names} | told_of(form)


def _new(draft: Draft, filled: FilledForm, known: set[str]) -> Iterator[NewQuestion]:
    for one in filled.steps:
        saved = draft.steps.get(one.step.key)
        if saved and saved.told:
            for name, told in told_of(one.form).items():
                if name not in known:
                    yield NewQuestion(step=one.step, label=told.label)


def _question(field: str) -> str:
    """The question that a field of that name belongs to: its own name stands before the first hyphen."""
    return field.partition("-")[0]
