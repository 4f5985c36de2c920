"""Who may know whom: the layers are kept, and the citizen pages never reach the opening key."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from house import ROOT

CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
    "contracts"
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of the code as it is."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--cache-dir", tmp_path_factory.mktemp("cache")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"COLUMNS": "1000", "PATH": ""},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", [contract["name"] for contract in CONTRACTS])
def test_each_contract_is_kept(report: str, name: str) -> None:
    assert f"{name} KEPT" in " ".join(report.split())


def test_no_contract_has_an_exception() -> None:
    assert not any(key.startswith("ignore") for contract in CONTRACTS for key in contract)


def test_every_package_has_its_layer() -> None:
    (layers,) = (contract for contract in CONTRACTS if contract["type"] == "layers")
    named = {name.strip() for line in layers["layers"] for name in line.split("|")}
    found = {
        path.stem for path in (ROOT / "forms_app").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert layers["exhaustive"] is True
    assert found - {"__init__"} == named


def test_the_citizen_side_is_kept_from_the_opening_key_by_a_contract() -> None:
    (confidentiality,) = (one for one in CONTRACTS if "forms_app.sealing.keys" in one.get("forbidden_modules", ()))
    assert {"forms_app.web.citizen", "forms_app.intake"} <= set(confidentiality["source_modules"])
