"""The repository as its house rules see it."""

import ast
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = (ROOT / "forms_app", ROOT / "site" / "guidance")


def modules() -> Iterator[Path]:
    """Every Python file that is shipped."""
    for folder in SOURCES:
        yield from sorted(folder.rglob("*.py"))


def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text("utf-8"))


def place(path: Path, node: ast.AST | None = None) -> str:
    """Where something is, for a message."""
    return str(path.relative_to(ROOT)) + (f":{getattr(node, 'lineno', '')}" if node else "")


@lru_cache
def repository_files() -> tuple[Path, ...]:
    """What is, or would be, committed; every file there is outside a checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return tuple(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())
