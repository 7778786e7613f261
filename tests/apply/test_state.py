"""States in S3: the bucket that the stack `state` makes, and what its lock does when two apply at once."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from generator import load, source
from generator.render import environment as rendered
from generator.render.backend import backend
from generator.render.state import render as render_state
from tests.apply.iam_policies import Request, allows
from tests.apply.iam_requests import Account, requests
from tests.terraform import runner
from tests.terraform.deployment import Deployment
from tests.terraform.emulator.process import running
from tests.terraform.runner import FailedError
from tests.test_cases import CASES, TODAY, lay_out

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from generator.model import Environment
    from tests.terraform.emulator.process import Emulator
    from tests.terraform.runner import Terraform

pytestmark = pytest.mark.apply

STACK = "platform"
KEPT = 90  # days
PATIENCE = 60  # seconds that a test waits for another process

# Holds its apply up until somebody lets it go, without any provider.
WAITS = """
variable "content" {
  type = string
}

variable "wait" {
  type    = bool
  default = false
}

resource "terraform_data" "this" {
  input            = var.content
  triggers_replace = var.content

  provisioner "local-exec" {
    command = var.wait ? "touch started; until [ -e go ]; do sleep 0.1; done" : "true"
  }
}

output "content" {
  value = terraform_data.this.output
}
"""


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> list[Environment]:
    """The environments of a spec that keeps states in S3."""
    root = tmp_path_factory.mktemp("spec")
    lay_out(root, CASES / "valid" / "s3")
    loaded = load.load(source.load(root), TODAY)
    assert loaded.spec, loaded.problems
    return list(loaded.spec.environments)


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The rendered variables of the stack."""
    root = tmp_path_factory.mktemp("values")
    lay_out(root, CASES / "valid" / "s3")
    loaded = load.load(source.load(root), TODAY)
    assert loaded.spec, loaded.problems
    ((_, text),) = render_state(loaded.spec)
    found: dict[str, Any] = json.loads(text)
    return found


# --- The bucket ---


@dataclass(kw_only=True)
class Stack:
    """The stack on the emulator, and what it said later."""

    emulator: Emulator
    deployment: Deployment
    policy: list[dict[str, Any]]

    def client(self) -> Any:
        return self.emulator.client("s3", self.deployment.values["region"])


@pytest.fixture(scope="module")
def stack(
    terraform: Terraform, values: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    root = runner.copy(tmp_path_factory.mktemp("state")) / "stacks" / "state"
    terraform.init(root)
    with running(values["account_id"]) as emulator:
        deployment = Deployment(terraform=terraform, emulator=emulator, root=root)
        deployment.plan(values)
        deployment.apply()
        s3 = emulator.client("s3", values["region"])
        policy = json.loads(s3.get_bucket_policy(Bucket=values["bucket"])["Policy"])
        assert deployment.plan(values) == []
        # The emulator looks at no condition of a bucket's policy: for it, this one denies everything.
        s3.delete_bucket_policy(Bucket=values["bucket"])
        yield Stack(emulator=emulator, deployment=deployment, policy=policy["Statement"])


def test_the_bucket_is_closed_and_keeps_versions(stack: Stack, values: dict[str, Any]) -> None:
    s3, bucket = stack.client(), values["bucket"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] == KEPT
    assert "Days" not in rule["Expiration"]


def test_the_bucket_does_not_go(stack: Stack) -> None:
    with pytest.raises(FailedError, match="cannot be destroyed"):
        stack.deployment.destroy()


# --- The lock ---


@dataclass(kw_only=True)
class Person:
    """Somebody with a checkout of a small root whose state is in the bucket."""

    terraform: Terraform
    emulator: Emulator
    folder: pathlib.Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.terraform.attempt(self.folder, *arguments, variables=self.emulator.variables())

    def apply(self, content: str) -> subprocess.CompletedProcess[str]:
        return self.run("apply", "-auto-approve", "-no-color", f"-var=content={content}")

    @contextlib.contextmanager
    def applying(self, content: str) -> Iterator[subprocess.Popen[str]]:
        """Have an apply under way that holds the lock, until `go`."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(runner.STRIPPED)}
        with subprocess.Popen(
            [self.terraform.binary, "apply", "-auto-approve", f"-var=content={content}", "-var=wait=true"],
            cwd=self.folder,
            env={**kept, **runner.SETTINGS, **self.emulator.variables()},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # to be killed with all that it started
        ) as process:
            try:
                end = time.monotonic() + PATIENCE
                while not (self.folder / "started").exists():
                    assert time.monotonic() < end, "the apply did not start"
                    assert process.poll() is None, process.communicate()[0]
                    time.sleep(0.05)
                yield process
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)

    def go(self) -> None:
        (self.folder / "go").touch()

    def content(self) -> str:
        found: str = json.loads(self.run("output", "-json").stdout)["content"]["value"]
        return found


@pytest.fixture
def people(
    terraform: Terraform, stack: Stack, spec: list[Environment], tmp_path: pathlib.Path
) -> list[Person]:
    """Two people with the same root, one state, and the backend that `make plan` writes."""
    s3, bucket = stack.client(), stack.deployment.values["bucket"]
    for name in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        s3.delete_object(Bucket=bucket, Key=name["Key"])
    both = [
        Person(terraform=terraform, emulator=stack.emulator, folder=tmp_path / name)
        for name in ("maria", "joao")
    ]
    for person in both:
        person.folder.mkdir()
        (person.folder / "main.tf").write_text(WAITS, encoding="utf-8")
        (person.folder / "backend_override.tf.json").write_text(backend(spec[0], STACK), encoding="utf-8")
        done = person.run("init", "-no-color")
        assert done.returncode == 0, done.stderr
    return both


def test_the_second_of_two_applies_is_refused_and_nothing_is_lost(people: list[Person]) -> None:
    maria, joao = people
    with maria.applying("maria's") as first:
        second = joao.apply("joao's")
        assert second.returncode != 0
        assert "Error acquiring the state lock" in second.stderr
        assert "PreconditionFailed" in second.stderr
        maria.go()
        assert first.wait(PATIENCE) == 0
    assert joao.content() == maria.content() == "maria's"
    third = joao.apply("joao's")
    assert third.returncode == 0, third.stderr
    assert maria.content() == "joao's"


def test_who_was_killed_leaves_a_lock_that_is_forced_open(
    people: list[Person], stack: Stack, spec: list[Environment]
) -> None:
    maria, joao = people
    assert maria.apply("before").returncode == 0
    with maria.applying("killed") as process:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)
    refused = joao.apply("after")
    found = re.search(r"ID: +([0-9a-f-]{36})", refused.stderr)
    assert refused.returncode != 0
    assert found, refused.stderr
    key = spec[0].state_key(STACK)
    keys = [
        o["Key"] for o in stack.client().list_objects_v2(Bucket=stack.deployment.values["bucket"])["Contents"]
    ]
    assert sorted(keys) == [key, f"{key}.tflock"]
    assert joao.run("force-unlock", "-force", found[1]).returncode == 0
    applied = joao.apply("after")
    assert applied.returncode == 0, applied.stderr
    assert maria.content() == "after"


def test_a_plan_that_takes_no_lock_is_not_held_up(people: list[Person]) -> None:
    maria, joao = people
    with maria.applying("maria's") as first:
        planned = joao.run("plan", "-lock=false", "-no-color", "-var=content=joao's")
        assert planned.returncode == 0, planned.stderr
        maria.go()
        assert first.wait(PATIENCE) == 0


def test_a_plan_that_was_overtaken_is_not_applied(people: list[Person]) -> None:
    """What was shown and approved is what is applied, or nothing."""
    maria, joao = people
    assert joao.run("plan", "-lock=false", "-out=shown", "-var=content=joao's").returncode == 0
    assert maria.apply("maria's").returncode == 0
    stale = joao.run("apply", "-no-color", "shown")
    assert stale.returncode != 0
    assert "Saved plan is stale" in stale.stderr
    assert maria.content() == "maria's"


# --- Who may ---


def test_each_role_may_do_what_its_runs_did_with_the_state_and_no_other_role(
    people: list[Person], stack: Stack, spec: list[Environment]
) -> None:
    dev, live = spec[:2]
    account = Account(dev.account, dev.region, dev.name, dev.domain)
    maria = people[0]

    def asked(*arguments: str) -> list[Request]:
        before = len(stack.emulator.calls())
        done = maria.run(*arguments, "-no-color", "-var=content=x")
        assert done.returncode == 0, done.stderr
        calls = [call for call in stack.emulator.calls()[before:] if call.service == "s3"]
        assert calls
        return [request for call in calls for request in requests(call, account)]

    planned, applied = asked("plan", "-lock=false"), asked("apply", "-auto-approve")

    def may(environment: Environment, phase: str, request: Request) -> bool:
        arn = environment.role_arn(environment.run_role(STACK, phase).name)
        account_arn = f"arn:aws:iam::{environment.account}:root"
        statements = [s for s in stack.policy if account_arn in _principals(s)]
        return allows(statements, replace(request, context={"aws:PrincipalArn": arn}))

    assert [str(r) for r in planned if not may(dev, "plan", r)] == []
    assert [str(r) for r in applied if not may(dev, "apply", r)] == []
    writes = [r for r in applied if r.action in ("s3:PutObject", "s3:DeleteObject")]
    assert {r.resource.rpartition(".")[2] for r in writes} == {"tfstate", "tflock"}
    assert [str(r) for r in writes if may(dev, "plan", r)] == []
    objects = [r for r in applied if "/" in r.resource]
    for phase in ("plan", "apply"):
        assert [str(r) for r in objects if may(live, phase, r)] == []


def test_people_reach_the_states_of_the_account_that_they_are_in(
    stack: Stack, spec: list[Environment], values: dict[str, Any]
) -> None:
    """The stack `access` is applied with an account's own credentials; the bucket is another account's."""
    dev, live = spec[:2]
    assert values["account_id"] not in {dev.account, live.account}
    bucket = f"arn:aws:s3:::{values['bucket']}"

    def may(role: str, action: str, key: str) -> bool:
        root = f"arn:aws:iam::{dev.account}:root"
        statements = [s for s in stack.policy if root in _principals(s)]
        context = {"aws:PrincipalArn": f"arn:aws:iam::{dev.account}:role/{role}"}
        return allows(statements, Request(action=f"s3:{action}", resource=bucket + key, context=context))

    person, state = "aws-reserved/sso.amazonaws.com/AWSReservedSSO_admin_0123", f"/{dev.state_key('access')}"
    needed = [("ListBucket", ""), ("GetObject", state), ("PutObject", state)]
    needed += [(f"{verb}Object", f"{state}.tflock") for verb in ("Get", "Put", "Delete")]
    assert [n for n in needed if not may(person, *n)] == []
    assert [verb for verb in ("DeleteObject", "DeleteObjectVersion") if may(person, verb, state)] == []
    assert not may(person, "GetObject", f"/{live.state_key('access')}")
    ours = [dev.run_role("platform", "apply").name, f"{dev.prefix}-nodes"]
    assert [role for role in ours if may(role, "PutObject", state)] == []


def test_the_roles_are_those_of_the_environments(values: dict[str, Any], spec: list[Environment]) -> None:
    """Two files of `rendered/` that must name the same: a role that the bucket knows is one that is made."""
    made = set()
    for environment in spec:
        files = dict(rendered(environment))
        access = json.loads(files[f"{environment.name}/terraform/access.tfvars.json"])["access"]
        for stack, phases in access["roles"].items():
            names = {phase: environment.role_arn(role["name"]) for phase, role in phases.items()}
            assert values["keys"][access["state"]["keys"][stack]] == names
            made |= set(names.values())
    assert made == {arn for roles in values["keys"].values() for arn in roles.values()}


def _principals(statement: dict[str, Any]) -> list[str]:
    if statement["Effect"] == "Deny":
        return []
    found = statement["Principal"]["AWS"]
    return found if isinstance(found, list) else [found]
