"""Migrations while two versions work on one database: they only add, or say whom they leave behind."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import ROOT, place, tree_of

STORAGE = ROOT / "forms_app" / "storage"
SCRIPTS = sorted([*STORAGE.glob("migrations/versions/[0-9]*.py"), *STORAGE.glob("staff/migrations/versions/[0-9]*.py")])
RELEASED = [path.name[:4] for path in (ROOT / "tests" / "upgrade" / "versions").glob("*.tar.xz")]
"""The last migration of each version that was released: `make keep-version` keeps what it leaves behind."""
EVERY_SCRIPT = pytest.mark.parametrize("path", SCRIPTS, ids=place)
_TAKES_AWAY = re.compile(r"drop_(column|table)|rename_table|new_column_name|\b(DROP|RENAME)\s", re.IGNORECASE)
_FORBIDS = re.compile(r"nullable=False")


def _assigned(path: Path, name: str) -> object:
    for node in tree_of(path).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    raise AssertionError(f"{place(path)} has no {name}")


def in_the_way(upgrade: ast.FunctionDef) -> Iterator[str]:
    """What processes of the version before would miss, or could no longer write."""
    for node in ast.walk(upgrade):
        if not isinstance(node, ast.Call):
            continue
        called, text = ast.unparse(node.func), ast.unparse(node)
        if _TAKES_AWAY.search(called) or (called.endswith(("alter_column", "execute")) and _TAKES_AWAY.search(text)):
            yield text
        if called.endswith("alter_column") and _FORBIDS.search(text):
            yield text
        if called.endswith("add_column") and _FORBIDS.search(text) and "server_default" not in text:
            yield text


def _upgrade_of(path: Path) -> ast.FunctionDef:
    return next(one for one in tree_of(path).body if isinstance(one, ast.FunctionDef) and one.name == "upgrade")


@EVERY_SCRIPT
def test_a_script_is_named_after_its_migration_and_follows_the_one_before(path: Path) -> None:
    """Whoever asks how a database stands reads the names alone."""
    id = _assigned(path, "revision")
    assert re.fullmatch(rf"{id}_[a-z_]+", path.stem)
    before = [one for one in SCRIPTS if one.parent == path.parent and one.name < path.name]
    assert _assigned(path, "down_revision") == (_assigned(before[-1], "revision") if before else None)


@EVERY_SCRIPT
def test_what_takes_something_away_says_whom_it_leaves_behind(path: Path) -> None:
    is_contract = "_for_" in str(_assigned(path, "revision"))
    # Nothing was released before the first kept version.
    if path.name[:4] > min(RELEASED):
        assert is_contract or list(in_the_way(_upgrade_of(path))) == []


@EVERY_SCRIPT
def test_what_takes_something_away_leaves_a_released_version_to_go_back_to(path: Path) -> None:
    """Its number must be one that a released version knows: otherwise no version could be running beside it."""
    unused_number, unused_for, oldest = str(_assigned(path, "revision")).partition("_for_")
    assert not oldest or any(oldest <= released < path.name[:4] for released in RELEASED)


@pytest.mark.parametrize(
    ("statement", "is_in_the_way"),
    [
        ("op.drop_column('cases', 'is_late')", True),
        ("op.execute('ALTER TABLE cases DROP COLUMN is_late')", True),
        ("table.alter_column('kind', new_column_name='sort')", True),
        ("table.alter_column('kind', nullable=False)", True),
        ("op.add_column('cases', sa.Column('mood', sa.String(), nullable=False))", True),
        ("op.add_column('cases', sa.Column('mood', sa.String(), nullable=False, server_default='calm'))", False),
        ("op.add_column('cases', sa.Column('mood', sa.String()))", False),
        ("op.drop_index('ix_cases_family')", False),
    ],
)
def test_it_is_known_what_is_in_the_way(statement: str, is_in_the_way: bool) -> None:
    (function,) = ast.parse(f"def upgrade():\n    {statement}").body
    assert isinstance(function, ast.FunctionDef)
    assert bool(list(in_the_way(function))) is is_in_the_way
