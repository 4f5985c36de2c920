"""The check of built pages finds what MkDocs cannot see."""

from pathlib import Path

import pytest

from guidance.__main__ import main
from guidance.checks import check_site

GOOD = """<!doctype html>
<html lang="nb">
<head><link rel="canonical" href="https://portal.example/nb/"><script src="/js/a.js"></script></head>
<body><h1 id="top">Hjelp</h1><a href="/nb/skjema/klage/">Klag</a> <a href="#top">Opp</a>
<a href="https://lovdata.no/">Loven</a> <a href="mailto:post@kommune.example">Skriv</a></body>
</html>
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "nb").mkdir()
    (tmp_path / "js").mkdir()
    (tmp_path / "js/a.js").write_text("", "utf-8")
    (tmp_path / "nb/index.html").write_text(GOOD, "utf-8")
    return tmp_path


def test_a_good_page_is_left_in_peace(site: Path) -> None:
    assert check_site(site) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('href="#top"', 'href="#topp"', 4, "overskrift som ikke finnes: #topp"),
        ('href="#top"', 'href="borte/"', 4, "fører ingen steder: borte/"),
        ('href="#top"', 'href="/da/skjema/klage/"', 4, "fører ingen steder: /da/skjema/klage/"),
        ('src="/js/a.js"', 'src="https://cdn.example/a.js"', 3, "henter noe fra nettet"),
        (' src="/js/a.js"', "", 3, "<script> med innhold"),
        ("<h1", '<p style="color:red">Rød</p><h1', 4, "<p style=…>"),
        ("<h1", '<p onclick="x()">Klikk</p><h1', 4, "<p onclick=…>"),
        ("<h1", '<img src="/js/a.js"><h1', 4, "mangler alt"),
        ("<h1", '<p id="top">Opp</p><h1', 0, "«top» er brukt 2 ganger"),
        ("<h1", "<h1>En til</h1><h1", 0, "2 hovedoverskrifter"),
        (' lang="nb"', ' lang="nn"', 0, "sier at den er på nn"),
        (' lang="nb"', "", 0, "hvilket språk"),
    ],
)
def test_a_fault_is_found(site: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in GOOD
    (site / "nb/index.html").write_text(GOOD.replace(old, new, 1), "utf-8")
    found = check_site(site)
    assert [(one.where, one.line) for one in found] == [("/nb/", line)]
    assert message in found[0].message


def test_a_site_that_was_not_built_is_a_fault(tmp_path: Path) -> None:
    assert "bygg først" in check_site(tmp_path)[0].message


def test_the_command_prints_findings_and_tells_by_its_status(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--docs", str(tmp_path / "none"), "--site", str(site), "--today", "2026-11-22"]
    assert main(arguments) == 0
    assert capsys.readouterr().out.endswith("0 sider, 0 feil, 0 til gjennomgang\n")
    (site / "nb/index.html").write_text(GOOD.replace("/js/a.js", "/js/b.js"), "utf-8")
    assert main(arguments) == 1
    assert "/nb/:3: feil: lenken fører ingen steder: /js/b.js" in capsys.readouterr().out
