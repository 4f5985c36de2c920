"""Every line that is logged has a fixed name and only keys that reach the output: nothing is dropped, nothing leaks."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import modules, place, tree_of

from forms_app.log import ALLOWED_KEYS

LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
NAMED_BY_KIND = "forms_app/books/bell.py"
"""Its events are the members of AlarmKind."""


def _log_calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls of whatever `log.logger(…)` gave a name to in this module."""
    loggers = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name) and ast.unparse(node.value.func) == "log.logger"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in loggers:
            assert node.attr in LEVELS, ast.unparse(node)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            value = node.func.value
            if isinstance(value, ast.Name) and value.id in loggers:
                yield node


def _keys(tree: ast.Module, call: ast.Call) -> Iterator[str | None]:
    """The keys of a call, also those that a function of the module adds; None where nobody can tell."""
    for keyword in call.keywords:
        if keyword.arg:
            yield keyword.arg
        else:
            yield from _returned(tree, keyword.value)


def _returned(tree: ast.Module, value: ast.expr) -> Iterator[str | None]:
    name = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
    functions = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == name]
    returned = [one.value for function in functions for one in ast.walk(function) if isinstance(one, ast.Return)]
    if not returned:
        yield None
    for found in returned:
        for key in found.keys if isinstance(found, ast.Dict) else [None]:
            yield key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None


CALLS = [(path, tree_of(path)) for path in modules() if "log.logger(" in path.read_text("utf-8")]
LOGGING = [(path, tree, call) for path, tree in CALLS for call in _log_calls(tree)]


def test_the_calls_are_found() -> None:
    assert len(LOGGING) > 25
    assert {place(path) for path, unused_tree, unused_call in LOGGING} >= {NAMED_BY_KIND, "forms_app/web/errors.py"}


@pytest.mark.parametrize(("path", "tree", "call"), LOGGING, ids=[place(path, call) for path, unused, call in LOGGING])
def test_only_keys_that_reach_the_output_are_logged(path: Path, tree: ast.Module, call: ast.Call) -> None:
    keys = list(_keys(tree, call))
    assert None not in keys, "nobody can tell which keys these are"
    assert set(keys) <= ALLOWED_KEYS


@pytest.mark.parametrize(("path", "tree", "call"), LOGGING, ids=[place(path, call) for path, unused, call in LOGGING])
def test_an_event_has_a_fixed_name(path: Path, tree: ast.Module, call: ast.Call) -> None:
    (event,) = call.args
    if place(path) == NAMED_BY_KIND and not isinstance(event, ast.Constant):
        assert ast.unparse(event) == "state.kind"
        return
    for name in (event.body, event.orelse) if isinstance(event, ast.IfExp) else (event,):
        assert isinstance(name, ast.Constant)
        assert re.fullmatch(r"[a-z][a-z_ ]+", name.value)


def test_nobody_logs_by_another_way() -> None:
    """Neither the standard library's loggers nor structlog itself drop what is not allowed."""
    for path, tree in CALLS:
        if place(path) == "forms_app/log.py":
            continue
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        assert "structlog" not in imported, place(path)
        said = {
            ast.unparse(node)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr in LEVELS and ast.unparse(node.value).startswith("logging")
        }
        assert said == set(), place(path)
