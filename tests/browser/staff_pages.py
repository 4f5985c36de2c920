"""Every page of the staff surface, each in the states that somebody may find it in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from playwright.sync_api import Page

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from tests.browser.filling_in import press
from tests.browser.staff_portal import EMPTY

Act = Callable[[Page], Any]

LEADER, AUDITOR, NOBODY = "leder", "revisor", ""
_CASE = "/staff/case/"
FILES = {
    "bodies_csv": _CASE + "{full}/places.csv",
    "case_file_page": _CASE + "{full}/file/0/1",
    "case_pdf": _CASE + "{full}/case.pdf",
    "complaint_package": _CASE + "{complaint}/complaint.zip",
    "family_csv": _CASE + "{full}/family.csv",
    "family_pdf": _CASE + "{full}/family.pdf",
    "figures_csv": "/staff/figures.csv",
    "whole_case": _CASE + "{full}/whole.zip",
}
"""What answers with a file, which is no page to look at, except where there is nothing to give."""
LEADS_ON = {"start", "login"}
"""What only leads on, to the first page of the menu or to the provider."""


@dataclass(frozen=True, kw_only=True)
class StaffPage:
    """A page in one state. `address` names cases by what they are like: `/staff/case/{full}`.

    `act` is what is done there first; `endpoint` is whose page it is then. `place` is a municipality other than that of
    the language, `languages` where the state can be met.
    """

    endpoint: str
    address: str
    state: str
    act: Act | None = None
    status: int = 200
    who: str = LEADER
    place: str = ""
    languages: tuple[Language, ...] = tuple(Language)
    has_key: bool = True
    is_narrow: bool = False
    """Whether `make test` looks at it at 400 % zoom as well."""

    @property
    def name(self) -> str:
        """What a fault is reported under."""
        return f"{self.endpoint} ({self.state})"


def endpoints(app: Flask) -> set[str]:
    """Of every address of the staff surface that a browser can ask for."""
    return {
        rule.endpoint.removeprefix("staff.")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/staff") and rule.methods and "GET" in rule.methods
    }


def _press(selector: str, **typed: str) -> Act:
    def act(page: Page) -> None:
        for name, value in typed.items():
            page.locator(f"main [name='{name}']").first.fill(value)
        press(page, selector)

    return act


def _choose(selector: str, **chosen: str) -> Act:
    def act(page: Page) -> None:
        for name, value in chosen.items():
            page.locator(f"main select[name='{name}']").select_option(value)
        press(page, selector)

    return act


def _log_out_meanwhile(page: Page) -> None:
    page.locator("#note").fill("Ringte mor.\nHun vil ha møtet før jul.")
    kept = page.context.cookies()
    page.context.clear_cookies()
    press(page, "form[action$='/note'] button")
    page.context.add_cookies(kept)  # type: ignore[arg-type]  # what is read has the shape of what is written


def _press_without_a_token(page: Page) -> None:
    page.locator("#note").fill("Ringte mor.")
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(one => { one.value = 'x'; })")
    press(page, "form[action$='/note'] button")


def _warn(page: Page) -> None:
    page.evaluate("document.querySelector('.idle').hidden = false")


_IS_STILL = "one => Promise.all(one.getAnimations({subtree: true}).map(move => move.finished)).then(() => null)"


def _open_filters(page: Page) -> None:
    page.locator(".narrowing summary").click()
    page.locator(".narrowing").evaluate(_IS_STILL)


_SAVE = "main form .actions button[type=submit]"
_STATUS, _NOTE, _FIND = "form[action$='/status'] button", "form[action$='/note'] button", ".inbox-search button"
_IN_DENMARK = (Language.DA,)


def _shown(endpoint: str, address: str, state: str = "as it is", act: Act | None = None, **more: Any) -> StaffPage:
    return StaffPage(endpoint=endpoint, address=address, state=state, act=act, **more)


INBOX = (
    _shown("inbox_page", "/staff/inbox", "full", is_narrow=True),
    _shown("inbox_page", "/staff/inbox", "choosing", _open_filters),
    _shown("inbox_page", "/staff/inbox?status=all&due=week", "narrowed"),
    _shown("inbox_page", "/staff/inbox?flag=failed&who=mine&form=complaint", "narrowed to nothing"),
    _shown("inbox_page", "/staff/inbox", "empty", place=EMPTY, languages=(Language.NB,)),
    _shown("inbox_page", "/staff/inbox?who=mine", "soon logged out", _warn),
    _shown("inbox_page", "/staff/inbox", "no key", has_key=False),
    _shown("search", "/staff/inbox", "found", _press(_FIND, q="ødegård")),
    _shown("search", "/staff/inbox", "nothing found", _press(_FIND, q="x")),
)
CASE = (
    _shown("case_page", _CASE + "{full}?done=assigned", "files, notes, family, just taken", is_narrow=True),
    _shown("case_page", _CASE + "{power}", "power of attorney"),
    _shown("case_page", _CASE + "{acting}", "named power of attorney"),
    _shown("case_page", _CASE + "{unconfirmed}", "right to act not shown"),
    _shown("case_page", _CASE + "{late complaint}", "late complaint"),
    _shown("case_page", _CASE + "{ready}", "answered"),
    _shown(
        "case_page", _CASE + "{unconfirmed}", "status without a day", _choose(_STATUS, status="answered"), status=422
    ),
    _shown("case_page", _CASE + "{full}", "empty note", _press(_NOTE, note=" "), status=422),
    _shown("case_page", _CASE + "{full}", "logged out meanwhile", _log_out_meanwhile, status=401),
    _shown("case_page", _CASE + "{full}", "no token", _press_without_a_token, status=400),
    _shown("case_page", _CASE + "{erased}", "erased", status=409),
    _shown("case_page", _CASE + "{swapped}", "swapped", status=409),
    _shown("case_page", _CASE + "{full}", "no key", has_key=False, status=409),
    _shown("case_page", _CASE + "ZZZZ-ZZZZ", "nobody's", status=403),
    _shown("case_file_page", _CASE + "{full}/file/0/9", "no such file", status=404),
    _shown("bodies_csv", _CASE + "{power}/places.csv", "no places", status=404),
    _shown("family_page", _CASE + "{full}/family"),
    _shown("family_page", _CASE + "{power}/family", "no family", status=404),
    _shown("hand_over", _CASE + "{power}/hand-over", "not taken out"),
    _shown("hand_over", _CASE + "{ready}/hand-over", "taken out and signed for"),
    _shown("hand_over", _CASE + "{ready}/hand-over", "none chosen", _press(_SAVE), status=422),
)
COMPLAINT = (
    _shown("complaint", _CASE + "{complaint}/complaint", "look at it again", is_narrow=True),
    _shown("complaint", _CASE + "{complaint}/complaint", "nothing chosen", _press(_SAVE), status=422),
    _shown("complaint", _CASE + "{partly}/complaint", "partly changed"),
    _shown("complaint", _CASE + "{not_upheld}/complaint", "send it on"),
    _shown("complaint", _CASE + "{not_upheld}/complaint", "sent on without a day", _press(_SAVE), status=422),
    _shown("complaint", _CASE + "{late complaint}/complaint", "goes straight on", languages=_IN_DENMARK),
    _shown("complaint", _CASE + "{forwarded}/complaint", "nothing more to do"),
)
OTHERS = (
    _shown("choose_form", "/staff/new"),
    *(_shown("key_in", f"/staff/new/{form}", form) for form in FormKey),
    _shown("key_in", "/staff/new/application", "hardly anything", _press("button[value=store]"), status=422),
    _shown("key_in", "/staff/new/complaint", "more questions", _press("button[value=show]")),
    _shown("coordinators", "/staff/coordinators"),
    _shown("coordinators", "/staff/coordinators", "nobody chosen", _press("main form button"), status=422),
    _shown("coordinators", "/staff/coordinators", "empty", place=EMPTY, languages=(Language.NB,)),
    _shown("figures", "/staff/figures"),
    _shown("figures", "/staff/figures", "empty", place=EMPTY, languages=(Language.NB,)),
    _shown("retention", "/staff/retention"),
    _shown("retention", "/staff/retention", "none ticked", _press(_SAVE)),
    _shown("audit", "/staff/audit", who=AUDITOR),
    _shown("audit", "/staff/audit?action=refused", "nothing found", who=AUDITOR),
    _shown("audit", "/staff/audit?since=tull&reference=tull", "mistyped", who=AUDITOR, status=422),
    _shown("audit", "/staff/audit", "not for this role", status=403),
    _shown("me", "/staff/me"),
    _shown("key", "/staff/key"),
    _shown("key", "/staff/key", "no key", has_key=False),
    _shown("nothing_here", "/staff/ingen/slik", status=404),
    _shown("callback", "/staff/callback", "provider away", who=NOBODY, status=503),
    _shown("logged_out", "/staff/logged-out", who=NOBODY),
)
PAGES: tuple[StaffPage, ...] = (*INBOX, *CASE, *COMPLAINT, *OTHERS)
