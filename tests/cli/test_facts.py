"""`portal facts` lists what the portal says about the law, and what someone must look at again."""

import json
from pathlib import Path

from command import Command

ROOT = Path(__file__).parents[2]


def test_every_fact_is_listed_with_its_source_and_dates(portal: Command) -> None:
    lines = portal("facts", "--today", "2026-11-22").stdout.splitlines()
    [row] = [line.split() for line in lines if " appeal_health " in line]
    assert row == ["norway", "appeal_health", "4", "uker", "PBRL", "§", "7-5", "2026-11-21", "2027-05-21", "A"]
    assert lines[-1].endswith("0 due for review on 2026-11-22")
    assert any("site:advice" in line and "www.dukh.dk" in line for line in lines)


def test_what_is_due_can_be_listed_alone(portal: Command) -> None:
    lines = portal("facts", "--due", "--today", "2027-01-02").stdout.splitlines()
    assert {line.split()[1] for line in lines[1:-1]} == {"appeal_benefits", "appeal_body_benefits"}
    assert all(line.endswith("DUE") for line in lines[1:-1])
    assert lines[-1] == "2 facts, 2 due for review on 2027-01-02"


def test_the_facts_of_a_municipality_have_a_day_for_review_too(portal: Command, tmp_path: Path) -> None:
    text = (
        (ROOT / "portal.toml").read_text("utf-8").replace('key = "arendal"', 'key = "arendal"\nreview_by = 2027-01-01')
    )
    deployment = tmp_path / "reviewed.toml"
    deployment.write_text(text, "utf-8")
    shown = portal("facts", "--json", "--due", "--today", "2027-01-02", PORTAL_CONFIG=str(deployment)).stdout
    rows = {row["name"]: row for row in json.loads(shown)}
    assert rows["municipality:arendal"]["review_by"] == "2027-01-01"
    assert rows["appeal_benefits"]["address"].startswith("https://lovdata.no/")
