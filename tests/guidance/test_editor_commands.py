"""`portal page …` and `portal preview` as an editor uses them, on any operating system."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from socket import socket

import pytest
import structlog
from click.testing import CliRunner
from guidance_project import ROOT, Project

from forms_app.cli import main
from forms_app.language import Language
from guidance.findings import stopping
from guidance.menu import check as check_menus
from guidance.new_page import NewPage, NotMade, make
from guidance.pages import Status, read_pages
from guidance.rules import check_pages

TODAY = date(2026, 11, 22)
# What a Windows computer lacks.
POSIX_ONLY = ("pwd", "fcntl", "resource", "grp", "termios", "gunicorn")

Portal = Callable[..., str]


@pytest.fixture
def portal(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    """Runs `portal …` in the project's folder; answers with all it printed."""
    monkeypatch.chdir(project.folder)

    def run(*arguments: str, exit_code: int = 0) -> str:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == exit_code, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
        return result.output

    yield run
    structlog.reset_defaults()


def without_posix(script: str) -> list[str]:
    """The command line of a Python in which those modules cannot be imported."""
    return [sys.executable, "-c", f"import sys\nfor name in {POSIX_ONLY}: sys.modules[name] = None\n{script}"]


def test_a_new_page_is_a_draft_in_both_written_forms(portal: Portal, project: Project) -> None:
    said = portal("page", "new", "klage-barn", "Klage for barn", "Klage for barn: slik")
    for language, title in ((Language.NB, "Klage for barn"), (Language.NN, "Klage for barn: slik")):
        page = read_pages(project.docs)[language, "klage-barn.md"]
        assert page.status is Status.DRAFT
        assert page.meta["title"] == title
        assert page.meta["review_by"] - date.today() > timedelta(days=360)
        assert page.meta["jurisdiction"] == ["norge"]
        assert f"\n# {title}\n" in page.body
        assert '!!! abstract "Kort fortalt"' in page.body
        assert f"docs/{language}/klage-barn.md" in said
    assert "## Hva gjør du nå?" in read_pages(project.docs)[Language.NB, "klage-barn.md"].body
    assert "## Kva gjer du no?" in read_pages(project.docs)[Language.NN, "klage-barn.md"].body
    assert (Language.DA, "klage-barn.md") not in read_pages(project.docs)


def test_three_titles_make_a_danish_page_too(portal: Portal, project: Project) -> None:
    portal("page", "new", "barn/skole", "Skole", "Skule", "Skole", "--owner", "Skolen")
    page = read_pages(project.docs)[Language.DA, "barn/skole.md"]
    assert page.meta["jurisdiction"] == ["danmark"]
    assert page.meta["owner"] == "Skolen"
    assert "## Hvad gør du nu?" in page.body
    assert "](../index.md#kontakt)" in page.body


def test_a_page_in_one_language_only(portal: Portal, project: Project) -> None:
    portal("page", "new", "job.md", "Job", "--language", "da")
    assert {key for key in read_pages(project.docs) if key[1] == "job.md"} == {(Language.DA, "job.md")}


def test_a_new_page_gets_its_line_in_the_menu_once(portal: Portal, project: Project) -> None:
    project.change("nn/menu.md", "- klage.md", "- ny.md\n- klage.md")
    portal("page", "new", "ny", "Ny", "Ny")
    assert (project.docs / "nb/menu.md").read_text("utf-8") == "- index.md\n\n## Svar\n\n- klage.md\n- ny.md\n"
    assert (project.docs / "nn/menu.md").read_text("utf-8") == "- index.md\n\n## Svar\n\n- ny.md\n- klage.md\n"


def test_a_new_page_stops_neither_build_nor_gate(portal: Portal, project: Project) -> None:
    for language in Language:
        project.change(f"{language}/index.md", "---\n#", "---\n## Kontakt { #kontakt }\n\n#")
    project.confirm()
    portal("page", "new", "ny", "Ny", "Ny", "Ny")
    pages = read_pages(project.docs)
    found = [*check_pages(pages, today=TODAY), *check_menus(project.docs, pages)]
    assert [str(one) for one in stopping(found) if "ny.md" in one.where or one.where.endswith("menu.md")] == []
    done = project.build()
    assert done.returncode == 0, done.stderr
    assert not (project.site / "nb/ny").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Klage-barn", "A", "B"], "små bokstaver a–z, tall og bindestrek, slik: klage-barn"),
        (["søke", "A", "B"], "«søke» kan ikke være navnet"),
        (["../ut", "A", "B"], "kan ikke være navnet"),
        (["a/b/c", "A", "B"], "kan ikke være navnet"),
        (["index", "A", "B"], "«index» er opptatt"),
        (["barn/menu", "A", "B"], "er opptatt"),
        (["klage", "A", "B"], "docs/nb/klage.md finnes fra før"),
        (["ny", "A"], "Skriv én tittel for hvert språk"),
        (["ny", "A", "B", "C", "D"], "Skriv én tittel for hvert språk"),
        (["ny", "A", "B", "--language", "da"], "Skriv én tittel for hvert språk"),
        (["ny", "A", "B", "--language", "da", "--language", "da"], "Skriv én tittel for hvert språk"),
        (["ny", "A", " "], "Skriv en tittel på nynorsk"),
    ],
)
def test_a_page_that_cannot_be_made_is_refused_in_words(
    portal: Portal, project: Project, arguments: list[str], message: str
) -> None:
    before = {file: file.read_bytes() for file in project.folder.rglob("*.md")}
    said = portal("page", "new", *arguments, exit_code=2 if "Skriv én" in message else 1)
    assert message in " ".join(said.split())
    assert {file: file.read_bytes() for file in project.folder.rglob("*.md")} == before


def test_a_title_that_yaml_would_misread_is_put_in_quotes(project: Project) -> None:
    for number, title in enumerate(
        ["Ja", "no", "2027", 'Si "ja": slik', "- strek", "{{ fact.age_adult }} og mer", "#1"]
    ):
        name = f"side{number}"
        make(project.docs, NewPage(name=name, titles={Language.DA: title}), today=date(2028, 2, 29))
        page = read_pages(project.docs)[Language.DA, f"{name}.md"]
        assert page.meta["title"] == title
        assert page.meta["review_by"] == date(2029, 2, 28)


def test_a_page_for_people_abroad_is_about_the_other_country(project: Project) -> None:
    make(project.docs, NewPage(name="danmark/skole", titles={Language.NB: "S", Language.NN: "S"}), today=TODAY)
    assert read_pages(project.docs)[Language.NB, "danmark/skole.md"].meta["jurisdiction"] == ["danmark"]


def test_no_page_is_made_in_a_folder_without_that_language(project: Project) -> None:
    for file in (project.docs / "da").iterdir():
        file.unlink()
    (project.docs / "da").rmdir()
    with pytest.raises(NotMade, match="Finner ikke mappen"):
        make(project.docs, NewPage(name="ny", titles=dict.fromkeys(Language, "Ny")), today=TODAY)
    assert not (project.docs / "nb/ny.md").exists()


def test_list_shows_state_owner_and_date(portal: Portal, project: Project) -> None:
    project.change("nb/klage.md", "owner:", "status: review\nowner:")
    project.change("nn/klage.md", "2027-11-22", "2020-01-01")
    project.write("da/odd.md", "uten topp")
    lines = {line.split()[0]: line for line in portal("page", "list").splitlines()}
    assert "til gjennomlesing" in lines["docs/nb/klage.md"]
    assert "Koordinerende enhet" in lines["docs/nb/klage.md"]
    assert lines["docs/nn/klage.md"].endswith("2020-01-01 (nå)")
    assert "kan ikke leses" in lines["docs/da/odd.md"]
    assert len(lines) == 1 + len(read_pages(project.docs))


def test_diff_shows_what_changed_and_confirm_settles_it(portal: Portal, project: Project) -> None:
    project.change("nb/klage.md", "I Danmark er", "I Danmark var")
    assert "I Danmark" in portal("page", "diff", "docs/nn/klage.md")
    assert "er bekreftet" in portal("page", "confirm", "docs\\nn\\klage.md", "--both")
    assert "er ikke endret" in portal("page", "diff", "docs/nn/klage.md")
    assert "det finnes ingen side" in portal("page", "diff", "docs/nn/borte.md", exit_code=1)


def test_overview_is_written_beside_the_site(portal: Portal, project: Project) -> None:
    assert portal("page", "overview") == "build/overview/index.html\n"
    assert "docs/nb/klage.md" in (project.folder / "build/overview/index.html").read_text("utf-8")


def test_check_says_file_line_and_what_to_write(portal: Portal, project: Project) -> None:
    project.change("nb/klage.md", "fact.appeal_health", "fact.nothing")
    project.change("nb/menu.md", "## Svar", "Svar")
    command = [sys.executable, "-m", "forms_app.cli", "page", "check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=project.folder, encoding="utf-8")
    assert done.returncode == 1, done.stderr
    assert "docs/nb/klage.md:11: feil: ukjent opplysning «nothing»" in done.stdout
    assert "docs/nb/menu.md:3: feil: linjen kan ikke leses" in done.stdout
    assert "bygg først" not in done.stdout


def test_outside_the_portals_folder_they_say_where_to_go(
    portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    for command in (["page", "list"], ["preview"], ["page", "new", "ny", "A", "B"]):
        assert "Kjør kommandoen i mappen der mkdocs.yml ligger" in portal(*command, exit_code=1)


def test_the_commands_of_editors_need_no_module_that_windows_lacks(project: Project) -> None:
    for arguments in (["page", "list"], ["page", "new", "ny", "Ny", "Ny"], ["page", "check"], ["--help"], ["facts"]):
        done = subprocess.run(
            without_posix(f"from forms_app.cli import main; main({arguments!r}, prog_name='portal')"),
            capture_output=True, text=True, check=False, cwd=project.folder, encoding="utf-8",
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        assert done.stdout
        assert done.returncode == 0 or arguments == ["page", "check"], done.stderr


def test_the_site_is_built_without_a_module_that_windows_lacks(project: Project) -> None:
    settings = str(project.folder / "mkdocs.yml")
    done = subprocess.run(
        without_posix(f"from mkdocs.__main__ import cli; cli(['build', '-f', {settings!r}])"),
        capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_command_of_the_server_says_what_is_missing_there(project: Project) -> None:
    done = subprocess.run(
        without_posix("from forms_app.cli import main; main(['serve'], prog_name='portal')"),
        capture_output=True, text=True, check=False, cwd=project.folder,
    )  # fmt: skip
    assert done.returncode == 1
    assert "those that run the portal need Linux" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_preview_serves_the_pages_and_ends_when_it_is_told_to(project: Project, end: signal.Signals) -> None:
    """Ctrl-C goes to the whole group of processes, what others send to the first of them."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "forms_app.cli", "preview", "--port", str(port)]
    server = subprocess.Popen(
        command, cwd=project.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        assert "Fristen er 4" in _fetched(f"http://127.0.0.1:{port}/nb/klage/")
        again = subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=False)
        assert again.returncode == 1
        assert f"portal preview --port {port + 1}" in again.stderr
    finally:
        if end is signal.SIGINT:
            os.killpg(server.pid, end)
        else:
            server.send_signal(end)
        said, _ = server.communicate(timeout=30)
    assert f"http://127.0.0.1:{port}/" in said
    for word in ("Traceback", "KeyboardInterrupt", "MkDocs 2"):
        assert word not in said
    with socket() as attempt:
        assert attempt.connect_ex(("127.0.0.1", port)) != 0


def _fetched(address: str) -> str:
    end = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                text: str = answer.read().decode("utf-8")
                return text
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
