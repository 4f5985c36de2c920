"""Mistakes, lost sessions, two tabs: whatever goes wrong, what was typed stands there again."""

import pytest
from checked_client import CheckedClient, File, Page, words_of
from form_journeys import Journey, controls_of, fields_of, reference_of
from sample_files import pdf

from forms_app.language import Language

ODD = "Ærlig talt:\n«sitat» & <b>fet</b> \"hei\" 'hå'\n\n  innrykk 100 %(s)s 🙂"


def problems(page: Page) -> list[tuple[str, str]]:
    """Each line of the error summary: the control's id it leads to, and what it says."""
    (summary,) = page.with_class("ds-error-summary")
    return [(link.get("href", "")[1:], words_of(link)) for link in summary.iter("a")]


def assert_said_twice(page: Page) -> None:
    """Every problem of the summary leads to a control that can take focus, and stands beside it too."""
    controls = {control.get("id"): control for control in controls_of(page)}
    beside = " ".join(words_of(one) for one in page.with_class("ds-validation-message"))
    assert page.title.startswith(("Feil: ", "Fejl: "))
    assert problems(page)
    for target, said in problems(page):
        assert controls[target].get("type") != "hidden"
        assert said.rpartition(": ")[2] in beside


MISTAKES = [
    ("application", "kommune", {"municipality": []}, "municipality-0"),
    ("application", "kommune", {"municipality": ["oslo"]}, "municipality-0"),
    ("application", "hvem", {"role": []}, "role-0"),
    ("application", "om-deg", {"name_of_person": ["  "]}, "name_of_person"),
    ("application", "om-deg", {"name_of_person": ["Å" * 301]}, "name_of_person"),
    ("application", "om-deg", {"birth_date-day": ["31"], "birth_date-month": ["2"]}, "birth_date-day"),
    ("application", "om-deg", {"birth_date-year": ["2031"]}, "birth_date-day"),
    ("application", "om-deg", {"birth_date-year": ["61"]}, "birth_date-day"),
    ("application", "om-deg", {"birth_date-day": ["sytten"]}, "birth_date-day"),
    ("application", "om-deg", {"birth_date-year": ["9" * 25]}, "birth_date-day"),
    ("application", "om-deg", {"national_id": ["17056112345"]}, "national_id"),
    ("application", "behov", {"wanted": []}, "wanted-0"),
    ("application", "situasjonen", {"situation": ["Å" * 10_001]}, "situation"),
    ("application", "hvem-hjelper", {"bodies-0-kind": ["ukjent"]}, "bodies-0-kind"),
    ("application", "kontakt", {"phone": [""], "email": [""], "post": [""]}, "phone"),
    ("application", "kontakt", {"phone": ["12"]}, "phone"),
    ("application", "kontakt", {"email": ["ase@"]}, "email"),
    ("power_of_attorney", "omfang", {"may": [], "health_information": []}, "may-0"),
    ("power_of_attorney", "periode", {"valid_from-year": ["2029"]}, "valid_to-day"),
    ("power_of_attorney", "bekreft", {"confirmed": []}, "confirmed"),
    ("complaint", "tjeneste", {"service": []}, "service-0"),
]


@pytest.mark.parametrize(("form", "step", "mistake", "target"), MISTAKES)
def test_a_mistake_is_said_above_and_beside_the_field_and_everything_typed_is_kept(
    client: CheckedClient, form: str, step: str, mistake: dict[str, list[str]], target: str
) -> None:
    journey = Journey(client, Language.NB, form, words="Blåbær")
    page = journey.to(step)
    typed = journey.fill_in(page) | mistake
    answer = client.post(page.url, typed, status=422)
    assert_said_twice(answer)
    assert target in [where for where, unused_words in problems(answer)]
    assert _kept(fields_of(answer)) == _kept(typed)


def _kept(fields: dict[str, list[str]]) -> dict[str, list[str]]:
    """Without what the page itself renews, what is empty, and choices that do not exist."""
    made_up = {"oslo", "ukjent"}
    return {
        name: [value.strip() for value in values]
        for name, values in fields.items()
        if name != "csrf_token"
        and not name.endswith("-asked")
        and any(map(str.strip, values))
        and not made_up & set(values)
    }


@pytest.mark.parametrize("language", Language)
def test_mistakes_are_told_in_the_language_of_the_page(client: CheckedClient, language: Language) -> None:
    journey = Journey(client, language, "application", {"phone": ""})
    page = journey.to("kontakt")
    assert_said_twice(client.post(page.url, journey.fill_in(page), status=422))


def test_an_unlikely_identity_number_is_asked_about_once_and_then_taken(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application", {"national_id": "17056112345"})
    page = journey.to("om-deg")
    again = client.post(page.url, journey.fill_in(page), status=422)
    assert client.post(page.url, journey.fill_in(again)).status == 303
    receipt = journey.confirm(journey.on(client.get(journey.start + "behov"), journey.review_slug))
    assert "17056112345" in receipt.main


def test_odd_characters_come_back_as_they_were_typed(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application", {"situation": ODD})
    review = journey.to_review()
    assert (client.get(journey.start + "situasjonen").one(".//textarea[@name='situation']").text or "").strip() == ODD
    (answer,) = [one for one in review.all(".//dd") if "Ærlig" in words_of(one)]
    assert len(list(answer.iter("br"))) == 3
    assert "<b>fet</b>" in words_of(answer)


LOST = [("session", "the session has ended"), (None, "the token is another's")]


@pytest.mark.parametrize(("cookie", "why"), LOST)
@pytest.mark.parametrize("step", ["om-deg", "situasjonen", "hvem-hjelper", "samtykke"])
def test_a_lost_session_shows_the_form_again_with_everything_typed(
    client: CheckedClient, step: str, cookie: str | None, why: str
) -> None:
    journey = Journey(client, Language.NB, "application", words="Blåbær og søt saft")
    page = journey.to(step)
    typed = journey.fill_in(page)
    if cookie:
        client.forget(cookie)
    answer = client.post(page.url, typed | {"csrf_token": ["x"]}, status=422)
    assert _kept(fields_of(answer)) == _kept(typed), why
    assert answer.title.startswith("Feil: ")
    once_more = client.post(page.url, fields_of(answer))
    assert once_more.status == 303
    assert "Blåbær" in journey.on(client.follow(once_more), journey.review_slug).main


def test_the_first_page_and_the_review_survive_a_lost_session_too(client: CheckedClient) -> None:
    journey = Journey(client, Language.NN, "complaint")
    start = client.get(journey.start)
    client.forget("session")
    again = client.post(start.url, fields_of(start) | {"shared_computer": ["y"]}, status=422)
    assert fields_of(again)["shared_computer"] == ["y"]
    review = journey.to_review()
    client.forget("session")
    shown_again = client.post(review.url, fields_of(review), status=422)
    assert reference_of(journey.confirm(shown_again))


def test_the_draft_s_cookie_may_run_out_while_someone_writes(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application", {"situation": "Et langt svar"})
    page = journey.to("situasjonen")
    client.forget("draft-application")
    shown = client.post(page.url, journey.fill_in(page), status=409)
    assert fields_of(shown)["situation"][0].strip() == "Et langt svar"
    answer = client.post(page.url, fields_of(shown) | {"action": ["begin"]}, status=303)
    start = client.follow(answer)
    assert start.url.partition("?")[0] == journey.start
    assert "Den er ny" in start.main
    once_more = journey.on(client.get(journey.start + "kommune"), "situasjonen")
    assert once_more.one(".//textarea[@name='situation']").text.strip() == "Et langt svar"


def test_what_was_written_after_the_cookie_ran_out_comes_into_the_draft_that_its_code_finds(
    client: CheckedClient,
) -> None:
    journey = Journey(client, Language.NB, "application", {"situation": "Et langt svar"})
    page = journey.to("situasjonen")
    code = client.cookie("draft-application") or ""
    client.forget("draft-application")
    shown = client.post(page.url, journey.fill_in(page), status=409)
    status = client.get("/nb/skjema/status")
    client.post(status.url, fields_of(status) | {"code": [code]}, status=303)
    client.post(page.url, fields_of(shown), status=303)
    assert "Et langt svar" in client.get(page.url).one(".//textarea[@name='situation']").text


def test_without_draft_and_session_what_was_typed_is_shown_again_before_anything_is_kept(
    client: CheckedClient,
) -> None:
    journey = Journey(client, Language.NB, "application", {"situation": "Et langt svar"})
    page = journey.to("situasjonen")
    typed = journey.fill_in(page)
    client.forget("draft-application")
    client.forget("session")
    answer = client.post(page.url, typed, status=422)
    assert not any(cookie.startswith("draft-") for cookie in answer.cookies)
    assert fields_of(answer)["situation"][0].strip() == "Et langt svar"


def test_stored_files_stay_when_another_file_is_refused(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    page = journey.to("vedlegg")
    files = [File(name="brev.pdf", content=pdf()), File(name="spill.exe", content=b"MZ")]
    answer = client.post(page.url, fields_of(page), files=files, status=422)
    assert_said_twice(answer)
    assert words_of(answer.with_class("file-name")[0]) == "brev.pdf"
    assert "spill.exe" in problems(answer)[0][1]


def test_rows_can_be_added_and_taken_away_without_losing_the_others(client: CheckedClient) -> None:
    journey = Journey(client, Language.NB, "application")
    page = journey.to("hvem-hjelper")
    fields = fields_of(page) | {"bodies-0-body_name": ["Skolen"]}
    grown = client.post(page.url, fields | {"action": ["add-row:bodies"]}, status=200)
    fields = fields_of(grown) | {"bodies-1-body_name": ["Sykehuset"]}
    shrunk = client.post(page.url, fields | {"action": ["remove-row:bodies-0-"]}, status=200)
    assert fields_of(shrunk)["bodies-1-body_name"] == ["Sykehuset"]
    assert "bodies-0-body_name" not in fields_of(shrunk)
    review = journey.on(client.follow(client.post(page.url, fields_of(shrunk))), journey.review_slug)
    assert "Sykehuset" in review.main
    assert "Skolen" not in review.main
