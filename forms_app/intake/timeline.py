"""Where a case stands, in words: what has happened and when, what stands now, and what happens next.

No sentence here is written by staff: they choose among ours.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forms_app.documents.follow_up import title_of
from forms_app.forms.context import Context
from forms_app.forms.definition import FormKey
from forms_app.forms.registry import FORMS
from forms_app.forms.taking_back import TAKING_BACK
from forms_app.forms.text import Text, in_norway_and_denmark, say, with_facts
from forms_app.intake.status import SentLater, Standing
from forms_app.language import format_date, format_moment, gettext
from forms_app.language import lazy_gettext as _
from forms_app.storage.case_events import CaseEvent, StatusText
from forms_app.storage.tables import AnsweredBy, CaseStatus

STATUS_TEXTS: Mapping[StatusText, Any] = {
    StatusText.MEETING: _("The municipality will invite you to a meeting."),
    StatusText.OBTAINING: _("The municipality is obtaining information from others."),
    StatusText.LONGER: _("It takes longer than expected. The municipality tells you when you can expect an answer."),
    StatusText.FORWARDED: _("The municipality has sent it on to those who decide. They write to you."),
    StatusText.DOCUMENTS: _("The municipality needs more documents. You can add them on this page."),
    StatusText.TALK: _("The municipality would like to talk to you. Call, or wait for them to call you."),
    StatusText.CONFIRM: _("The municipality waits for the one who gives the power of attorney to confirm it."),
    StatusText.JOINED: _("The municipality handles it together with another case of yours."),
    StatusText.CHANGED: _("The municipality has looked at the case again and changed its decision as you asked."),
    StatusText.PARTLY_CHANGED: _(
        "The municipality has looked at the case again and changed a part of its decision. The letter says which part, "
        "and how you tell whether you maintain the complaint."
    ),
    StatusText.KEPT: _(
        "The municipality has looked at the case again and keeps its decision. It sends the complaint on to those who "
        "decide."
    ),
}
"""What staff can say on a citizen's page, by the key they choose."""

_NAMES: Mapping[CaseStatus, Any] = {
    CaseStatus.RECEIVED: _("Received"),
    CaseStatus.IN_PROGRESS: _("Being handled"),
    CaseStatus.WAITING_FOR_CITIZEN: _("Waiting for you"),
    CaseStatus.ANSWERED: _("Answered"),
    CaseStatus.CLOSED: _("Closed"),
}
_SENTENCES: Mapping[CaseStatus, Any] = {
    CaseStatus.RECEIVED: _("The municipality has received it."),
    CaseStatus.IN_PROGRESS: _("A case worker is handling it."),
    CaseStatus.WAITING_FOR_CITIZEN: _("The municipality needs something from you before it can go on."),
    CaseStatus.CLOSED: _("The municipality has ended the case."),
}
_ANSWERS: Mapping[AnsweredBy, Any] = {
    AnsweredBy.DIGITAL_POST: _("The municipality sent the answer to your digital post on %(day)s."),
    AnsweredBy.LETTER: _("The municipality sent the answer as a letter on %(day)s."),
    AnsweredBy.MEETING: _("The municipality gave the answer in a meeting on %(day)s."),
    AnsweredBy.PHONE: _("The municipality gave the answer on the phone on %(day)s."),
}
_MAY_COMPLAIN = _("If you disagree, you can complain. You have %(time)s from the day you got the answer.")
_AFTER_AN_ANSWER: Mapping[FormKey, tuple[Text, ...]] = {
    FormKey.APPLICATION: (
        in_norway_and_denmark(
            with_facts(_MAY_COMPLAIN, time="appeal_health"), with_facts(_MAY_COMPLAIN, time="appeal")
        ),
        _("If the letter says something else about the deadline, the letter counts."),
    ),
    FormKey.COMPLAINT: (_("The answer says what you can do if you still disagree."),),
    FormKey.POWER_OF_ATTORNEY: (_("You can revoke the power of attorney at any time, on this page."),),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """Something that happened; `when` is its day and time of day in words, `number` that of what was sent later."""

    at: datetime
    when: str
    title: str
    sentences: tuple[str, ...]
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class Told:
    """All that the page says of where it stands. `may_complain` is whether to lead on to the complaint."""

    title: str
    sentences: tuple[str, ...]
    next_steps: tuple[str, ...]
    may_complain: bool
    lines: tuple[Line, ...]


def tell(standing: Standing, context: Context) -> Told:
    """In the current language; `context` is that of what was sent first."""
    lines = sorted(_lines(standing, context), key=lambda line: line.at)
    title, sentences = _now(standing, context)
    case = standing.case
    return Told(
        title=title,
        sentences=sentences,
        next_steps=tuple(filter(None, (say(text, context) for text in _next(standing)))),
        may_complain=not case.taken_back_at and case.status is CaseStatus.ANSWERED and _is_application(standing),
        lines=tuple(lines),
    )


def _form(standing: Standing) -> FormKey:
    return FormKey(standing.first.row.form)


def _is_application(standing: Standing) -> bool:
    return _form(standing) is FormKey.APPLICATION


def _now(standing: Standing, context: Context) -> tuple[str, tuple[str, ...]]:
    if standing.case.taken_back_at:
        return gettext("Taken back"), (say(TAKING_BACK[_form(standing)].done, context),)
    if standing.events:
        return _of_event(standing.events[-1])
    return str(_NAMES[standing.case.status]), (str(_SENTENCES[standing.case.status]),)


def _of_event(event: CaseEvent) -> tuple[str, tuple[str, ...]]:
    sentences = [str(_SENTENCES[event.status])] if event.status in _SENTENCES else []
    if event.answered_by and event.answered_on:
        sentences.append(str(_ANSWERS[event.answered_by]) % {"day": format_date(event.answered_on)})
        sentences.append(gettext("You do not find the answer itself here."))
    if event.text:
        sentences.append(str(STATUS_TEXTS[event.text]))
    return str(_NAMES[event.status]), tuple(sentences)


def _next(standing: Standing) -> tuple[Text, ...]:
    if standing.case.taken_back_at:
        return (_("The municipality ends the case. You need not do anything more."),)
    match standing.case.status:
        case CaseStatus.WAITING_FOR_CITIZEN:
            return (_("Send what the municipality asks for, or contact them if something is unclear."),)
        case CaseStatus.ANSWERED:
            return _AFTER_AN_ANSWER[_form(standing)]
        case CaseStatus.CLOSED:
            return (_("Contact the municipality if something is not as it should be."),)
    receipt = standing.first.receipt
    if receipt and receipt.answers is not None:
        return FORMS[_form(standing)].next_steps
    # They depend on the answers, and those the sender has deleted.
    return (_("The municipality contacts you if it needs something, and when it has an answer."),)


def _lines(standing: Standing, context: Context) -> Iterator[Line]:
    def line(at: datetime, title: str, *sentences: str, number: int = 0) -> Line:
        when = format_moment(at, context.rules.time_zone)
        return Line(at=at, when=when, title=title, sentences=sentences, number=number)

    row = standing.first.row
    yield line(
        row.accepted_at,
        gettext("Received"),
        gettext("It was stored safely, with the reference %(reference)s.", reference=row.reference),
    )
    if standing.handed_over_at:
        yield line(
            standing.handed_over_at,
            gettext("Handed over"),
            gettext("It has been passed on to the municipality's own systems."),
        )
    for event in standing.events:
        title, sentences = _of_event(event)
        yield line(event.at, title, *sentences)
    for one in standing.later:
        yield line(one.sent.row.accepted_at, title_of(one.kind, one.number), *_of_later(one), number=one.number)


def _of_later(one: SentLater) -> Iterator[str]:
    yield gettext("Received as %(reference)s.", reference=one.sent.row.reference)
    if one.sent.receipt and one.sent.receipt.files:
        yield ", ".join(file.name for file in one.sent.receipt.files)
