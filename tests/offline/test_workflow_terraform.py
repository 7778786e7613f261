"""Terraform by GitHub's workflows: what is planned, whether GitHub guards it, what is applied."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.workflows.job import ROOT
from tests.workflows.scene import Scene

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workflows.job import Job, Ran

pytestmark = pytest.mark.offline
S3 = """\
  terraform:
    backend: s3
    bucket: techchallenge-states
    region: us-east-1
    account: "333333333333"
    version: """
GUARDED = {
    "deployment_branch_policy": {"protected_branches": True},
    "protection_rules": [{"type": "required_reviewers"}],
}

# Plays terraform: answers from a file, and writes down what it was asked.
PLAYED = """\
import json, os, pathlib, sys
folder = pathlib.Path(__file__).parent
state = json.loads((folder / "terraform.json").read_text())
words = [word for word in sys.argv[1:] if not word.startswith("-chdir=")]
with (folder / "terraform.log").open("a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
if words[0] == "plan":
    sys.exit(state["plan"] if "-detailed-exitcode" in words or state["plan"] == 1 else 0)
if words[0] == "show":
    print(json.dumps(state["changes"]) if "-json" in words else state["text"])
"""


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """The platform as it is with the S3 backend."""
    made = Scene(tmp_path)
    platform = (made.author.root / "environments/platform.yaml").read_text()
    head, _, rest = platform.partition("  terraform:\n")
    version = rest.partition("    version: ")[2].partition("\n")
    tail = version[2].partition("\n# Every environment starts")[2]
    made.write({"environments/platform.yaml": f"{head}{S3}{version[0]}\n\n# Every environment starts{tail}"})
    render = [sys.executable, "-m", "generator", "render"]
    subprocess.run(render, cwd=made.author.root, check=True, capture_output=True)
    made.push("main", "S3")
    made.clone()
    return made


def affected(scene: Scene, event: str, base: str) -> dict[str, list[str]]:
    ran = scene.job("terraform", "affected").run(
        {
            "github.event_name": event,
            "github.event.before": base if event == "push" else None,
            "github.event.pull_request.base.sha": base if event == "pull_request" else None,
        }
    )
    assert ran.passed, ran.out
    listed = json.loads(ran.steps[-1].outputs["environments"])
    return {entry["environment"]: list(json.loads(entry["runs"])) for entry in listed}


def test_what_a_change_touches_is_planned(scene: Scene) -> None:
    base = scene.at("main")
    scene.edit("environments/dev.yaml", "cidr: 10.10.0.0/16", "cidr: 10.11.0.0/16")
    subprocess.run(
        [sys.executable, "-m", "generator", "render"], cwd=scene.author.root, check=True, capture_output=True
    )
    scene.push("main")
    scene.clone()
    assert affected(scene, "push", base) == {"dev": ["platform", "database"]}
    assert affected(scene, "pull_request", base) == {"dev": ["platform"]}, "what reads secrets is left out"


def test_what_is_stale_is_not_planned(scene: Scene) -> None:
    base = scene.at("main")
    scene.edit("environments/dev.yaml", "cidr: 10.10.0.0/16", "cidr: 10.11.0.0/16")
    scene.push("main")
    scene.clone()
    context = {
        "github.event_name": "push",
        "github.event.before": base,
        "github.event.pull_request.base.sha": None,
    }
    ran = scene.job("terraform", "affected").run(context)
    assert not ran.passed
    assert "rendered/ is stale" in ran.out


def stack(
    scene: Scene,
    name: str,
    *,
    plan: int = 2,
    changes: Any = "one",
    environments: dict[str, Any] | None = None,
) -> Job:
    job = scene.job("terraform-stack", name)
    played = job.hub.folder / "terraform"
    played.write_text(f"#!{sys.executable}\n{PLAYED}")
    played.chmod(0o755)
    found = {
        "plan": plan,
        "changes": {"resource_changes": [changes], "timestamp": "now"},
        "text": "a plan ``` of it",
    }
    (job.hub.folder / "terraform.json").write_text(json.dumps(found))
    job.hub.set(
        pulls=[], comments=[], environments={"dev": GUARDED} if environments is None else environments
    )
    return job


def context(**more: Any) -> dict[str, Any]:
    run = {
        "environment": "dev",
        "stack": "platform",
        "working_directory": "terraform/stacks/platform",
        "var_file": "../../../rendered/dev/terraform/platform.tfvars.json",
        "auto_apply": False,
    }
    return {"inputs.run": json.dumps(run | more), "inputs.apply": True, "github.token": "githubs"}


def asked(job: Job) -> list[list[str]]:
    log = job.hub.folder / "terraform.log"
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


@pytest.fixture(autouse=True)
def _folder(scene: Scene) -> None:
    """The root that the stack's steps go into."""
    (scene.checkout / "terraform/stacks/platform").mkdir(parents=True)


def planned(scene: Scene, **more: Any) -> tuple[Ran, Job]:
    job = stack(scene, "plan", **more)
    return job.run(context()), job


def test_a_plan_is_shown_and_named_by_its_changes(scene: Scene) -> None:
    ran, job = planned(scene)
    assert ran.passed, ran.out
    outputs = ran.steps[-1].outputs
    assert outputs["changes"] == "true"
    assert len(outputs["digest"]) == 64
    assert ran.summary.startswith("### dev platform\n\n```text\na plan ` ` ` of it\n")
    plan = next(words for words in asked(job) if "plan" in words)
    assert "-lock=false" in plan
    assert "-var-file=../../../rendered/dev/terraform/platform.tfvars.json" in plan
    backend = json.loads((scene.checkout / "terraform/stacks/platform/backend_override.tf.json").read_text())
    assert backend["terraform"]["backend"]["s3"]["bucket"] == "techchallenge-states"
    again, _ = planned(scene, changes="another")
    assert again.steps[-1].outputs["digest"] != outputs["digest"]


@pytest.mark.parametrize(("code", "changes"), [(0, "false"), (2, "true"), (1, None)])
def test_a_plan_that_fails_is_no_plan_without_changes(scene: Scene, code: int, changes: str | None) -> None:
    ran, _ = planned(scene, plan=code)
    assert ran.passed is (changes is not None)
    assert ran.steps[-1].outputs.get("changes") == changes


@pytest.mark.parametrize(
    ("environments", "says"),
    [
        ({}, "GitHub lets any branch deploy to the environment dev"),
        ({"dev": {"deployment_branch_policy": None}}, "GitHub lets any branch deploy to the environment dev"),
        ({"dev": GUARDED | {"protection_rules": []}}, "GitHub asks none"),
    ],
)
def test_nothing_is_applied_that_github_does_not_guard(
    scene: Scene, environments: dict[str, Any], says: str
) -> None:
    job = stack(scene, "plan", environments=environments)
    ran = job.run(context())
    assert not ran.passed
    assert says in ran.out
    assert asked(job) == []
    assert job.run({**context(), "inputs.apply": False}).passed, "a plan alone needs no guard"


def test_what_applies_by_itself_asks_nobody(scene: Scene) -> None:
    job = stack(scene, "plan", environments={"dev": GUARDED | {"protection_rules": []}})
    assert job.run(context(auto_apply=True)).passed


def applied(scene: Scene, digest: str, **more: Any) -> tuple[Ran, list[list[str]]]:
    job = stack(scene, "apply", **more)
    (job.hub.folder / "terraform.log").unlink(missing_ok=True)
    known = {
        "needs.plan.outputs.digest": digest,
        "needs.plan.outputs.changes": "true",
    }
    assert job.wanted(context() | known)
    return job.run(context() | known), asked(job)


def test_exactly_what_was_shown_is_applied(scene: Scene) -> None:
    ran, _ = planned(scene)
    digest = ran.steps[-1].outputs["digest"]
    ran, words = applied(scene, digest)
    assert ran.passed, ran.out
    assert words[-1][1:] == ["apply", "-lock-timeout=10m", "approved.tfplan"]


@pytest.mark.parametrize("shown", ["", "0" * 64])
def test_what_differs_from_what_was_shown_is_not_applied(scene: Scene, shown: str) -> None:
    ran, words = applied(scene, shown)
    assert not ran.passed
    assert "Nothing was applied" in ran.out
    assert [w for w in words if "apply" in w] == []


def test_environments_with_packages_are_listed(scene: Scene) -> None:
    lambdas = ROOT / "terraform/modules/edge/lambda"
    target = scene.checkout / "terraform/modules/edge/lambda"
    target.mkdir(parents=True)
    for file in lambdas.glob("*.py"):
        (target / file.name).write_text(file.read_text())
    ran = scene.job("packages", "environments").run({})
    assert ran.passed, ran.out
    listed = json.loads(ran.steps[-1].outputs["list"])
    assert {entry["environment"] for entry in listed} == {"dev", "staging", "production"}


# Which steps run in tests as they are written.

ELSEWHERE = {
    ("checks", "checks"): "it runs all tests, so no test runs it",
    ("packages", "upload"): "it builds and uploads: terraform/modules/edge/lambda/tests, test_lambda_pins.py",
}


def test_every_job_with_a_shell_step_runs_in_a_test() -> None:
    from tests.offline.test_workflows import FILES  # noqa: PLC0415  (a list of the workflows)

    jobs = {
        (name, job)
        for name, workflow in FILES.items()
        for job, parts in workflow["jobs"].items()
        if any("run" in step for step in parts.get("steps", []))
    }
    text = "".join(file.read_text() for file in (ROOT / "tests/offline").glob("test_workflow_*.py"))
    run = {(n, j) for n, j in jobs if f'job("{n}", "{j}")' in text or f'stack(scene, "{j}"' in text}
    assert jobs - run == set(ELSEWHERE)
