"""Logging in with the municipality's OpenID provider, and out of both.

PKCE, state and nonce are Authlib's; the level of the login, the issuer of the answer and who may come in are ours.
"""

import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, Response, make_response, redirect, request, session
from joserfc.errors import JoseError
from requests import RequestException

from forms_app import log
from forms_app.casework.sessions import NotAMember
from forms_app.errors import PortalError
from forms_app.language import current
from forms_app.language import gettext as _
from forms_app.settings import LoginProvider
from forms_app.web.post_form import PostForm
from forms_app.web.security import HEADERS
from forms_app.web.staff.doors import (
    ANYBODY,
    blueprint,
    forget_cookie,
    secret_of_cookie,
    staff_page,
    visitor,
    write_cookie,
)
from forms_app.web.staff.frame import idle_warning, page
from forms_app.web.staff.office import office
from forms_app.web.staff.resending import resend_page

_log = log.logger("login")
_AFTERWARDS = "staff-after-login"
_SECONDS_OF_SKEW = 10
_HOME = "/staff/"
_SECONDS_TO_ANSWER = 10


class _LevelTooLow(PortalError):
    """They logged in with less than what is demanded."""


class _WrongIssuer(PortalError):
    """The answer is from another provider than the one that was asked."""


def make_client(app: Flask, provider: LoginProvider) -> Any:
    """What talks to the provider; its addresses and keys are asked for when the first person logs in."""
    oauth = OAuth(app)
    return oauth.register(
        "provider",
        client_id=provider.client_id,
        client_secret=provider.secret or None,
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "client_secret_basic" if provider.secret else "none",
            "timeout": _SECONDS_TO_ANSWER,
        },
    )


@blueprint.route("/login")
def login() -> Response:
    """Off to the provider."""
    session[_AFTERWARDS] = _own_path(request.args.get("next", ""))
    provider = office().login
    levels = {"acr_values": " ".join(provider.levels)} if provider.levels else {}
    try:
        answer: Response = office().client.authorize_redirect(
            f"{_own_address()}/staff/callback", ui_locales=current(), **levels
        )
    except (RequestException, AuthlibBaseError) as error:
        return _unreachable(error)
    return answer


@blueprint.route("/callback")
def callback() -> Response:
    """Back from the provider: only now is anything believed, and only what is signed."""
    try:
        token = _token()
    except RequestException as error:
        return _unreachable(error)
    except _LevelTooLow:
        return _refused(_("You logged in at too low a level. Log in again, and choose a stronger way."))
    except (AuthlibBaseError, JoseError, KeyError, _WrongIssuer) as error:
        _log.warning("login refused", error=type(error).__name__)
        return _refused(_("The login was broken off, or something about it was not right. Try again."))
    provider = office().login
    subject = str(token["userinfo"].get(provider.subject_claim) or "")
    try:
        secret = office().door.log_in(issuer=provider.issuer, subject=subject, id_token=token["id_token"])
    except NotAMember:
        return _refused(
            _(
                "Nobody has given you access here. Ask your leader to add you; your name at the provider is %(name)s.",
                name=subject,
            )
        )
    response = make_response(redirect(session.pop(_AFTERWARDS, _HOME), 303))
    write_cookie(response, secret)
    return response


@blueprint.route("/logout", methods=["POST"])
def logout() -> Response:
    """Out of here, and then out of the provider: a shared computer must not let the next one in."""
    if not PostForm().validate():
        return resend_page(_("Send it once more"), status=400)
    id_token = office().door.log_out(secret_of_cookie())
    to = _HOME if id_token is None else _end_at_provider(id_token)
    response = make_response(redirect(to, 303))
    forget_cookie(response)
    return response


@blueprint.route("/logged-out")
def logged_out() -> Response:
    """Where the provider sends people afterwards."""
    return page(
        "message.html",
        title=_("You have logged out"),
        sentences=[_("Close the browser if others use this computer.")],
        link=(_HOME, _("Log in")),
    )


@staff_page("/place", any_of=ANYBODY, methods=["POST"])
def place() -> Response:
    """Be at work for another of one's municipalities."""
    office().door.move(secret_of_cookie(), visitor(), request.form.get("municipality", ""))
    return make_response(redirect(_HOME, 303))


@staff_page("/still-here", any_of=ANYBODY, methods=["POST"])
def still_here() -> dict[str, float | str]:
    """Asked by a page that has been open for long; says until when they are logged in, and the warning before it."""
    return {"idle_at": visitor().idle_at.timestamp(), "warning": idle_warning(visitor())}


def policy(provider: LoginProvider) -> str:
    """The content policy of staff pages: a form may lead on to the provider, as logging out does."""
    parts = urlsplit(provider.issuer)
    return HEADERS["Content-Security-Policy"].replace(
        "form-action 'self'", f"form-action 'self' {parts.scheme}://{parts.netloc}"
    )


def _token() -> Any:
    """What the provider says of who has logged in. Raises _LevelTooLow and what Authlib finds wrong."""
    client, provider = office().client, office().login
    metadata = client.load_server_metadata()
    issuer = metadata["issuer"]
    answers_with_issuer = metadata.get("authorization_response_iss_parameter_supported")
    if issuer.rstrip("/") != provider.issuer or (answers_with_issuer and request.args.get("iss") != issuer):
        raise _WrongIssuer
    token = client.authorize_access_token(
        claims_options={
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": provider.client_id},
            "exp": {"essential": True},
            "nonce": {"essential": True},
        },
        leeway=_SECONDS_OF_SKEW,
    )
    if provider.levels and token["userinfo"].get("acr") not in provider.levels:
        raise _LevelTooLow
    return token


def _end_at_provider(id_token: str) -> str:
    """The address that ends the provider's session too; our own page where it has none."""
    after = f"{_own_address()}/staff/logged-out"
    try:
        end = office().client.load_server_metadata().get("end_session_endpoint")
    except (RequestException, AuthlibBaseError) as error:
        _log.warning("not logged out at the provider", error=type(error).__name__)
        end = None
    if not end:
        return after
    return f"{end}?" + urlencode(
        {"id_token_hint": id_token, "post_logout_redirect_uri": after, "state": secrets.token_urlsafe(8)}
    )


def _own_address() -> str:
    return office().login.own_address or request.host_url.rstrip("/")


def _own_path(asked: str) -> str:
    """Only a page of ours: anything else would let a link lead people elsewhere after they have logged in."""
    parts = urlsplit(asked)
    is_ours = not parts.scheme and not parts.netloc and asked.startswith(_HOME) and "\\" not in asked
    return asked if is_ours else _HOME


def _refused(sentence: str) -> Response:
    return page(
        "message.html", title=_("You are not logged in"), status=403, sentences=[sentence], link=(_HOME, _("Try again"))
    )


def _unreachable(error: Exception) -> Response:
    _log.error("provider unreachable", error=type(error).__name__)
    return page(
        "message.html",
        title=_("Logging in does not work just now"),
        status=503,
        sentences=[_("The service you log in with does not answer. Try again in a minute.")],
        link=(_HOME, _("Try again")),
    )
