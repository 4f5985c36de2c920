"""The asset build makes files the content policy lets through, and makes them once."""

import gzip
import hashlib
import re
import shutil
from pathlib import Path

import pytest
from guidance_project import ROOT

from forms_app.web.build_assets import (
    FONT_LIMIT,
    SCRIPTS,
    STAFF_STYLESHEET,
    STYLESHEET,
    AssetsNotBuilt,
    build,
    cut_stylesheet,
    move_icons,
)

PACKAGES = ROOT / "node_modules"
needs_packages = pytest.mark.skipif(not PACKAGES.is_dir(), reason="npm ci has not been run")


def contents(folder: Path) -> dict[str, str]:
    files = [one for one in folder.rglob("*") if one.is_file()]
    return {str(one.relative_to(folder)): hashlib.sha256(one.read_bytes()).hexdigest() for one in files}


def test_an_inline_image_becomes_a_file(tmp_path: Path) -> None:
    css = (
        "a{mask:url('data:image/svg+xml,%3Csvg%3E%3C/svg%3E')} b{mask:url(\"data:image/svg+xml,%3Csvg%3E%3C/svg%3E\")}"
    )
    moved = move_icons(css, tmp_path)
    [file] = tmp_path.iterdir()
    assert file.read_text("utf-8") == "<svg></svg>"
    assert moved.count(f'url("/static/assets/icons/{file.name}")') == 2
    assert "data:" not in moved


def test_without_the_packages_the_build_says_so(tmp_path: Path) -> None:
    for name in ("package-lock.json", "designsystemet.config.json"):
        (tmp_path / name).write_text("{}", "utf-8")
    shutil.copytree(ROOT / "forms_app" / "web", tmp_path / "forms_app" / "web")
    with pytest.raises(AssetsNotBuilt, match="node_modules"):
        build(tmp_path, tmp_path / "assets")
    assert not (tmp_path / "assets").exists()


@needs_packages
def test_the_stylesheet_holds_what_the_forms_use_and_no_more() -> None:
    css = cut_stylesheet(PACKAGES / "@digdir/designsystemet-css/dist/src")
    for name in ("input", "field", "fieldset", "error-summary", "button", "file-upload", "validation-message"):
        assert f".ds-{name}" in css
    assert ".ds-pagination{" not in css


@needs_packages
def test_two_builds_are_alike_and_the_second_of_one_folder_does_nothing(tmp_path: Path) -> None:
    """The other one is what `make` has built."""
    assert build(ROOT, tmp_path / "one")
    assert contents(tmp_path / "one") == contents(ROOT / "build" / "assets")
    assert not build(ROOT, tmp_path / "one")
    assert [one.name for one in tmp_path.iterdir()] == ["one"]
    css = (tmp_path / "one/designsystemet.css").read_text("utf-8")
    icons = {one.name for one in (tmp_path / "one/icons").iterdir()}
    assert set(re.findall(r"/static/assets/icons/([0-9a-f]+\.svg)", css)) == icons
    assert not re.search(r"data:|https?://(?!www\.w3\.org)", css)
    _assert_bundled(tmp_path / "one")
    assert 0 < (tmp_path / "one/inter.woff2").stat().st_size <= FONT_LIMIT
    assert "#0b5568" in (tmp_path / "one/theme.css").read_text("utf-8").lower()


def _assert_bundled(built: Path) -> None:
    """The forms load one stylesheet and one script, which hold everything and lie there compressed too."""
    for name, parts in {"forms.css": STYLESHEET, "staff.css": STAFF_STYLESHEET, **SCRIPTS}.items():
        whole = (built / "forms" / name).read_text("utf-8")
        for part in parts:
            assert ((ROOT if "/" in part else built) / part).read_text("utf-8") in whole
        assert gzip.decompress((built / "forms" / f"{name}.gz").read_bytes()).decode() == whole


def test_the_lock_file_names_no_registry() -> None:
    lock = (ROOT / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
