"""A case as its own case workers may see it; for everybody else there is none."""

from dataclasses import dataclass
from hashlib import sha256

from forms_app.casework.access import NotAllowed
from forms_app.casework.case_package import package
from forms_app.casework.opening import OpenedCase, UnknownReference, open_case
from forms_app.casework.retention import EXPORTED
from forms_app.casework.status import CaseHistory, history
from forms_app.forms.answers import context_of
from forms_app.forms.context import Context
from forms_app.forms.definition import FormKey
from forms_app.language import current
from forms_app.references.reference import WrongReference
from forms_app.storage import audit, complaints
from forms_app.storage.complaints import Complaint
from forms_app.storage.engine import reading
from forms_app.web.staff.doors import CASE_WORKERS, visitor
from forms_app.web.staff.office import office


@dataclass(frozen=True, kw_only=True)
class OwnCase:
    """A case of the visitor's own municipality, opened. `complaint` is empty where it is none."""

    history: CaseHistory
    opened: OpenedCase
    context: Context
    complaint: Complaint

    @property
    def reference(self) -> str:
        """Of what was sent first."""
        return self.history.submission.reference

    @property
    def is_complaint(self) -> bool:
        """Whether it is handled as one."""
        return self.history.submission.form == FormKey.COMPLAINT


def own_history(reference: str) -> CaseHistory:
    """What is known without a key. Raises NotAllowed for a case of another municipality, and for none."""
    try:
        found = history(office().engine, reference)
    except (WrongReference, UnknownReference):
        raise NotAllowed(visitor().actor) from None
    visitor().demand(CASE_WORKERS, found.case.municipality)
    return found


def own_case(reference: str) -> OwnCase:
    """The case in clear; the audit trail knows of it first. Raises NotAllowed, and what opening raises."""
    found, services = own_history(reference), office()
    opened = open_case(
        services.engine, services.clock, services.identities, found.submission.reference, actor=visitor().actor
    )
    binding = opened.submission.binding
    context = context_of(
        services.deployment, binding.municipality, binding.language, binding.accepted_at, opened.submission.answers
    )
    with reading(services.engine) as connection:
        so_far = complaints.of(connection, found.case.id)
    return OwnCase(history=found, opened=opened, context=context, complaint=so_far)


def export(case: OwnCase) -> bytes:
    """The case with its papers as one file; the audit trail knows its hash before it is given out. Raises PdfFailed."""
    services = office()
    now = services.clock()
    content = package(
        case.opened,
        case.complaint if case.is_complaint else None,
        case.context.rules,
        services.deployment,
        language=current(),
        made_at=now,
    )
    action = f"{EXPORTED} {sha256(content).hexdigest()}"
    with services.engine.begin() as connection:
        subject = str(case.history.submission.id)
        audit.record(connection, at=now, actor=visitor().actor, action=action, subject=subject)
    return content
