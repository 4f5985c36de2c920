"""What is committed works on every machine and is explained to those who run it."""

import ast
import json
import re
import subprocess
import tomllib

import pytest
from house import ROOT, place, repository_files, tree_of

from forms_app.settings import REPOSITORY

README = (ROOT / "README.md").read_text("utf-8")
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
LOCKS = sorted(ROOT.glob("requirements*.lock"))
NAME = re.compile(r"[A-Z][A-Z]+(_[A-Z]+)*")


def _settings() -> set[str]:
    """Every variable that the settings read; a secret may be given as a file as well."""
    modules = [tree_of(path) for path in (ROOT / "forms_app" / "settings").glob("*.py")]
    nodes = [node for module in modules for node in ast.walk(module)]
    names = {text for node in nodes if isinstance(text := getattr(node, "value", None), str) and NAME.fullmatch(text)}
    secrets = {
        argument.value
        for call in nodes
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "secret"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
    return names | {f"{name}_FILE" for name in secrets}


def test_the_settings_are_found() -> None:
    assert {"PORT", "HOST", "PORTAL_DATA", "DATABASE_URL", "PORTAL_SECRET_KEY", "PORTAL_SECRET_KEY_FILE"} <= _settings()
    assert REPOSITORY == ROOT


@pytest.mark.parametrize("name", sorted(_settings()))
def test_every_setting_is_explained_in_the_readme(name: str) -> None:
    assert re.search(rf"(?<![A-Z_]){name}(?![A-Z_])", README)


def test_the_sources_of_the_site_are_not_ignored() -> None:
    asked = ["site/guidance/plugin.py", "site/theme/main.html", "site/new.txt", "tests/house/new.py"]
    done = subprocess.run(["git", "check-ignore", "--no-index", *asked], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")


@pytest.mark.parametrize(
    "made", ["build/site/index.html", "var/keys/opening.txt", ".venv/bin/python", "node_modules/x"]
)
def test_what_is_made_or_secret_is_ignored(made: str) -> None:
    assert subprocess.run(["git", "check-ignore", "-q", "--no-index", made], cwd=ROOT).returncode == 0


def test_the_site_is_built_where_no_source_is_lost() -> None:
    assert re.search(r"^site_dir: build/site$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_has_hashes_and_no_address(lock: object) -> None:
    text = (ROOT / str(lock)).read_text("utf-8")
    assert "://" not in text
    assert "index-url" not in text
    pinned = re.findall(r"^[a-z0-9][a-zA-Z0-9._-]*(?:\[[a-z,]+\])?==", text, re.MULTILINE)
    assert pinned
    assert text.count("--hash=sha256:") >= len(pinned)


@pytest.mark.parametrize("lock", ["package-lock.json", "tests/provider/package-lock.json"])
def test_no_lock_of_npm_has_an_address_of_a_registry(lock: str) -> None:
    packages = json.loads((ROOT / lock).read_text("utf-8"))["packages"]
    assert all("resolved" not in one for one in packages.values())
    assert all("integrity" in one for name, one in packages.items() if name)


def test_no_lock_is_forgotten() -> None:
    assert [lock.name for lock in LOCKS] == ["requirements-node.lock", "requirements-test.lock", "requirements.lock"]


def _dependency_lines() -> list[str]:
    section = PYPROJECT.partition("\ndependencies = [\n")[2].partition("\n]\n")[0]
    return [line.strip() for line in section.splitlines()]


def test_every_dependency_has_its_reason_above_it() -> None:
    lines = _dependency_lines()
    named = [line for line in lines if line.startswith('"')]
    assert len(named) == len(tomllib.loads(PYPROJECT)["project"]["dependencies"])
    assert lines[0].startswith("#")
    groups = re.findall(r'(?:#[^\n]*\n)+((?:"[^\n]*(?:\n|$))+)', "\n".join(lines))
    sizes = [len(group.strip().splitlines()) for group in groups]
    assert sum(sizes) == len(named)
    assert max(sizes) <= 3, "one reason speaks for at most three packages that belong together"


def test_every_direct_dependency_is_locked() -> None:
    locked = (ROOT / "requirements.lock").read_text("utf-8")
    for dependency in tomllib.loads(PYPROJECT)["project"]["dependencies"]:
        name = re.split(r"[^a-z0-9-]", dependency)[0]
        assert re.search(rf"^{name}==", locked, re.MULTILINE), name


# Assembled, so that this file does not find itself.
_A_MACHINE = re.compile(
    "(" + "|".join(["/wo" + "rk/", "/ho" + r"me/\w", "/ro" + r"ot/\w", "/Use" + r"rs/\w", "/tm" + r"p/\w"]) + ")"
)


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    found = []
    for path in repository_files():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{place(path)}: {line.strip()[:120]}" for line in text.splitlines() if _A_MACHINE.search(line)]
    assert found == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    nameless = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [place(path) for path in repository_files() if path.stem.lower() in nameless] == []


def test_nothing_secret_or_made_is_committed() -> None:
    endings = {".sqlite", ".db", ".pem", ".key", ".mo", ".pyc", ".egg-info"}
    assert [place(path) for path in repository_files() if path.suffix in endings] == []
    keys = re.compile("AGE-SECRET-" + "KEY-1[A-Z0-9]{20}|BEGIN [A-Z ]*PRIVATE " + "KEY")
    texts = [path for path in repository_files() if path.suffix in {".py", ".md", ".toml", ".yml", ".txt", ".json"}]
    assert [place(path) for path in texts if keys.search(path.read_text("utf-8"))] == []
