"""What the audit trail says, in words. Its actions are stored in English, so that the trail reads the same for ever."""

import uuid
from collections.abc import Mapping
from typing import Any

from forms_app.casework.access import Role
from forms_app.language import gettext
from forms_app.language import lazy_gettext as _
from forms_app.storage.tables import CaseStatus

DEEDS: Mapping[str, Any] = {
    "submitted": _("Sent the form"),
    "keyed in": _("Keyed in what came otherwise"),
    "added documents": _("Added documents"),
    "withdrew": _("Withdrew what was sent"),
    "revoked": _("Revoked the power of attorney"),
    "answered an invitation": _("Answered the invitation to confirm"),
    "deleted own copy": _("Deleted their own copy"),
    "own copies expired": _("Deleted senders' own copies that had expired"),
    "logged in": _("Logged in"),
    "logged out": _("Logged out"),
    "refused": _("Was not let in"),
    "granted": _("Gave a role"),
    "took": _("Took a role away"),
    "listed": _("Saw the list of cases"),
    "searched": _("Searched for a name"),
    "opened": _("Opened the case"),
    "opened to hand over": _("Opened the case to hand it over"),
    "opened to confirm": _("Opened the case to find the address for the confirmation"),
    "not shown": _("Could not be shown: the content does not belong to the case, or no key opens it"),
    "opened a file": _("Opened or downloaded a file"),
    "printed": _("Took out the case file (PDF)"),
    "exported the bodies": _("Took out the places that help (CSV)"),
    "assigned": _("Gave the case to"),
    "released": _("Released the case"),
    "joined with": _("Joined the case with"),
    "parted from": _("Took the case apart from"),
    "opened for the family": _("Opened the case for the family's list"),
    "exported the family": _("Took out the family's list"),
    "wrote a note": _("Wrote a note"),
    "confirmed the right to act": _("Confirmed the right to act"),
    "took back the confirmation": _("Took back that the right to act is confirmed"),
    "met": _("Said that what was due is done"),
    "status": _("Said where the case stands"),
    "shortened the time for a complaint": _("Counted the shorter time for a complaint"),
    "reconsidered": _("Looked at the decision again"),
    "complaint maintained": _("The complaint is maintained"),
    "complaint not maintained": _("The complaint is not maintained"),
    "forwarded": _("Sent the complaint on"),
    "exported the case": _("Took out the case as a file"),
    "capacity": _("Changed how many somebody can have"),
    "owed the hand-over again": _("Had the hand-over tried anew"),
    "signed off": _("Signed that the case is kept in the archive"),
    "erased": _("Erased the case"),
    "read the trail": _("Took out who has read the case"),
    "exported the trail": _("Took out the audit trail as a file"),
    "made a key": _("Made a new opening key"),
    "took out a drill": _("Took out a sample for the restore drill"),
    "drill passed": _("The restore drill passed"),
    "drill failed": _("The restore drill failed"),
}
"""By how an action begins; what follows after a blank is told as it is, or by the tables below."""

_ROLES: Mapping[str, Any] = {
    Role.CASE_WORKER: _("Case worker"),
    Role.UNIT_LEADER: _("Unit leader"),
    Role.AUDITOR: _("Auditor"),
}
STATUS_NAMES: Mapping[str, Any] = {
    CaseStatus.RECEIVED: _("Received"),
    CaseStatus.IN_PROGRESS: _("Being handled"),
    CaseStatus.WAITING_FOR_CITIZEN: _("Waiting for the sender"),
    CaseStatus.ANSWERED: _("Answered"),
    CaseStatus.CLOSED: _("Closed"),
}
"""Where a case stands, as staff call it."""
_ACTORS: Mapping[str, Any] = {
    "citizen": _("The sender"),
    "worker": _("The portal itself"),
    "stranger": _("Somebody without access"),
}


def key_of(action: str) -> str | None:
    """The longest key of DEEDS that an action begins with."""
    fitting = [key for key in DEEDS if action == key or action.startswith(f"{key} ")]
    return max(fitting, key=len, default=None)


def said(action: str, names: Mapping[uuid.UUID, str]) -> str:
    """The deed in the current language; an action that nobody has words for is told as it stands."""
    key = key_of(action)
    if key is None:
        return action
    detail = " ".join(_word(word, names) for word in action.removeprefix(key).split() if word not in ("to", "from"))
    return f"{DEEDS[key]}: {detail}" if detail else str(DEEDS[key])


def who(actor: str, names: Mapping[uuid.UUID, str]) -> str:
    """Who did it: a member of staff by name, where that is known."""
    if actor.startswith("cli:"):
        return gettext("%(name)s, at the server", name=actor.removeprefix("cli:"))
    return _word(actor, names)


def member_of(actor: str) -> uuid.UUID | None:
    """The member of staff, if it was one."""
    try:
        return uuid.UUID(actor.removeprefix("staff:")) if actor.startswith("staff:") else None
    except ValueError:
        return None


def roles_said(roles: frozenset[Role]) -> str:
    """ "Case worker, Unit leader"."""
    return ", ".join(str(_ROLES[one]) for one in sorted(roles))


def _word(word: str, names: Mapping[uuid.UUID, str]) -> str:
    member = member_of(word)
    if member:
        return names.get(member, gettext("a member of staff, %(id)s", id=str(member)[:8]))
    return str(_ACTORS.get(word) or _ROLES.get(word) or STATUS_NAMES.get(word) or word)
