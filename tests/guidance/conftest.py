"""Pages to seed faults into, and the real site built once."""

import shutil
from pathlib import Path

import pytest
from guidance_project import COMPLAINT, FRONT_PAGES, ROOT, Project, mkdocs


@pytest.fixture
def project(tmp_path: Path, assets: Path) -> Project:
    """Front pages in three languages, and a page about complaints in two."""
    settings = f"""
INHERIT: {ROOT / "mkdocs.yml"}
docs_dir: docs
site_dir: site
theme: {{custom_dir: {ROOT / "site/theme"}}}
plugins:
  - search: {{lang: ["no", da]}}
  - guidance:
      deployment: {ROOT / "portal.toml"}
      shared: {ROOT / "forms_app/web/shared"}
      assets: {assets}
watch: []
nav:
  - nb: [nb/index.md, nb/klage.md]
  - nn: [nn/index.md, nn/klage.md]
  - da: [da/index.md]
"""
    (tmp_path / "mkdocs.yml").write_text(settings, "utf-8")
    made = Project(tmp_path)
    for language, text in FRONT_PAGES.items():
        made.write(f"{language}/index.md", text)
    for language in ("nb", "nn"):
        made.write(f"{language}/klage.md", COMPLAINT)
    return made


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stands for what the asset build makes, so that these tests need no Node."""
    folder = tmp_path_factory.mktemp("assets")
    built = ROOT / "build" / "assets"
    if built.is_dir():
        shutil.copytree(built, folder, dirs_exist_ok=True)
    else:
        for name in ("designsystemet.css", "theme.css", "inter.woff2"):
            (folder / name).write_bytes(b"")
    return folder


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory, assets: Path) -> Path:
    """The real pages, built into a folder of the tests' own."""
    folder = tmp_path_factory.mktemp("real")
    settings = f"""
INHERIT: {ROOT / "mkdocs.yml"}
docs_dir: {ROOT / "docs"}
site_dir: {folder / "site"}
theme: {{custom_dir: {ROOT / "site/theme"}}}
plugins:
  - search: {{lang: ["no", da]}}
  - guidance:
      deployment: {ROOT / "portal.toml"}
      shared: {ROOT / "forms_app/web/shared"}
      assets: {assets}
watch: []
"""
    (folder / "mkdocs.yml").write_text(settings, "utf-8")
    done = mkdocs("-f", str(folder / "mkdocs.yml"))
    assert done.returncode == 0, done.stderr
    return folder / "site"
