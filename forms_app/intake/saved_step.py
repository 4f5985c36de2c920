"""What is kept of one page: what stood in its fields, and how its questions were asked."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from forms_app.forms.definition import StepForm, Typed
from forms_app.language import Language, current


@dataclass(frozen=True, kw_only=True)
class Told:
    """A question and its answer in the words of the day. When a later version of the form does not ask it any more,
    nobody else remembers what it was.
    """

    label: str
    lines: tuple[str, ...]
    language: Language


@dataclass(frozen=True, kw_only=True)
class SavedStep:
    """One page of a draft. `told` is by question name; a page that is not finished was kept as it stood, without being
    looked over.
    """

    typed: Typed
    told: Mapping[str, Told] = field(default_factory=dict)
    is_finished: bool = True

    def to_json(self) -> bytes:
        """To be encrypted."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, plain: bytes) -> Self:
        """What `to_json` made. The first drafts hold nothing but what was typed."""
        document = json.loads(plain)
        if "is_finished" not in document:
            return cls(typed=document)
        told = {name: _told(one) for name, one in document["told"].items()}
        return cls(typed=document["typed"], told=told, is_finished=document["is_finished"])


def _told(document: Mapping[str, Any]) -> Told:
    return Told(label=document["label"], lines=tuple(document["lines"]), language=Language(document["language"]))


def told_of(form: StepForm) -> dict[str, Told]:
    """Every question of a page with its answer, in the current language."""
    return {
        question.name: Told(
            label=question.label.text,  # type: ignore[attr-defined]  # the WTForms field in the bases has it
            lines=question.display(question.to_json()),
            language=current(),
        )
        for question in form.questions()
    }
