"""Someone is invited to confirm what another has sent, in two browsers: with and without scripts, on a phone."""

import pytest
from playwright.sync_api import Page, expect

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.masthead import form_url
from forms_app.web.addresses import INVITATION, STATUS
from tests.acceptance.journeys import Journey, journey
from tests.browser.conftest import OpenPage, Sent
from tests.browser.filling_in import path_of, press, press_continue
from tests.browser.watched import check

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("status")]

WORDS = "Ja, det er greit for meg – hilsen Åse"
IN_NYNORSK = {Language.NB: "nn", Language.NN: "nb", Language.DA: "nn"}


def for_another(form: FormKey, language: Language) -> Journey:
    """A form that is sent with an invitation."""
    return journey(form, language).answering(
        role=["other"], sender_name=["Kåre Bjørnstad"], name_of_person=["Åse Bjørnstad"], authority=["invite"]
    )


def invitation_code(page: Page, trip: Journey) -> str:
    """From the sender's receipt to the page about the invitation."""
    press(page, f"main a[href='{trip.start + INVITATION[trip.language]}']")
    return page.locator(".code").inner_text().replace("\n", "")


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(("form", "language"), [(FormKey.APPLICATION, Language.NB), (FormKey.COMPLAINT, Language.DA)])
def test_one_invites_and_another_confirms(
    open_page: OpenPage, sent: Sent, form: FormKey, language: Language, scripts: bool
) -> None:
    sender, guest = (open_page(scripts=scripts, width=390) for unused_person in range(2))
    faults: list[str] = []
    # Axe waits for scripts of its own.
    look = check if scripts else lambda unused_page: []
    trip, confirm = for_another(form, language), form_url(language, "confirm")
    reference = sent(sender, trip)
    sender.goto(trip.receipt)
    code = invitation_code(sender, trip)
    faults += look(sender)
    guest.goto(form_url(language, "status"))
    press(guest, f"main a[href='{confirm}']")
    faults += look(guest)
    guest.keyboard.press("Tab")
    guest.locator("#code").fill(code[:-1])
    # Enter continues, and does not change the language.
    with guest.expect_navigation():
        guest.locator("#code").press("Enter")
    assert path_of(guest) == confirm
    expect(guest.locator(".ds-error-summary")).to_be_focused()
    faults += look(guest)
    guest.locator("#code").fill(code.lower().replace("-", " "))
    press_continue(guest)
    faults += look(guest)
    expect(guest.locator("main")).to_contain_text("Kåre Bjørnstad")
    press_continue(guest)
    expect(guest.locator(".ds-error-summary")).to_be_focused()
    faults += look(guest)
    guest.locator("#confirmation_words").fill(WORDS)
    press(guest, f"header [lang='{IN_NYNORSK[language]}']")
    expect(guest.locator("#confirmation_words")).to_have_value(WORDS)
    guest.locator("input[name=confirmation][value=agree]").check()
    press_continue(guest)
    expect(guest.locator(".reference")).to_have_text(f"{reference}-1")
    faults += look(guest)
    sender.goto(trip.start + STATUS[language])
    expect(sender.locator("#sent-1")).to_contain_text(f"{reference}-1")
    expect(sender.locator("main")).not_to_contain_text(WORDS)
    faults += look(sender)
    assert faults == []
