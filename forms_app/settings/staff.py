"""Which surfaces a process serves, and where staff log in."""

from dataclasses import dataclass
from enum import StrEnum

from forms_app.settings.environment import Environment


class Surface(StrEnum):
    """Who a process answers: citizens, or municipal staff, who hold the opening key."""

    CITIZEN = "citizen"
    STAFF = "staff"


@dataclass(frozen=True, kw_only=True)
class LoginProvider:
    """The OpenID provider that staff log in with.

    Whoever logs in at a level (`acr`) that is not among `levels` is refused; none at all means that any will do.
    `subject_claim` names the claim that a member is known by; `secret` is empty for a client that has none.
    `own_address` is where the provider sends people back to; empty: where they came from.
    """

    issuer: str
    client_id: str
    secret: str
    levels: tuple[str, ...]
    subject_claim: str
    own_address: str


def surfaces(environment: Environment, *, is_demo: bool) -> frozenset[Surface]:
    """A demonstration serves both. Elsewhere one process never does: the citizen side must not hold the opening key."""
    usual = ",".join(Surface) if is_demo else Surface.CITIZEN
    given = environment.text("PORTAL_SURFACES", usual).replace(" ", "").split(",")
    if not set(given) <= set(Surface):
        environment.faults.append(f"PORTAL_SURFACES must be one of {', '.join(Surface)}")
        return frozenset({Surface.CITIZEN})
    if len(set(given)) > 1 and not is_demo:
        environment.faults.append("PORTAL_SURFACES: outside the demo each surface is a process of its own")
    return frozenset(map(Surface, given))


def login_provider(environment: Environment, *, is_demo: bool) -> LoginProvider | None:
    """What the staff surface cannot start without; None in a demonstration that has not started its own provider."""
    issuer = environment.text("PORTAL_OIDC_ISSUER")
    if is_demo and not issuer:
        return None
    levels = environment.text("PORTAL_OIDC_LEVELS").replace(",", " ").split()
    own_address = environment.origin("PORTAL_STAFF_ADDRESS")
    if not is_demo:
        _demand_real(environment, issuer, levels, own_address)
    return LoginProvider(
        issuer=issuer.rstrip("/"),
        client_id=environment.text("PORTAL_OIDC_CLIENT", "portal"),
        secret=environment.secret("PORTAL_OIDC_SECRET", shortest=0),
        levels=tuple(levels),
        subject_claim=environment.text("PORTAL_OIDC_SUBJECT", "sub"),
        own_address=own_address,
    )


def _demand_real(environment: Environment, issuer: str, levels: list[str], own_address: str) -> None:
    if not issuer.startswith("https://"):
        environment.faults.append("PORTAL_OIDC_ISSUER must be the https address of the provider where staff log in")
    if not levels:
        environment.faults.append("PORTAL_OIDC_LEVELS is not set: the levels (acr) at which staff may log in")
    if not own_address:
        environment.faults.append("PORTAL_STAFF_ADDRESS is not set: where staff are sent back to after logging in")
