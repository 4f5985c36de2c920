"""What someone does who was invited to confirm what another has sent, over HTTP."""

from checked_client import CheckedClient, Page
from form_journeys import Answers, Journey, code_of, fields_of

from forms_app.language import Language
from forms_app.masthead import form_url
from forms_app.web.addresses import INVITATION

STORY = "Søvn, skole og jobb"
INVITES: Answers = {"role": "other", "authority": "invite", "situation": STORY, "why": STORY}
"""What a sender answers who wants the person to confirm it."""


def invitation_url(journey: Journey) -> str:
    """The sender's page about the invitation."""
    return journey.start + INVITATION[journey.language]


def invitation_code(journey: Journey) -> str:
    """The code that the sender hands over."""
    return code_of(journey.browser.get(invitation_url(journey)))


def type_invitation(client: CheckedClient, code: str, language: Language = Language.NB, **expected: int) -> Page:
    """Type a code where one confirms."""
    page = client.get(form_url(language, "confirm"))
    return client.post(page.url, fields_of(page) | {"code": [code]}, **expected)


def answer(client: CheckedClient, page: Page, said: str = "agree", **more: str) -> Page:
    """Answer the page with the text; what comes back."""
    given = {f"confirmation_{name}": [words] for name, words in more.items()}
    return client.post(page.url, fields_of(page) | {"confirmation": [said]} | given)
