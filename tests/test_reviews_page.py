"""docs/reviews.md says what the workflows and the spec say."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from generator.cli.diff_page import LIMIT
from generator.render.codeowners import UNSEEN

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/reviews.md").read_text(encoding="utf-8")
WORKFLOWS = {
    f.stem: yaml.safe_load(f.read_text(encoding="utf-8")) for f in (ROOT / ".github/workflows").glob("*.yaml")
}


def test_the_check_that_is_required_exists_and_runs_for_every_pull_request() -> None:
    found = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert found
    rules = {rule["type"]: rule.get("parameters", {}) for rule in json.loads(found[1])["rules"]}
    contexts = [check["context"] for check in rules["required_status_checks"]["required_status_checks"]]
    jobs = {name: WORKFLOWS["checks"]["jobs"][name] for name in contexts}
    assert all("name" not in job and "if" not in job and "strategy" not in job for job in jobs.values())
    assert WORKFLOWS["checks"][True]["pull_request"] is None, "a path filter would leave it waiting for ever"
    assert rules["pull_request"]["require_code_owner_review"] is True


def test_a_required_reviewer_stands_for_the_patterns_of_code_owners() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `techchallenge/")]
    assert len(rows) == 2
    folders = {pattern for pattern in UNSEEN if pattern.endswith("/**")} - {".ci/**"}
    for row in rows:
        assert all(f"`/{pattern}`" in row for pattern in folders), row


def test_inputs_and_names_are_those_of_the_workflows() -> None:
    inputs = WORKFLOWS["promote"][True]["workflow_dispatch"]["inputs"]
    section = PAGE.partition("## A service's own CI promotes")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(inputs)
    text = "".join((ROOT / f".github/workflows/{name}.yaml").read_text() for name in WORKFLOWS)
    for name in set(re.findall(r"(?:secrets|vars)\.(\w+)", text)):
        assert f"`{name}`" in PAGE
    for environment in {
        job["environment"] for w in WORKFLOWS.values() for job in w["jobs"].values() if "environment" in job
    }:
        assert f"`{environment}`" in PAGE or environment.startswith("${{")
    assert f"{LIMIT:,} bytes" in PAGE


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
