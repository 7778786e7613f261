"""What keeps GitHub's workflows narrow: no floating action, no stranger's text in a shell, few rights."""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.offline

FOLDER = pathlib.Path(__file__).parents[2] / ".github" / "workflows"
FILES = {
    file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.yaml"))
}
TERRAFORM = ["terraform", "terraform-environment", "terraform-stack"]
WORKFLOWS = pytest.mark.parametrize("name", FILES)
OURS = pytest.mark.parametrize("name", TERRAFORM)


def steps(name: str) -> Iterator[dict[str, Any]]:
    for job in FILES[name]["jobs"].values():
        yield from job.get("steps", [])


def test_there_are_workflows() -> None:
    assert set(TERRAFORM) <= set(FILES)


@WORKFLOWS
def test_actions_are_pinned_by_commit(name: str) -> None:
    used = [step["uses"] for step in steps(name) if "uses" in step]
    used += [job["uses"] for job in FILES[name]["jobs"].values() if "uses" in job]
    floating = [
        u for u in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}|\./\.github/workflows/[\w-]+\.yaml", u)
    ]
    assert floating == []


@WORKFLOWS
def test_no_expression_is_pasted_into_a_shell(name: str) -> None:
    """What somebody calls a branch becomes a command: values go through `env`."""
    assert [step["run"] for step in steps(name) if "${{" in step.get("run", "")] == []


@WORKFLOWS
def test_a_checkout_leaves_no_token_behind(name: str) -> None:
    checkouts = [step for step in steps(name) if step.get("uses", "").startswith("actions/checkout@")]
    assert [step for step in checkouts if step["with"]["persist-credentials"]] == []


WRITES = {"changes": {"pull-requests"}}
"""Who else may write; the App's token (below) is what pushes."""


@WORKFLOWS
def test_nothing_writes_to_the_repository(name: str) -> None:
    workflow = FILES[name]
    given = [workflow["permissions"], *(job.get("permissions", {}) for job in workflow["jobs"].values())]
    writes = {scope for scopes in given for scope, level in scopes.items() if level == "write"}
    assert writes <= {"id-token"} | WRITES.get(name, set())
    assert "write" not in workflow["permissions"].values(), "a right to write is one job's"


@WORKFLOWS
def test_pull_requests_of_strangers_never_run_with_our_rights(name: str) -> None:
    triggers = FILES[name][True]  # YAML 1.1 reads `on` as true
    assert "pull_request_target" not in triggers
    if "workflow_run" in triggers:
        assert FILES[name]["permissions"] == {}
        checkouts = [step for step in steps(name) if step.get("uses", "").startswith("actions/checkout@")]
        assert checkouts
        assert [step for step in checkouts if {"ref", "repository", "path"} & set(step["with"])] == [], (
            "what is checked out is what runs: main, and nothing else"
        )


@WORKFLOWS
def test_the_apps_key_is_mains_and_its_token_as_narrow_as_it_goes(name: str) -> None:
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    assert "secrets: inherit" not in text
    makers = 0
    for job in FILES[name]["jobs"].values():
        token = ""
        for step in job.get("steps", []):
            if step.get("uses", "").startswith("actions/create-github-app-token@"):
                makers += 1
                assert job["environment"] == "automation", "only there is the key, and only for main"
                assert {k: v for k, v in step["with"].items() if not k.startswith("permission-")} == {
                    "client-id": "${{ vars.AUTOMATION_CLIENT_ID }}",
                    "private-key": "${{ secrets.AUTOMATION_PRIVATE_KEY }}",
                }
                rights = {k for k in step["with"] if k.startswith("permission-")}
                assert rights
                assert rights <= {"permission-contents", "permission-pull-requests"}
                token = step["id"]
            used = [v for v in step.get("env", {}).values() if "outputs.token" in str(v)]
            assert not used or token, "a token is made where it is needed, not before"
    assert text.count("secrets.") == makers, "no other secret, and nowhere else"


@WORKFLOWS
def test_every_job_ends_and_says_what_it_may(name: str) -> None:
    assert "permissions" in FILES[name]
    for job in FILES[name]["jobs"].values():
        assert "uses" in job or job["timeout-minutes"] <= 240
        if FILES[name]["permissions"] == {}:
            assert job["permissions"], "and not what GitHub gives without a word"


@WORKFLOWS
def test_a_person_can_read_which_version_a_commit_is(name: str) -> None:
    lines = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if re.search(r"uses: [\w-]+/", line)]
    assert [line for line in pinned if not re.search(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)] == []


def test_an_action_is_the_same_everywhere() -> None:
    used = {step["uses"] for name in FILES for step in steps(name) if "uses" in step}
    names = [action.partition("@")[0] for action in used]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("command", [["jactionlint", "--strict-exit"], ["zizmor", "--offline", "--quiet"]])
def test_the_linters_find_nothing(command: list[str]) -> None:
    run = lint(command, *sorted(FOLDER.glob("*.yaml")))
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    ("mistake", "command"),
    [
        ("run: echo ${{ github.event.pull_request.title }}", ["zizmor", "--offline", "--quiet"]),
        ("uses: actions/checkout@v5", ["zizmor", "--offline", "--quiet"]),
        ("run: echo ${{ steps.nothing.outputs.x }}", ["jactionlint", "--strict-exit"]),
        ("run: cat $file # of nobody", ["jactionlint", "--strict-exit"]),
    ],
)
def test_the_linters_find_mistakes(mistake: str, command: list[str], tmp_path: pathlib.Path) -> None:
    file = tmp_path / ".github" / "workflows" / "wrong.yaml"
    file.parent.mkdir(parents=True)
    text = (FOLDER / "checks.yaml").read_text(encoding="utf-8")
    file.write_text(f"{text}      - {mistake}\n")
    assert lint(command, file).returncode != 0


def lint(command: list[str], *files: pathlib.Path) -> subprocess.CompletedProcess[str]:
    """Run a linter of the virtual environment, which finds shellcheck there."""
    found = pathlib.Path(sys.executable).parent
    return subprocess.run(
        [str(found / command[0]), *command[1:], *map(str, files)],
        env={**os.environ, "PATH": f"{found}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@OURS
def test_pipes_fail_as_a_whole(name: str) -> None:
    assert not any("run" in step for step in steps(name)) or FILES[name]["defaults"]["run"]["shell"] == "bash"


def test_forks_and_dependabot_are_not_planned() -> None:
    condition = FILES["terraform"]["jobs"]["affected"]["if"]
    assert "head.repo.full_name == github.repository" in condition
    assert "!= 'dependabot[bot]'" in condition


def test_an_apply_is_approved_and_never_cut_off() -> None:
    plan, apply = (FILES["terraform-stack"]["jobs"][job] for job in ("plan", "apply"))
    assert apply["environment"] == "${{ fromJSON(inputs.run).environment }}"
    assert "environment" not in plan, "its token would be one that applies"
    assert apply["if"].startswith("inputs.apply && ")
    assert apply["concurrency"]["cancel-in-progress"] is False
    assert {"environment", "stack"} <= {*re.findall(r"inputs\.run\)\.(\w+)", apply["concurrency"]["group"])}
    roles = [
        s["with"]["role-to-assume"] for s in steps("terraform-stack") if "role-to-assume" in s.get("with", {})
    ]
    assert roles == [f"${{{{ fromJSON(inputs.run).{phase}_role_arn }}}}" for phase in ("plan", "apply")]


def test_a_stack_waits_for_those_before_it() -> None:
    jobs = FILES["terraform-environment"]["jobs"]
    assert list(jobs) == ["packages", "platform", "database"]
    assert jobs["platform"]["needs"] == "packages"
    assert jobs["database"]["needs"] == ["packages", "platform"]


def test_no_plan_leaves_its_machine() -> None:
    """A plan's file has the state and all variables in clear."""
    assert [s for name in TERRAFORM for s in steps(name) if "artifact" in s.get("uses", "")] == []


RUNS = {
    "runs": [
        {"environment": "dev", "stack": "platform", "plan_role_arn": "arn"},
        {"environment": "dev", "stack": "database", "plan_role_arn": "arn"},
        {"environment": "live", "stack": "database", "plan_role_arn": "arn"},
    ]
}


def program() -> str:
    (run,) = [step["run"] for step in steps("terraform") if step.get("id") == "list"]
    found = re.search(r"--arg event \"\$EVENT\" '(.*?)'\)", run, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("push", {"dev": ["platform", "database"], "live": ["database"]}),
        ("pull_request", {"dev": ["platform"]}),
    ],
)
def test_a_pull_request_does_not_plan_what_reads_secrets(event: str, expected: dict[str, list[str]]) -> None:
    jq = shutil.which("jq")
    if jq is None:
        pytest.skip("jq is missing: apt-get install jq")
    command = [jq, "--compact-output", "--arg", "event", event, program()]
    done = subprocess.run(command, input=json.dumps(RUNS), capture_output=True, text=True, check=True)
    environments = json.loads(done.stdout)
    assert {e["environment"]: [*json.loads(e["runs"])] for e in environments} == expected
    platform = json.loads(environments[0]["runs"])["platform"]
    assert platform == RUNS["runs"][0]
