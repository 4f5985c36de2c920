"""A case in clear for its own case workers, and as one file to take out."""

from dataclasses import dataclass
from hashlib import sha256

from forms_app.casework.case_package import package
from forms_app.casework.opening import OpenedCase
from forms_app.casework.retention import EXPORTED
from forms_app.casework.status import CaseHistory
from forms_app.forms.context import Context
from forms_app.forms.definition import FormKey
from forms_app.language import current
from forms_app.storage import audit, complaints
from forms_app.storage.complaints import Complaint
from forms_app.storage.engine import reading
from forms_app.web.staff.case_told import context_of_case
from forms_app.web.staff.doors import visitor
from forms_app.web.staff.office import office
from forms_app.web.staff.own_case import opened_for, own_case


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


def opened_case(reference: str) -> OwnCase:
    """The case in clear; the audit trail knows of it first. Raises NotAllowed, and what opening raises."""
    found = own_case(reference)
    opened = opened_for(found)
    with reading(office().engine) as connection:
        so_far = complaints.of(connection, found.case.id)
    return OwnCase(history=found, opened=opened, context=context_of_case(opened), complaint=so_far)


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
