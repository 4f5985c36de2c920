"""Every rule of the content gate fires, alone and in its place, and a clean tree is silent."""

import pytest
from guidance_project import TODAY, Project
from seeded_tree import Seed, Tree, grow
from seeds import FAULTS, KLAGE, with_one_hard_page

from guidance.__main__ import main
from guidance.findings import Finding, Rule, Weight

EVERY_FAULT = [
    pytest.param(rule, *fault, id=f"{rule}-{number}")
    for rule, faults in FAULTS.items()
    for number, fault in enumerate(faults, start=1)
]


@pytest.fixture
def tree(project: Project, monkeypatch: pytest.MonkeyPatch) -> Tree:
    return grow(project, monkeypatch)


def place(tree: Tree, one: Finding) -> str:
    """The finding's file and line, as an editor reads them."""
    return str(one).removeprefix(f"{tree.folder}/").partition(f": {one.weight}: ")[0]


def run(tree: Tree) -> int:
    folders = {"--docs": tree.docs, "--site": tree.folder / "built", "--root": tree.root, "--today": TODAY}
    return main([str(word) for option in folders.items() for word in option])


def test_every_rule_has_a_fault() -> None:
    assert set(FAULTS) == set(Rule)


def test_a_clean_tree_is_silent(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    assert tree.check() == []
    assert run(tree) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "5 sider: 0 feil, 0 mangel, 0 merk"


@pytest.mark.parametrize(("rule", "seed", "where", "message"), EVERY_FAULT)
def test_a_fault_is_found_once_and_in_its_place(
    tree: Tree, rule: Rule, seed: Seed, where: int | str, message: str
) -> None:
    seed(tree)
    if rule is not Rule.COUNTERPART_STALE:
        # As an editor does who has read both pages.
        tree.confirm()
    (found,) = tree.check()
    assert found.rule is rule
    assert message in found.message
    if rule is Rule.FACT_DUE:
        assert place(tree, found).startswith(str(where))
    else:
        assert place(tree, found) == (f"{KLAGE}:{where}" if isinstance(where, int) else where)


@pytest.mark.parametrize("rule", [Rule.PAGE_LINK, Rule.NUMBER, Rule.REVIEW_DUE])
def test_the_gate_stops_at_everything_but_notes(tree: Tree, rule: Rule, capsys: pytest.CaptureFixture[str]) -> None:
    (seed, line, message), *_ = FAULTS[rule]
    seed(tree)
    tree.confirm()
    assert run(tree) == (0 if rule.weight is Weight.NOTE else 1)
    told = capsys.readouterr().out
    assert f"{KLAGE}:{line}: {rule.weight}: {message}" in told
    assert f"1 {rule.weight}" in told


def test_the_readability_of_each_page_is_printed_with_the_medians(
    tree: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    with_one_hard_page(tree)
    assert run(tree) == 1
    told = capsys.readouterr().out.splitlines()
    start = told.index(" LIX  grense   ord  side")
    assert told[start + 1 :] == [
        " 102      45   124  docs/nb/index.md",
        "  10      45   135  docs/nb/klage.md",
        "  10      45   135  docs/nn/klage.md",
        "   –      45     1  docs/da/index.md",
        "   –      45     4  docs/nn/index.md",
        "median: 10 (bokmål 56, nynorsk 10, dansk –); grense 35",
        told[-1],
    ]
