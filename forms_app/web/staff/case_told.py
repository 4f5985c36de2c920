"""Everything that the page of a case says, in words."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from forms_app.casework import notes as noting
from forms_app.casework.bodies import bodies_of
from forms_app.casework.deeds import STATUS_NAMES, member_of
from forms_app.casework.handing_over import hand_overs
from forms_app.casework.opening import OpenedCase
from forms_app.casework.power import NamedPower, last_confirmation, named_power
from forms_app.casework.status import CaseHistory
from forms_app.clock import local_date
from forms_app.countries import CountryRules, rules_for
from forms_app.documents.blocks import Answered, Heading, Table, sections
from forms_app.documents.follow_up import follow_up_file
from forms_app.documents.submission import answered
from forms_app.forms.answers import context_of
from forms_app.forms.context import Context
from forms_app.forms.definition import FormDefinition, FormKey
from forms_app.forms.registry import FORMS
from forms_app.forms.remarks import remarks
from forms_app.forms.text import in_norway_and_denmark, say, with_facts
from forms_app.language import format_date, format_moment, gettext
from forms_app.language import lazy_gettext as _
from forms_app.storage import audit
from forms_app.storage.engine import reading
from forms_app.storage.staff import members
from forms_app.web.staff.case_story import Happening, ShownDate, ShownFile, dates_of, files_of, happenings
from forms_app.web.staff.delivery_words import ShownHandOver, shown_hand_overs
from forms_app.web.staff.office import office
from forms_app.web.staff.words import FORM_NAMES, SOURCE_NAMES, waited

_WHO = (
    "sender_name", "sender_relation", "authority", "authority_note", "parental_responsibility", "parents_agree",
    "grantor_name", "agent_name", "agent_relation", "may", "health_information", "letters_to", "valid_from",
    "valid_to",
)  # fmt: skip
"""The questions whose answers say who may act, in the order they are asked."""

_ABOUT_THE_SENDER = {"sender_name": _("Sent by"), "sender_relation": _("Who they are to the person")}
"""Where the form speaks to the sender, and this page of them."""

_LATE = in_norway_and_denmark(
    _("It came after the deadline. You decide whether to take it all the same."),
    with_facts(
        _("It came after the deadline. Send it on at once: only %(body)s can decide to take it all the same."),
        body="appeal_body",
    ),
)

Sections = list[tuple[Heading, list[Answered]]]


@dataclass(frozen=True, kw_only=True)
class Power:
    """What is known of the right to act. `confirmed` says who confirmed it and when, "" where nobody did."""

    answers: tuple[Answered, ...]
    named: NamedPower | None
    revoked: str
    is_open: bool
    confirmed: str


@dataclass(frozen=True, kw_only=True)
class ShownNote:
    """An internal note; `text` is None where it cannot be shown."""

    when: str
    author: str
    text: str | None


@dataclass(frozen=True, kw_only=True)
class ToldCase:
    """The case in words. `name` is whom it is about, `facts` stand at the top of the page."""

    name: str
    facts: tuple[tuple[str, str], ...]
    assignee: str
    remarks: tuple[str, ...]
    sections: Sections
    files: list[tuple[str, list[ShownFile]]]
    bodies: Table | None
    power: Power
    dates: list[ShownDate]
    later: list[tuple[str, Sections]]
    notes: tuple[ShownNote, ...]
    happened: list[Happening]
    hand_overs: tuple[ShownHandOver, ...]


def tell(opened: OpenedCase, known: CaseHistory) -> ToldCase:
    """In the language of the page; `opened` has been checked, and its opening written down."""
    services, answers = office(), opened.submission.answers
    context, rules = context_of_case(opened), rules_of(known)
    definition = FORMS[FormKey(opened.submission.binding.form)]
    today = local_date(services.clock(), rules.time_zone)
    names, bodies = _names(), bodies_of(definition, context, answers)
    files = [file.facts for file in opened.files]
    shown = sections(answered(definition, context, answers, files))
    return ToldCase(
        name=_name(context),
        facts=tuple(_facts(opened, known, rules, today)),
        assignee=names.get(known.case.assignee, "") if known.case.assignee else "",
        remarks=(*_taken_back(known, context), *remarks(context, has_files=bool(files))),
        sections=[one for one in shown if one[0].step not in ("attachments", "bodies" if bodies else "")],
        files=files_of(opened),
        bodies=bodies,
        power=_power(definition, context, known, names),
        dates=dates_of(known.case.deadlines, rules, today),
        later=_later(opened),
        notes=tuple(_notes(known, names, rules)),
        happened=history_of(known, names, rules),
        hand_overs=tuple(shown_hand_overs(hand_overs(services.engine, known.submission.reference), rules.time_zone)),
    )


def context_of_case(opened: OpenedCase) -> Context:
    """In which the answers are read."""
    binding = opened.submission.binding
    return context_of(
        office().deployment, binding.municipality, binding.language, binding.accepted_at, opened.submission.answers
    )


def rules_of(known: CaseHistory) -> CountryRules:
    """Those of the country of the case's municipality."""
    return rules_for(office().deployment.municipality(known.case.municipality).country)


def history_of(
    known: CaseHistory, names: Mapping[uuid.UUID, str] | None = None, rules: CountryRules | None = None
) -> list[Happening]:
    """What everybody did with the case, the newest first."""
    with reading(office().engine) as connection:
        entries = audit.of_subjects(connection, audit.subjects_of_case(connection, known.submission.id))
    zone = (rules or rules_of(known)).time_zone
    return happenings(known, entries, _names() if names is None else names, zone)


def _names() -> Mapping[uuid.UUID, str]:
    with reading(office().staff) as connection:
        return members.names(connection)


def _name(context: Context) -> str:
    found = (context.answers.get(key) for key in ("name_of_person", "grantor_name"))
    return next((str(name) for name in found if name), gettext("No name yet"))


def _facts(opened: OpenedCase, known: CaseHistory, rules: CountryRules, today: date) -> Iterator[tuple[str, str]]:
    received_on = known.case.received_on or local_date(known.submission.accepted_at, rules.time_zone)
    age = waited(received_on, today, rules.country)
    yield gettext("Form"), str(FORM_NAMES[FormKey(known.submission.form)])
    yield gettext("Status"), str(STATUS_NAMES[known.case.status])
    yield gettext("Received"), f"{format_date(received_on)} ({age})"
    yield gettext("How it came"), str(SOURCE_NAMES[known.case.source])
    yield gettext("Municipality"), office().deployment.name_of(known.case.municipality)
    yield gettext("Written in"), opened.submission.binding.language.own_name


def _taken_back(known: CaseHistory, context: Context) -> Iterator[str]:
    case, zone = known.case, context.rules.time_zone
    if case.withdrawn_at:
        yield gettext("The sender withdrew this: %(when)s.", when=format_moment(case.withdrawn_at, zone))
    if case.revoked_at:
        yield gettext("The power of attorney was revoked: %(when)s.", when=format_moment(case.revoked_at, zone))
    if case.is_late:
        yield say(_LATE, context)


def _power(definition: FormDefinition, context: Context, known: CaseHistory, names: Mapping[uuid.UUID, str]) -> Power:
    engine, zone = office().engine, context.rules.time_zone
    named = named_power(engine, context.answers, known.case.municipality)
    entry = None if known.case.is_unconfirmed else last_confirmation(engine, known.case)
    author = names.get(member_of(entry.actor) or uuid.UUID(int=0), entry.actor) if entry else ""
    revoked_at = named.case.revoked_at if named and named.case else None
    return Power(
        answers=tuple(_who(definition, context)),
        named=named,
        revoked=format_moment(revoked_at, zone) if revoked_at else "",
        is_open=known.case.is_unconfirmed,
        confirmed=f"{author}, {format_moment(entry.at, zone)}" if entry else "",
    )


def _who(definition: FormDefinition, context: Context) -> Iterator[Answered]:
    for step in definition.steps:
        if step.is_met(context):
            for question in step.form(None, context=context).questions():
                if question.name in _WHO and question.name in context.answers:
                    own: str = question.label.text  # type: ignore[attr-defined]
                    label = str(_ABOUT_THE_SENDER.get(question.name, own))
                    yield Answered(label, question.display(context.answers[question.name]))


def _later(opened: OpenedCase) -> list[tuple[str, Sections]]:
    found = []
    for one in opened.later:
        blocks = follow_up_file(one.submission, office().deployment)
        shown = sections(blocks)
        found.append((shown[0][0].text, shown))
    return found


def _notes(known: CaseHistory, names: Mapping[uuid.UUID, str], rules: CountryRules) -> Iterator[ShownNote]:
    for one in noting.read(office().engine, office().identities, known.case):
        author = names.get(member_of(one.author) or uuid.UUID(int=0), one.author)
        yield ShownNote(when=format_moment(one.at, rules.time_zone), author=author, text=one.text)
