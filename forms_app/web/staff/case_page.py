"""One case: what it says, what it waits for, and what has been done with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Response, request

from forms_app.casework import notes as noting
from forms_app.casework.bodies import bodies_of
from forms_app.casework.opening import Erased, OpenedCase, open_case
from forms_app.casework.power import last_confirmation, named_power
from forms_app.casework.status import CaseHistory
from forms_app.clock import local_date
from forms_app.countries import CountryRules, rules_for
from forms_app.documents.blocks import sections
from forms_app.documents.follow_up import follow_up_file
from forms_app.documents.submission import answered
from forms_app.forms.answers import context_of, flat
from forms_app.forms.context import Context
from forms_app.forms.definition import FormKey
from forms_app.forms.registry import FORMS
from forms_app.forms.remarks import remarks
from forms_app.forms.text import say
from forms_app.intake.timeline import STATUS_TEXTS
from forms_app.language import format_date, format_moment, gettext
from forms_app.language import lazy_gettext as _
from forms_app.sealing.envelope import CannotOpen
from forms_app.sealing.submission import BindingMismatch
from forms_app.storage import audit
from forms_app.storage.case_events import StatusText
from forms_app.storage.engine import reading
from forms_app.storage.staff import members
from forms_app.storage.tables import AnsweredBy, CaseStatus
from forms_app.web.staff.case_story import dates_of, files_of, happenings
from forms_app.web.staff.colleagues import case_workers
from forms_app.web.staff.doors import CASE_WORKERS, staff_page, visitor
from forms_app.web.staff.frame import page
from forms_app.web.staff.office import office
from forms_app.web.staff.own_case import own_case
from forms_app.web.staff.words import ANSWERED_BY_NAMES, FORM_NAMES, SOURCE_NAMES, STATUS_NAMES, waited

DONE = {
    "assigned": _("The case has been given to a case worker."),
    "released": _("The case has been let go of."),
    "status": _("It is said. The sender reads it on the status page."),
    "note": _("The note is kept."),
    "confirmed": _("It is written down that the right to act is confirmed."),
    "unconfirmed": _("The confirmation has been taken back."),
    "met": _("It is written down as done."),
    "same": _("It stood so already. Nothing was changed."),
}
"""What has just been done, by the word in the address."""


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What somebody typed on the page that could not be taken, and why; `where` is the field to mend."""

    where: str = ""
    problem: str = ""
    values: dict[str, str] = field(default_factory=dict)


@staff_page("/case/<reference>", any_of=CASE_WORKERS)
def case_page(reference: str) -> Response:
    """The whole case; that it was opened is written down first."""
    return show_case(own_case(reference))


def show_case(known: CaseHistory, typed: Typed | None = None) -> Response:
    """The page, with what was `typed` on it where that could not be taken."""
    services, reference = office(), known.submission.reference
    try:
        opened = open_case(
            services.engine, services.clock, services.identities, reference, actor=visitor().actor
        )
    except (Erased, BindingMismatch, CannotOpen) as error:
        return not_shown(error, reference)
    return page(
        "case.html",
        title=_title(opened),
        status=422 if typed else 200,
        known=known,
        done=str(DONE[request.args["done"]]) if request.args.get("done") in DONE else "",
        typed=typed or Typed(),
        choices=_choices(known),
        **_told(opened, known),
    )


def not_shown(error: Exception, reference: str) -> Response:
    """Never any data: it is erased, it does not belong here, or no key opens it."""
    title, sentence = {
        Erased: (gettext("This case is erased"), gettext("Its content was handed over and erased here.")),
        BindingMismatch: (
            gettext("This case cannot be shown"),
            gettext(
                "Its content does not belong to it: something in the database was swapped or changed. Nothing of it is "
                "shown. Tell those who run the service at once, and give them the reference."
            ),
        ),
    }.get(
        type(error),
        (
            gettext("This case cannot be shown"),
            gettext(
                "No key on this computer opens it: it was sealed to another key, or its bytes have changed. Tell those "
                "who run the service, and give them the reference."
            ),
        ),
    )
    sentences = [sentence, gettext("Reference: %(reference)s", reference=reference)]
    link = ("/staff/inbox", gettext("Back to the inbox"))
    return page("message.html", title=title, status=409, sentences=sentences, link=link)


def context_of_case(opened: OpenedCase) -> Context:
    """In which the answers are read."""
    binding = opened.submission.binding
    return context_of(
        office().deployment, binding.municipality, binding.language, binding.accepted_at, opened.submission.answers
    )


def rules_of(known: CaseHistory) -> CountryRules:
    """Those of the country of the case's municipality."""
    return rules_for(office().deployment.municipality(known.case.municipality).country)


def _title(opened: OpenedCase) -> str:
    answers = flat(opened.submission.answers)
    name = next((answers[key] for key in ("name_of_person", "grantor_name") if answers.get(key)), "")
    return name or gettext("No name yet")


def _told(opened: OpenedCase, known: CaseHistory) -> dict[str, Any]:
    """Everything that the page says of the case."""
    services, context, answers = office(), context_of_case(opened), opened.submission.answers
    definition, rules = FORMS[FormKey(opened.submission.binding.form)], rules_of(known)
    today = local_date(services.clock(), rules.time_zone)
    with reading(services.staff) as connection:
        names = members.names(connection)
    with reading(services.engine) as connection:
        entries = audit.of_subjects(connection, audit.subjects_of_case(connection, known.submission.id))
    facts = [file.facts for file in opened.files]
    received_on = known.case.received_on or local_date(known.submission.accepted_at, rules.time_zone)
    power = named_power(services.engine, context.answers, known.case.municipality)
    return {
        "form_name": str(FORM_NAMES[FormKey(definition.key)]),
        "form_title": say(definition.title, context),
        "source": str(SOURCE_NAMES[known.case.source]),
        "status": str(STATUS_NAMES[known.case.status]),
        "received": format_date(received_on),
        "age": waited(received_on, today, rules.country),
        "place": services.deployment.name_of(known.case.municipality),
        "language_name": opened.submission.binding.language.own_name,
        "assignee": names.get(known.case.assignee, "") if known.case.assignee else "",
        "remarks": [*_taken_back(known, rules), *remarks(context, has_files=bool(facts))],
        "sections": sections(answered(definition, context, answers, facts)),
        "files": files_of(opened),
        "bodies": bodies_of(definition, context, answers),
        "power": power,
        "power_answers": dict(sections(answered(definition, context, answers, facts))[0:0]),
        "confirmed_by": _confirmed_by(known, names, rules),
        "dates": dates_of(known.case.deadlines, rules, today),
        "later": [sections(follow_up_file(one.submission, services.deployment)) for one in opened.later],
        "notes": [
            (format_moment(one.at, rules.time_zone), names.get(_id_of(one.author), one.author), one.text)
            for one in noting.read(services.engine, services.identities, known.case)
        ],
        "happened": happenings(known, entries, names, rules.time_zone),
    }
