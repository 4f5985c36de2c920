"""Every form in every language under both countries' law, and for everyone it can be filled in for."""

import pytest
from checked_client import CheckedClient, File, Page
from form_journeys import Journey, code_of, controls_of, reference_of
from sample_files import pdf

from forms_app.language import Language
from forms_app.masthead import FORM_SLUGS
from forms_app.references.reference import parse_reference

LETTER = File(name="brev ø.pdf", content=pdf(b"kort brev"))
ROLES = ("myself", "child", "other", "guardian", "professional")
FORMS = tuple(FORM_SLUGS)


@pytest.mark.parametrize("municipality", ["bjornafjorden", "rudersdal"])
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_can_be_sent_in_every_language_under_both_laws(
    client: CheckedClient, form: str, language: Language, municipality: str
) -> None:
    journey = Journey(client, language, form, {"municipality": municipality}, [LETTER], words="Blåbær og søt saft")
    receipt = journey.send()
    assert parse_reference(reference_of(receipt)) == reference_of(receipt)
    assert "Blåbær og søt saft" in receipt.main
    assert "brev ø.pdf (1 kB)" in receipt.main
    assert all(page.url.startswith(journey.start) for page in journey.seen)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("form", FORMS)
def test_the_least_that_can_be_answered_is_enough(client: CheckedClient, form: str, language: Language) -> None:
    receipt = Journey(client, language, form).send()
    assert code_of(receipt).count("-") == 6


@pytest.mark.parametrize("municipality", ["arendal", "rudersdal"])
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("form", ["application", "complaint"])
def test_whoever_it_is_for_it_can_be_sent(client: CheckedClient, form: str, role: str, municipality: str) -> None:
    language = Language.DA if municipality == "rudersdal" else Language.NN
    journey = Journey(client, language, form, {"role": role, "municipality": municipality})
    journey.send()
    steps = {page.slug for page in journey.seen}
    assert ("om-barnet" in steps) == (role == "child")
    assert ("om-personen" in steps) == (role in ("other", "guardian", "professional"))
    assert bool({"om-deg", "om-dig"} & steps) == (role == "myself")


@pytest.mark.parametrize("form", ["application", "complaint"])
@pytest.mark.parametrize("born", ["born", "expected"])
def test_a_child_needs_no_name_and_no_birth(client: CheckedClient, form: str, born: str) -> None:
    answers = {"role": "child", "child_is_born": born, "om-barnet/name_of_person": ""}
    receipt = Journey(client, Language.NB, form, answers).send()
    assert reference_of(receipt)


def test_a_late_complaint_is_taken_and_told_that_it_may_be_late(client: CheckedClient) -> None:
    answers = {"service": "health", "received_date-day": "1", "received_date-month": "2", "received_date-year": "2026"}
    journey = Journey(client, Language.NB, "complaint", answers)
    page = journey.to("frist")
    assert "mandag 2. mars 2026" in page.main
    assert reference_of(journey.confirm(journey.on(page, journey.review_slug)))


def test_the_receipt_can_be_read_in_the_other_languages(client: CheckedClient) -> None:
    receipt = Journey(client, Language.NB, "application").send()
    for page in _in_other_languages(client, receipt):
        assert reference_of(page) == reference_of(receipt)


def test_each_step_has_its_counterpart_in_the_other_languages(client: CheckedClient) -> None:
    journey = Journey(client, Language.DA, "application", {"role": "guardian"})
    page = journey.begin()
    while page.slug != journey.review_slug:
        for other in _in_other_languages(client, page):
            assert _asked(other) == _asked(page)
        page = journey.send_page(page)


def test_what_is_saved_in_one_language_is_there_in_the_others(client: CheckedClient) -> None:
    journey = Journey(client, Language.NN, "application", {"situation": "Vi søv ikkje"})
    journey.to_review()
    for page in _in_other_languages(client, client.get(journey.start + "situasjonen")):
        assert "Vi søv ikkje" in (page.one(".//textarea[@name='situation']").text or "")


def _in_other_languages(client: CheckedClient, page: Page) -> list[Page]:
    switches = page.all(".//nav[@class='languages']//*[@lang]")
    urls = {one.get("lang"): one.get("href") or one.get("formaction", "") for one in switches}
    assert set(urls) == set(Language)
    assert all(url.startswith(f"/{language}/") for language, url in urls.items())
    return [client.get(url) for url in urls.values() if url != page.url]


def _asked(page: Page) -> list[str | None]:
    return [control.get("name") for control in controls_of(page)]
