"""Another language at any step keeps the step, what is typed, the files and the place, without a script."""

import pytest
from checked_client import CheckedClient, File, Page, words_of
from form_journeys import Journey, fields_of

from forms_app.language import Language

START = "/nb/skjema/soknad/"


def switch(client: CheckedClient, page: Page, language: Language, fields: dict[str, list[str]], **how: object) -> Page:
    """Press the button of a language with `fields` on the page."""
    (button,) = [one for one in page.all(".//nav[@class='languages']//button") if one.get("lang") == language]
    (form,) = [one for one in page.all(".//main//form") if one.get("id") == button.get("form")]
    posted = fields | {button.get("name", ""): [button.get("value", "")]}
    multipart = form.get("enctype") == "multipart/form-data"
    return client.post(button.get("formaction", ""), posted, multipart=multipart, **how)  # type: ignore[arg-type]


def arrived(client: CheckedClient, answer: Page) -> Page:
    """Where a switch leads, without the place on the page."""
    assert answer.status == 303, (answer.url, answer.status)
    return client.get(answer.location.partition("#")[0])


def test_what_is_typed_but_not_saved_comes_along_even_if_it_is_wrong(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    page = journey.to("om-deg")
    typed = {"name_of_person": ["Åse "], "birth_date-day": ["31"], "birth_date-month": ["2"], "birth_date-year": ["x"]}
    typed |= {"national_id": ["17056112345"]}
    for language in (Language.DA, Language.NN, Language.NB):
        page = arrived(client, switch(client, page, language, fields_of(page) | typed))
        assert page.one(".").get("lang") == language
        shown = fields_of(page)
        assert {name: [one.strip() for one in shown[name]] for name in typed} == {
            name: [one.strip() for one in values] for name, values in typed.items()
        }
        assert not page.with_class("ds-error-summary")
    assert page.url == START + "om-deg"
    assert client.post(page.url, fields_of(page), status=422).with_class("ds-error-summary")


@pytest.mark.parametrize(
    ("form", "step", "typed"),
    [
        ("application", "behov", {"wanted": ["unsure"]}),
        ("application", "hvem-hjelper", {"bodies-3-body_name": ["Skolen"], "bodies-0-body_name": [""]}),
        ("application", "samtykke", {}),
        ("complaint", "tjeneste", {"service": ["health"]}),
        ("power_of_attorney", "omfang", {"may": ["apply"], "health_information": []}),
    ],
)
@pytest.mark.parametrize("language", [Language.NN, Language.DA])
def test_choices_and_rows_come_along(
    client: CheckedClient, form: str, step: str, typed: dict[str, list[str]], language: Language
) -> None:
    page = Journey(client, Language.NB, form).to(step)
    other = arrived(client, switch(client, page, language, fields_of(page) | typed))
    shown = fields_of(other)
    assert {name: shown.get(name, []) for name in typed if typed[name] != [""]} == {
        name: values for name, values in typed.items() if values != [""]
    }


def test_a_page_that_was_only_looked_at_is_not_taken_for_answered(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    page = journey.to("situasjonen")
    other = arrived(client, switch(client, page, Language.DA, fields_of(page)))
    assert client.get("/da/skema/anmodning/gennemse", status=303).location == other.url
    half = arrived(client, switch(client, other, Language.NB, fields_of(other) | {"situation": ["Halv setning"]}))
    assert client.get(START + "se-over", status=303).location == half.url


def test_a_page_that_was_finished_stays_so_and_the_change_counts(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    journey.to_review()
    page = client.get(START + "situasjonen?back_to_review")
    answer = switch(client, page, Language.NN, fields_of(page) | {"situation": ["Nytt svar"]})
    assert answer.location == "/nn/skjema/soknad/situasjonen?back_to_review#questions"
    review = client.get("/nn/skjema/soknad/sjaa-over")
    assert "Nytt svar" in review.main
    back = client.post(answer.location.partition("#")[0], fields_of(arrived(client, answer)), status=303)
    assert back.location == review.url


def test_a_finished_page_that_is_made_wrong_must_be_finished_again(client: CheckedClient) -> None:
    Journey(client, Language.NB, "application").to_review()
    page = client.get(START + "kontakt")
    other = arrived(client, switch(client, page, Language.NN, fields_of(page) | {"phone": ["1"]}))
    assert fields_of(other)["phone"] == ["1"]
    assert client.get("/nn/skjema/soknad/sjaa-over", status=303).location == other.url


@pytest.mark.parametrize(
    ("focus", "place"),
    [
        ("", "#questions"),
        ("situation", "#situation"),
        ("bodies-0-kind", "#bodies-0-kind"),
        ("a\r\nSet-Cookie: x=y", "#questions"),
        ("//example.org", "#questions"),
        ("x" * 200, "#questions"),
    ],
)
def test_the_page_opens_at_the_field_that_had_the_focus(client: CheckedClient, focus: str, place: str) -> None:
    page = Journey(client, Language.NB, "application").to("situasjonen")
    answer = switch(client, page, Language.NN, fields_of(page) | {"focus": [focus]})
    assert answer.location == f"/nn/skjema/soknad/situasjonen{place}"


def test_files_that_were_chosen_but_not_stored_come_along(client: CheckedClient) -> None:
    page = Journey(client, Language.NB, "application").to("vedlegg")
    files = [File(name="brev.txt", content=b"hei")]
    other = arrived(client, switch(client, page, Language.DA, fields_of(page), files=files))
    assert [words_of(one) for one in other.with_class("file-name")] == ["brev.txt"]


def test_a_file_that_is_refused_is_told_in_the_new_language(client: CheckedClient) -> None:
    page = Journey(client, Language.NB, "application").to("vedlegg")
    files = [File(name="brev.txt", content=b"hei"), File(name="spill.exe", content=b"MZ")]
    answer = switch(client, page, Language.DA, fields_of(page), files=files, status=422)
    assert answer.one(".").get("lang") == "da"
    assert [words_of(one) for one in answer.with_class("file-name")] == ["brev.txt"]
    assert "spill.exe: " in words_of(answer.with_class("ds-error-summary")[0])


def test_what_another_window_saved_is_not_overwritten_by_a_switch(client: CheckedClient) -> None:
    page = Journey(client, Language.NB, "application").to("situasjonen")
    client.post(page.url, fields_of(page) | {"situation": ["Fra et annet vindu"]}, status=303)
    answer = switch(client, page, Language.NN, fields_of(page) | {"situation": ["Fra dette"]}, status=409)
    assert answer.one(".").get("lang") == "nn"
    assert fields_of(answer)["situation"] == ["Fra dette"]


def test_a_switch_without_a_token_saves_nothing_and_keeps_what_was_typed_in_view(client: CheckedClient) -> None:
    page = Journey(client, Language.NB, "application").to("situasjonen")
    typed = fields_of(page) | {"situation": ["Halv setning"], "csrf_token": ["x"]}
    answer = switch(client, page, Language.NN, typed, status=422)
    assert answer.one(".").get("lang") == "nn"
    assert fields_of(answer)["situation"] == ["Halv setning"]
    assert "Halv setning" not in client.get(page.url).main


def test_a_page_whose_draft_is_gone_can_be_read_in_the_other_language(client: CheckedClient) -> None:
    page = Journey(client, Language.NB, "application").to("situasjonen")
    client.forget("draft-application")
    answer = switch(client, page, Language.DA, fields_of(page) | {"situation": ["Lang tekst"]}, status=409)
    assert answer.one(".").get("lang") == "da"
    assert fields_of(answer)["situation"] == ["Lang tekst"]


def test_pages_without_questions_have_links(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    review = journey.to_review()
    pages = [review, client.get(START + "kode"), client.get(START), client.get(START + "slett")]
    for page in [*pages, journey.confirm(review)]:
        assert not page.all(".//nav[@class='languages']//button")
        assert len(page.all(".//nav[@class='languages']//a")) == 3


def test_enter_in_a_field_continues(client: CheckedClient) -> None:
    page = Journey(client, Language.NB, "application").to("om-deg")
    buttons = [one for one in page.all(".//button") if one.get("type") == "submit"]
    assert buttons[0].get("form") == "questions"
    assert buttons[0].get("name") is None
    assert buttons[0].get("formaction") is None
