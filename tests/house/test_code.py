"""Rules of the code that no linter knows."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from house import ROOT, modules, place, tree_of

from forms_app.cli import main
from forms_app.errors import PortalError

EVERY_MODULE = pytest.mark.parametrize("path", list(modules()), ids=place)
QUESTIONS_OF_A_PAGE = {"StepForm", "RowForm"}
"""What such a class says is its questions."""


def _environment_reads(path: Path) -> list[str]:
    return [
        place(path, node)
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv", "os.environb"))
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "os"
            and {"environ", "getenv"} & {one.name for one in node.names}
        )
    ]


@EVERY_MODULE
def test_only_the_settings_read_the_environment(path: Path) -> None:
    if path == ROOT / "forms_app" / "settings" / "__init__.py":
        assert _environment_reads(path)
    else:
        assert _environment_reads(path) == []


def _undocumented(path: Path, parent: ast.Module | ast.ClassDef) -> Iterator[str]:
    if ast.get_docstring(parent) is None:
        yield place(path, parent if isinstance(parent, ast.ClassDef) else None)
    for node in parent.body:
        if isinstance(node, ast.ClassDef) and not _is_exempt(node):
            yield from _undocumented(path, node)
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if is_function and not node.name.startswith("_") and ast.get_docstring(node) is None:
            yield f"{place(path, node)} {node.name}"


def _is_exempt(node: ast.ClassDef) -> bool:
    bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
    return bool(bases & QUESTIONS_OF_A_PAGE) or node.name.startswith("_")


@EVERY_MODULE
def test_every_module_class_and_public_function_says_what_it_is_for(path: Path) -> None:
    assert list(_undocumented(path, tree_of(path))) == []


@EVERY_MODULE
def test_every_file_has_a_name_that_says_what_is_in_it(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "helper", "common", "misc", "tools"}


@EVERY_MODULE
def test_functions_stay_small(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or node.lineno) - node.lineno < 50, f"{place(path, node)} {node.name}"


@EVERY_MODULE
def test_nothing_is_left_to_do_in_a_comment(path: Path) -> None:
    assert re.findall(r"#.*\b(?:TODO|FIXME|XXX|HACK)\b.*", path.read_text("utf-8")) == []


def _errors(kind: type[PortalError]) -> Iterator[type[PortalError]]:
    for one in kind.__subclasses__():
        yield one
        yield from _errors(one)


def test_every_error_has_a_sentence_for_the_operator() -> None:
    found = list(_errors(PortalError))
    assert len(found) > 20
    for error in found:
        assert "__doc__" in vars(error), error
        assert vars(error)["__doc__"], error
        assert error.meaning(), error


def _commands(group: click.Group, path: str = "portal") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")


COMMANDS = dict(_commands(main))


@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
def test_every_command_and_option_has_help(command: click.Command) -> None:
    assert command.help
    assert command.help.strip().endswith(".")
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert [one.name for one in options if not one.help] == []


def test_the_program_says_what_it_is() -> None:
    assert main.help
    named = main.list_commands(click.Context(main))
    assert {"serve", "work", "inbox", "open", "keys", "migrate", "check"} <= set(named)


def test_no_two_test_files_have_one_name() -> None:
    """Pytest takes the second for the first, when both are in one run."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []
