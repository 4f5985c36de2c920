"""A case that the visitor may see. To anybody else it is as if there were none."""

from forms_app.casework.access import NotAllowed
from forms_app.casework.opening import OpenedCase, UnknownReference, open_case
from forms_app.casework.same_person import Desk
from forms_app.casework.status import CaseHistory, history
from forms_app.references.reference import WrongReference
from forms_app.web.staff.doors import CASE_WORKERS, visitor
from forms_app.web.staff.office import office


def own_case(reference: str) -> CaseHistory:
    """What is known of the case without any key. Raises NotAllowed, whether it is another's or nobody's."""
    try:
        found = history(office().engine, reference)
    except (WrongReference, UnknownReference):
        raise NotAllowed(visitor().actor) from None
    visitor().demand(CASE_WORKERS, found.case.municipality)
    return found


def opened_for(known: CaseHistory, action: str = "opened") -> OpenedCase:
    """The case in clear; the audit trail knows of the `action` first.

    Raises Erased, BindingMismatch and CannotOpen, which every staff page answers with the reason and no data.
    """
    services = office()
    return open_case(
        services.engine,
        services.clock,
        services.identities,
        known.submission.reference,
        actor=visitor().actor,
        action=action,
    )


def same_person() -> Desk:
    """Where cases of one person are found, for the visitor."""
    services = office()
    return Desk(
        engine=services.engine,
        clock=services.clock,
        identities=services.identities,
        index=services.names,
        actor=visitor().actor,
    )
