"""The units of deploy/systemd, as systemd itself reads them, without a machine that runs it."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "deploy" / "systemd"
OURS = sorted(path.name for path in UNITS.glob("portal-*.service"))
HIGHEST_EXPOSURE = 1.5
"""Of ten. Most services of Debian have more than nine."""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a Debian on which the README was followed, as far as systemd looks."""
    root = tmp_path_factory.mktemp("machine")
    shutil.copytree(UNITS, root / "etc" / "systemd" / "system")
    shutil.copytree("/lib/systemd/system", root / "lib" / "systemd" / "system", symlinks=True)
    for command in ("opt/portal/current/.venv/bin/portal", "bin/sh", "bin/kill"):
        path = root / command
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n", "ascii")
        path.chmod(0o755)
    return root


def analyze(machine: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", f"--root={machine}", "--man=no", *words], capture_output=True, text=True, check=False
    )


def test_systemd_finds_nothing_wrong_with_them(machine: Path) -> None:
    every = [path.name.replace("@.", "@citizen.") for path in UNITS.iterdir() if path.is_file()]
    found = analyze(machine, "verify", *every)
    ours = [line for line in found.stderr.splitlines() if "portal" in line]
    assert ours == []


def test_a_mistake_would_be_found(machine: Path, tmp_path: Path) -> None:
    wrong = shutil.copytree(machine, tmp_path / "machine", symlinks=True)
    unit = wrong / "etc/systemd/system/portal-citizen-web.service"
    unit.write_text(unit.read_text("utf-8").replace("Restart=always", "Restart=allways"), "utf-8")
    assert "allways" in analyze(wrong, "verify", unit.name).stderr


def exposed(machine: Path, unit: str) -> subprocess.CompletedProcess[str]:
    return analyze(machine, "security", "--offline=true", f"--threshold={HIGHEST_EXPOSURE * 10:.0f}", unit)


@pytest.mark.parametrize("unit", OURS)
def test_each_is_confined(machine: Path, unit: str) -> None:
    assert exposed(machine, unit).returncode == 0


def test_one_that_is_not_confined_would_be_found(machine: Path, tmp_path: Path) -> None:
    bare = shutil.copytree(machine, tmp_path / "machine", symlinks=True)
    shutil.rmtree(bare / "etc/systemd/system/portal-.service.d")
    assert exposed(bare, "portal-citizen-web.service").returncode != 0


def test_what_citizens_reach_has_no_network_at_all(machine: Path) -> None:
    shown = analyze(machine, "security", "--offline=true", "--json=short", "portal-citizen-web.service").stdout
    assert {one["set"] for one in json.loads(shown) if one["name"].startswith("PrivateNetwork")} == {True}
