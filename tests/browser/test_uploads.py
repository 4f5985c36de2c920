"""Files through a browser: kept at once under their own names, removed, refused with the reason."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from forms_app.forms.definition import FormKey
from forms_app.language import Language
from forms_app.web.security import LARGEST_REQUEST
from tests.acceptance.journeys import journey
from tests.browser.conftest import FilledIn, OpenPage
from tests.browser.filling_in import path_of, press, press_continue, store
from tests.browser.watched import check
from tests.sample_files import photo

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("uploads")]

TOO_LARGE = LARGEST_REQUEST + 500_000


OpenAttachments = Callable[..., Page]


@pytest.fixture
def open_attachments(open_page: OpenPage, filled_in: FilledIn) -> OpenAttachments:
    """Opens the page of a form where files are chosen."""

    def open_(**options: object) -> Page:
        page = open_page(**options)
        trip = journey(FormKey.POWER_OF_ATTORNEY)
        filled_in(page, trip)
        page.goto(f"{trip.start}vedlegg")
        return page

    return open_


@pytest.mark.parametrize("scripts", [True, False])
def test_files_are_kept_at_once_and_each_can_be_removed(
    open_attachments: OpenAttachments, letters: list[Path], scripts: bool
) -> None:
    page = open_attachments(scripts=scripts)
    store(page, letters)
    expect(page.locator(".file-name")).to_have_text([letter.name for letter in letters])
    press(page, "button[value^=remove-file]")
    expect(page.locator(".file-name")).to_have_text([letters[1].name])
    page.locator("input[type=file]").set_input_files(letters[0])
    press_continue(page)
    assert not path_of(page).endswith("/vedlegg")
    page.goto(journey(FormKey.POWER_OF_ATTORNEY).review)
    for letter in letters:
        assert page.locator("main").inner_text().count(letter.name) == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_a_refused_file_is_named_with_the_reason_and_the_others_are_kept(
    open_attachments: OpenAttachments, letters: list[Path], tmp_path: Path, scripts: bool
) -> None:
    page = open_attachments(scripts=scripts)
    store(page, [_program(tmp_path), *letters])
    expect(page.locator(".file-name")).to_have_text([letter.name for letter in letters])
    told = page.locator("#files-error" if scripts else ".ds-error-summary")
    expect(told).to_be_focused()
    expect(told).to_contain_text("Søknad.pdf")
    expect(page.locator("#files-error p")).to_have_count(1)
    field = page.locator("input[type=file]")
    assert field.get_attribute("aria-invalid") == "true"
    assert "files-error" in (field.get_attribute("aria-describedby") or "")
    if scripts:
        assert check(page) == []
        store(page, letters[:1])
        expect(page.locator("#files-error")).to_have_count(0)


def test_who_listens_hears_how_far_it_has_come(open_attachments: OpenAttachments, letters: list[Path]) -> None:
    page = open_attachments()
    page.evaluate(
        """() => { window.heard = []; const status = document.querySelector("main form [role=status]");
            new MutationObserver(() => heard.push(status.textContent)).observe(status, {childList: true}); }"""
    )
    store(page, letters)
    heard = page.evaluate("heard")
    for number, letter in enumerate(letters, start=1):
        assert any(f"Lagrer {letter.name}, fil {number} av 2: 0 prosent" in one for one in heard), heard
    assert heard[-1] == f"Lagret: {letters[0].name}, {letters[1].name}."
    expect(page.locator("input[type=file]")).not_to_be_focused()
    assert check(page) == []


def test_files_are_stored_by_keyboard_and_the_focus_stays_with_the_field(
    open_attachments: OpenAttachments, letters: list[Path]
) -> None:
    page = open_attachments()
    page.locator("input[type=file]").focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(letters)
    expect(page.locator(".file-name")).to_have_count(2)
    expect(page.locator("input[type=file]")).to_be_focused()


def test_files_can_be_dropped_on_the_page_and_one_that_misses_does_not_replace_it(
    open_attachments: OpenAttachments, letters: list[Path]
) -> None:
    page = open_attachments()
    expect(page.locator(".drop-hint")).to_be_visible()
    for target in ("h1", ".upload"):
        _drop(page, target, "Sluppet.txt")
    expect(page.locator(".file-name")).to_have_text(["Sluppet.txt"])


def test_a_telephone_offers_the_camera(open_attachments: OpenAttachments, tmp_path: Path) -> None:
    page = open_attachments(has_touch=True, is_mobile=True, width=390)
    shot = tmp_path / "IMG_0001.jpg"
    shot.write_bytes(photo())
    button = page.locator("button.camera")
    expect(button).to_have_text("Ta et bilde")
    lens = button.locator("input")
    assert (lens.get_attribute("capture"), lens.get_attribute("accept")) == ("environment", "image/*")
    assert check(page) == []
    with page.expect_file_chooser() as chooser:
        button.tap()
    chooser.value.set_files(shot)
    expect(page.locator(".file-name")).to_have_text(["IMG_0001.jpg"])
    expect(page.locator("button.camera")).to_have_count(1)


def test_going_on_waits_for_files_that_are_on_their_way(open_attachments: OpenAttachments, letters: list[Path]) -> None:
    page = open_attachments()
    held: list[Route] = []
    page.route("**/vedlegg", lambda route: route.continue_() if held else held.append(route))
    page.locator("input[type=file]").set_input_files(letters[0])
    expect(page.locator("form progress")).to_be_visible()
    page.locator(".actions button").first.click()
    expect(page.locator("main form [role=status]")).to_have_text("Skjemaet går videre så snart filene er lagret.")
    assert path_of(page).endswith("/vedlegg")
    with page.expect_navigation():
        held[0].continue_()
    assert not path_of(page).endswith("/vedlegg")
    page.go_back()
    expect(page.locator(".file-name")).to_have_text([letters[0].name])


def test_a_connection_that_breaks_is_told_and_the_file_can_be_chosen_again(
    open_attachments: OpenAttachments, letters: list[Path]
) -> None:
    page = open_attachments()
    page.route("**/vedlegg", lambda route: route.abort("aborted"), times=1)
    store(page, letters[:1])
    expect(page.locator("#files-error")).to_contain_text("Filen ble ikke lagret.")
    expect(page.locator(".file-name")).to_have_count(0)
    store(page, letters[:1])
    expect(page.locator(".file-name")).to_have_count(1)
    expect(page.locator("#files-error")).to_have_count(0)


def test_a_file_that_is_too_large_is_told_so_without_being_sent(
    open_attachments: OpenAttachments, tmp_path: Path
) -> None:
    page = open_attachments()
    film = tmp_path / "film.pdf"
    film.write_bytes(bytes(25_000_001))
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    store(page, film)
    expect(page.locator("#files-error")).to_contain_text("film.pdf: Filen er større enn 25 MB.")
    assert posts == []


def test_when_there_is_room_for_no_more_the_page_says_so(open_attachments: OpenAttachments, tmp_path: Path) -> None:
    page = open_attachments()
    notes = [tmp_path / f"{number}.txt" for number in range(11)]
    for note in notes:
        note.write_bytes(b"hei")
    store(page, notes)
    expect(page.locator(".file-name")).to_have_text([note.name for note in notes[:10]])
    expect(page.locator("#files-error")).to_contain_text("10.txt: ")
    expect(page.locator("#files-error")).to_be_focused()
    expect(page.locator("input[type=file]")).to_have_count(0)
    assert check(page) == []


def test_a_form_that_was_sent_from_another_window_says_so(
    open_attachments: OpenAttachments, letters: list[Path]
) -> None:
    page = open_attachments()
    other = page.context.new_page()
    other.goto(journey(FormKey.POWER_OF_ATTORNEY).review)
    press_continue(other)
    expect(other.locator(".reference")).to_be_visible()
    store(page, letters[:1])
    expect(page.locator("#files-error")).to_contain_text(letters[0].name)
    expect(page.locator("#files-error")).to_contain_text("sendt")
    expect(page.locator(".file-name")).to_have_count(0)


def _program(folder: Path) -> Path:
    program = folder / "Søknad.pdf"
    program.write_bytes(b"MZ\x90\x00")
    return program


def _drop(page: Page, target: str, name: str) -> None:
    """Let go of a file over an element."""
    page.evaluate(
        """([target, name]) => { const carried = new DataTransfer();
            carried.items.add(new File(["hei"], name, {type: "text/plain"}));
            for (const type of ["dragover", "drop"]) document.querySelector(target).dispatchEvent(
                new DragEvent(type, {bubbles: true, cancelable: true, dataTransfer: carried})); }""",
        [target, name],
    )


@pytest.mark.parametrize("language", Language)
def test_a_file_that_is_far_too_large_gets_a_page_and_no_broken_connection(
    open_page: OpenPage, filled_in: FilledIn, tmp_path: Path, language: Language
) -> None:
    page = open_page()
    # The page without its script, in a browser that can still run axe.
    page.route("**/step-with-files.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    trip = journey(FormKey.POWER_OF_ATTORNEY, language)
    filled_in(page, trip)
    page.goto(trip.start + ("bilag" if language is Language.DA else "vedlegg"))
    film = tmp_path / "film.pdf"
    film.write_bytes(b"%PDF-1.7\n" + bytes(TOO_LARGE))
    page.locator("input[type=file]").set_input_files(film)
    with page.expect_response(lambda response: response.request.method == "POST") as answered:
        page.locator("button[value=upload]").click()
    assert answered.value.status == 413
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == language
    assert "25" in page.locator("main").inner_text()
    assert check(page) == []
    page.go_back()
    expect(page.locator("input[type=file]")).to_be_visible()
