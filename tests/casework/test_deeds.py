"""Everything that the audit trail says has words; that they are translated is a test of the catalogues."""

import ast
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from forms_app.casework.access import Role
from forms_app.casework.deeds import key_of, member_of, said, who

SOURCES = Path(__file__).parents[2] / "forms_app"
FOLDERS = ("books", "casework", "cli", "delivery", "intake", "storage", "web/staff")
TREES = {
    path: ast.parse(path.read_text("utf-8")) for folder in FOLDERS for path in sorted((SOURCES / folder).rglob("*.py"))
}
INGRID = uuid.UUID("0f8fad5b-d9cb-469f-a165-70867728950e")


def parameters(function: ast.FunctionDef) -> list[str]:
    return [one.arg for one in (*function.args.args, *function.args.kwonlyargs) if one.arg != "self"]


def place_of_action(tree: ast.Module, *, private: bool) -> dict[str, int]:
    """Where each function that is told what to write down takes it."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {
        one.name: parameters(one).index("action")
        for one in functions
        if "action" in parameters(one) and one.name.startswith("_") == private
    }


PUBLIC = {name: place for tree in TREES.values() for name, place in place_of_action(tree, private=False).items()}


def assigned(name: str, tree: ast.Module) -> list[ast.expr]:
    """What a variable or a constant of this name is, here or where it comes from."""
    found = assigned_here(name, tree)
    if found or not name.isupper():
        return found
    return [value for other in TREES.values() for value in assigned_here(name, other)]


def assigned_here(name: str, tree: ast.Module) -> list[ast.expr]:
    found = []
    for node in (one for one in ast.walk(tree) if isinstance(one, ast.Assign)):
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id == name:
                found.append(node.value)
            if isinstance(target, ast.Tuple):
                names = [getattr(one, "id", "") for one in target.elts]
                found += [one.elts[names.index(name)] for one in tuples(node.value) if name in names]
    return found


def tuples(value: ast.expr) -> list[ast.Tuple]:
    """The tuples that an expression can be."""
    if isinstance(value, ast.IfExp):
        return tuples(value.body) + tuples(value.orelse)
    return [value] if isinstance(value, ast.Tuple) else []


def texts(value: ast.expr, tree: ast.Module) -> Iterator[str]:
    """How the actions begin that an expression can be."""
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            yield text.rstrip()
        case ast.JoinedStr(values=[ast.FormattedValue(value=first), *_]):
            yield from texts(first, tree)
        case ast.IfExp(body=one, orelse=other):
            yield from (*texts(one, tree), *texts(other, tree))
        case ast.Dict(values=values):
            yield from (text for one in values for text in texts(one, tree))
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            yield from (text for one in assigned(name, tree) for text in texts(one, tree))


def recorded() -> Iterator[tuple[str, str]]:
    """Place and beginning of each action that is written somewhere."""
    for path, tree in TREES.items():
        places = PUBLIC | place_of_action(tree, private=True)
        for node in ast.walk(tree):
            for value in given(node, places):
                yield from ((f"{path.name}:{node.lineno}", text) for text in texts(value, tree))  # type: ignore[attr-defined]


def given(node: ast.AST, places: dict[str, int]) -> list[ast.expr]:
    """What a call says is to be written down, or a function where it is not told."""
    if isinstance(node, ast.FunctionDef):
        defaults = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        return [value for one, value in defaults if one.arg == "action" and value]
    if isinstance(node, ast.Call) and called(node) in places:
        named = [one.value for one in node.keywords if one.arg == "action"]
        place = places[called(node)]
        return named or node.args[place : place + 1]
    return []


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


ACTIONS = sorted(set(recorded()))


def test_the_actions_of_the_code_are_found() -> None:
    found = {text for unused_place, text in ACTIONS}
    assert {"submitted", "withdrew", "opened", "listed", "logged in", "refused", "granted", "status"} <= found


@pytest.mark.parametrize(("place", "action"), ACTIONS, ids=[f"{place} {text}" for place, text in ACTIONS])
def test_every_action_has_words(place: str, action: str) -> None:
    assert key_of(action) is not None, f"{place}: {action!r} is missing in DEEDS"


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("opened", "Åpnet saken"),
        ("opened to hand over", "Åpnet saken for å overføre den"),
        ("status answered", "Satte status på saken: Besvart"),
        (f"granted {Role.AUDITOR} to staff:{INGRID}", "Ga en rolle: Revisor Ingrid"),
        ("something else", "something else"),
    ],
)
def test_a_deed_is_told_with_what_it_concerned(action: str, told: str) -> None:
    assert said(action, {INGRID: "Ingrid"}) == told


@pytest.mark.parametrize(
    ("actor", "told"),
    [
        ("citizen", "Avsenderen"),
        ("worker", "Portalen selv"),
        ("stranger", "Noen uten tilgang"),
        ("cli:kari", "kari, på serveren"),
        (f"staff:{INGRID}", "Ingrid"),
        (f"staff:{uuid.UUID(int=1)}", "en ansatt, 00000000"),
        ("staff:1", "staff:1"),
    ],
)
def test_everybody_is_told_by_a_name(actor: str, told: str) -> None:
    assert who(actor, {INGRID: "Ingrid"}) == told


def test_only_members_of_staff_have_an_id() -> None:
    assert member_of(f"staff:{INGRID}") == INGRID
    assert member_of("citizen") is None
    assert member_of("staff:tull") is None
