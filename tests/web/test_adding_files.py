"""Files: taken whole and shown at once, or refused with the reason, and never on disk in clear."""

import io
import re
import tempfile
from dataclasses import replace
from typing import Any

import pytest
import werkzeug.formparser
from checked_client import CheckedClient, File, Page, words_of
from flask import Flask
from form_journeys import Journey, fields_of
from sample_files import HEIC, docx, large_pdf, odt, pdf, pdf_with, photo, picture, zipped

from forms_app.files.refusals import HasVirus, UploadRefused
from forms_app.files.virus import Scan, Verdict, VirusScanner
from forms_app.language import Language, gettext, use
from forms_app.web.errors import UPLOAD_SENTENCES, sentence
from forms_app.web.security import LARGEST_REQUEST, MemoryRequest

MARKER = b"Et vedlegg om helse"
KINDS = {
    "brev.pdf": pdf(),
    "bilde.JPG": photo(),
    "bilde.jpeg": picture(format="JPEG"),
    "bilde.png": picture(),
    "fra telefonen.heic": HEIC,
    "skannet.tif": picture(format="TIFF"),
    "notat.docx": docx(),
    "notat.odt": odt(),
    "notat.txt": "æøå".encode(),
}


@pytest.fixture
def page(client: CheckedClient) -> Page:
    """The page where files are added."""
    return Journey(client, Language.NB, "application").to("vedlegg")


def add(client: CheckedClient, page: Page, *files: File, **expected: int) -> Page:
    """Store files without going on."""
    answer = client.post(page.url, fields_of(page) | {"action": ["upload"]}, files=files, **expected)
    return client.get(page.url) if answer.status == 303 else answer


def stored(page: Page) -> list[str]:
    """The names in the list of stored files."""
    return [words_of(one) for one in page.with_class("file-name")]


def test_every_kind_that_is_promised_is_taken_and_listed_in_order(client: CheckedClient, page: Page) -> None:
    files = [File(name=name, content=content) for name, content in KINDS.items()]
    assert stored(add(client, page, *files)) == list(KINDS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tom.pdf", b""),
        ("program.exe", b"MZ\x90"),
        ("regning.pdf", b"MZ\x90"),
        ("side.html", b"<script>"),
        ("tekst.txt", b"\x00\x01"),
        ("mappe.zip", zipped({"brev.pdf": pdf()})),
        ("kuttet.pdf", pdf()[:-60]),
        ("laast.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
        ("makro.docx", docx(word__vbaProject_dot_bin=b"-")),
        ("stor.pdf", large_pdf(25_000_001)),
    ],
)
def test_what_cannot_be_opened_is_refused_with_its_name_and_what_to_do(
    client: CheckedClient, page: Page, name: str, content: bytes
) -> None:
    answer = add(client, page, File(name=name, content=content), status=422)
    assert stored(answer) == []
    (summary,) = answer.with_class("ds-error-summary")
    assert words_of(summary).count(f"{name}: ") == 1
    assert [link.get("href") for link in summary.iter("a")] == ["#files"]


@pytest.mark.parametrize("language", list(Language))
def test_every_reason_has_a_sentence_of_its_own_that_says_what_to_do_instead(language: Language) -> None:
    reasons = _all_below(UploadRefused)
    assert set(UPLOAD_SENTENCES) == reasons
    with use(language):
        sentences = {sentence(reason()) for reason in reasons}
    assert len(sentences) == len(reasons)
    for one in sentences:
        assert re.search(r"\. \w+.*\.$", one), one


def _all_below(kind: type[UploadRefused]) -> set[type[UploadRefused]]:
    return {one for direct in kind.__subclasses__() for one in {direct, *_all_below(direct)}}


def test_of_several_files_each_is_kept_or_refused_on_its_own(client: CheckedClient, page: Page) -> None:
    files = [
        File(name="brev.pdf", content=pdf()),
        File(name="mappe.zip", content=zipped({"brev.pdf": pdf()})),
        File(name="bilde.jpg", content=photo()),
        File(name="tom.txt", content=b""),
    ]
    answer = add(client, page, *files, status=422)
    assert stored(answer) == ["brev.pdf", "bilde.jpg"]
    (message,) = answer.with_class("ds-validation-message")
    lines = [words_of(one) for one in message]
    assert len(lines) == 2
    assert ["mappe.zip: " in lines[0], "tom.txt: " in lines[1]] == [True, True]


def test_forty_megabytes_of_photos_are_taken_at_once(client: CheckedClient, page: Page) -> None:
    files = [File(name=f"{number}.pdf", content=large_pdf(8_000_000)) for number in range(5)]
    assert stored(add(client, page, *files)) == [file.name for file in files]


def test_a_virus_is_refused_and_a_scanner_that_is_gone_costs_no_file(
    client: CheckedClient, app: Flask, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = app.extensions["portal"]
    for scanner, taken in ((_Finder(), False), (VirusScanner(path="/nowhere"), True)):
        monkeypatch.setitem(app.extensions, "portal", replace(services, scanner=scanner))
        answer = add(client, page, File(name="brev.txt", content=b"hei"), status=303 if taken else 422)
        assert stored(client.get(page.url)) == ["brev.txt"] * taken
        if not taken:
            assert sentence(HasVirus()) in words_of(answer.with_class("ds-error-summary")[0])


class _Finder(VirusScanner):
    """Finds something in everything."""

    def scan(self, content: bytes) -> Scan:
        return Scan(Verdict.FOUND, "Eicar-Signature")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("C:\\\\Users\\\\Åse\\\\brev.pdf", "brev.pdf"),
        ("../../etc/brev.pdf", "brev.pdf"),
        ("/hjem/åse/blåbær og rødløk.pdf", "blåbær og rødløk.pdf"),
        ("bla\u030aba\u0308r.pdf", "blåbär.pdf"),
        ("omvendt\u202efdp.pdf", "omvendtfdp.pdf"),
        ("<b>fet</b>.pdf", "b>.pdf"),
        ("uten endelse", "uten endelse.pdf"),
        ("side.html", "side.html.pdf"),
        ("a" * 300 + ".pdf", ("a" * 300 + ".pdf")[-200:]),
    ],
)
def test_names_lose_their_folders_and_end_as_what_they_are(
    client: CheckedClient, page: Page, sent: str, shown: str
) -> None:
    assert stored(add(client, page, File(name=sent, content=pdf()))) == [shown]


def test_ten_files_fit_and_the_eleventh_is_told_so(client: CheckedClient, page: Page) -> None:
    files = [File(name=f"{number}.txt", content=b"hei") for number in range(11)]
    answer = add(client, page, *files, status=422)
    assert stored(answer) == [f"{number}.txt" for number in range(10)]
    assert "10.txt: " in words_of(answer.with_class("ds-error-summary")[0])


def test_sixty_megabytes_fit_and_no_more(client: CheckedClient, page: Page) -> None:
    large = large_pdf(25_000_000)
    for name in ("en.pdf", "to.pdf"):
        assert name in stored(add(client, page, File(name=name, content=large)))
    answer = add(client, page, File(name="tre.pdf", content=large_pdf(10_000_001)), status=422)
    assert "60 MB" in words_of(answer.with_class("ds-error-summary")[0])
    assert stored(add(client, page, File(name="tre.pdf", content=large_pdf(10_000_000)))) == [
        "en.pdf",
        "to.pdf",
        "tre.pdf",
    ]


def test_a_body_over_the_limit_is_answered_with_a_page_and_nothing_is_lost(client: CheckedClient, page: Page) -> None:
    kept = add(client, page, File(name="brev.pdf", content=pdf()))
    answer = client.post(
        page.url, fields_of(kept), files=[File(name="film.pdf", content=b"x" * LARGEST_REQUEST)], status=413
    )
    assert answer.heading == gettext("The files are too large")
    assert stored(client.get(page.url)) == ["brev.pdf"]
    assert client.get("/nb/skjema/soknad/om-deg").one(".//input[@name='name_of_person']").get("value")


def test_a_stored_file_can_be_removed(client: CheckedClient, page: Page) -> None:
    kept = add(client, page, File(name="a.txt", content=b"a"), File(name="b.txt", content=b"b"))
    remove = next(one for one in kept.all(".//button[@value]") if "a.txt" in words_of(one))
    client.post(page.url, fields_of(kept) | {"action": [remove.get("value", "")]}, multipart=True)
    assert stored(client.get(page.url)) == ["b.txt"]


def test_two_files_of_one_name_are_two_files(client: CheckedClient, page: Page) -> None:
    twice = [File(name="brev.txt", content=b"en"), File(name="brev.txt", content=b"to")]
    assert stored(add(client, page, *twice)) == ["brev.txt", "brev.txt"]


def test_no_upload_touches_the_disk_in_clear(
    client: CheckedClient, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*unused_arguments: Any, **unused_options: Any) -> None:
        raise AssertionError("a temporary file was made")

    for name in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
        monkeypatch.setattr(werkzeug.formparser, name, refuse, raising=False)
    large = File(name="stor.pdf", content=pdf_with(MARKER * 300_000))
    assert stored(add(client, page, large)) == ["stor.pdf"]


def test_the_stream_of_an_upload_is_memory_whatever_its_size() -> None:
    request = MemoryRequest({"wsgi.input": io.BytesIO(), "REQUEST_METHOD": "POST"})
    assert isinstance(request._get_file_stream(25_000_000, "application/pdf", "stor.pdf"), io.BytesIO)
