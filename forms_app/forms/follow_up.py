"""What is sent about a form that was sent before: more documents, word that the sender takes it back, or the answer of
someone who was invited to confirm it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from forms_app.forms.answers import Answers
from forms_app.forms.definition import FormKey


class FollowUpKind(StrEnum):
    """What was sent later. The values are sealed with it: never change them."""

    ADDITION = "addition"
    WITHDRAWAL = "withdrawal"
    REVOCATION = "revocation"
    """Of a power of attorney."""
    CONFIRMATION = "confirmation"
    """The answer of someone who was invited to confirm the form, whatever the answer is."""


def taking_back(form: FormKey) -> FollowUpKind:
    """What it is called to take back such a form."""
    return FollowUpKind.REVOCATION if form is FormKey.POWER_OF_ATTORNEY else FollowUpKind.WITHDRAWAL


def content_of(kind: FollowUpKind, number: int, said: Mapping[str, Any]) -> Answers:
    """What is sealed beside the files. It names its kind, so that none can stand in the place of another."""
    return {kind.value: {"number": number, **said}}


def kind_of(content: Answers) -> FollowUpKind | None:
    """What a sealed content is; None for the answers of a form."""
    kinds = [kind for kind in FollowUpKind if set(content) == {kind.value}]
    return kinds[0] if kinds else None
