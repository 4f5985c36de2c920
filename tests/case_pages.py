"""What a citizen does on the pages about something that was sent, over HTTP."""

from checked_client import CheckedClient, File, Page
from form_journeys import Journey, fields_of

from forms_app.web.addresses import ADDITION, ADDITION_REVIEW, DELETE_COPY, RECEIPT_PDF, STATUS, TAKE_BACK


def status_url(journey: Journey) -> str:
    """Where it stands."""
    return journey.start + STATUS[journey.language]


def pdf_url(journey: Journey) -> str:
    """The receipt as a PDF."""
    return journey.start + RECEIPT_PDF[journey.language]


def addition_url(journey: Journey) -> str:
    """Where more documents are chosen."""
    return journey.start + ADDITION[journey.language]


def addition_review_url(journey: Journey) -> str:
    """Where they are looked over."""
    return journey.start + ADDITION_REVIEW[journey.language]


def take_back_url(journey: Journey) -> str:
    """Where it is withdrawn or revoked."""
    return journey.start + TAKE_BACK[journey.language]


def delete_copy_url(journey: Journey) -> str:
    """Where the own copy is deleted."""
    return journey.start + DELETE_COPY[journey.language]


def choose(client: CheckedClient, journey: Journey, *files: File) -> Page:
    """Choose documents and go on; the page where they are looked over."""
    page = client.get(addition_url(journey))
    return client.follow(client.post(page.url, fields_of(page), files=files, status=303))


def add(client: CheckedClient, journey: Journey, *files: File) -> Page:
    """Add documents; the status page afterwards."""
    return press(client, choose(client, journey, *files))


def take_back(client: CheckedClient, journey: Journey) -> Page:
    """Withdraw it, or revoke it; the status page afterwards."""
    return press(client, client.get(take_back_url(journey)))


def press(client: CheckedClient, page: Page) -> Page:
    """Press the page's one button; where that leads."""
    answer = client.post(page.url, fields_of(page), status=303)
    return client.get(answer.location.partition("#")[0])


def link_to(page: Page, ending: str) -> str | None:
    """The address of the page's link that ends so."""
    return next((one.get("href") for one in page.all(".//main//a") if (one.get("href") or "").endswith(ending)), None)
