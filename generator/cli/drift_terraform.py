"""What Terraform would change in an environment: `terraform plan` as `make plan` runs it, without a lock."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.cli import clusters
from generator.cli.cluster_options import OTHER, SAME, UNASKED
from generator.render import terraform
from generator.render.backend import backend
from generator.status.text import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment

_NONE, _FAILED, _CHANGES = 0, 1, 2  # how terraform plan -detailed-exitcode ends
_CHANGE = re.compile(r"^  # (?P<change>\S.* (?:will be|must be) .*)$", re.MULTILINE)
_SUMMARY = re.compile(r"^Plan: .*$", re.MULTILINE)
_ERROR = re.compile(r"^\W*Error: (?P<error>.*)$", re.MULTILINE)
_SHOWN = 10
_TOKEN = "TF_TOKEN_app_terraform_io"  # noqa: S105  (the name of a variable)


class Plan(NamedTuple):
    """A stack's plan: `state` is same, changes, failed or left out; `text` sums it up."""

    environment: str
    stack: str
    state: str
    text: str
    changes: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        """What it means for the exit code: what was left out means nothing."""
        return {"changes": OTHER, "failed": UNASKED}.get(self.state, SAME)


def plans(root: Path, environment: Environment) -> Iterator[Plan]:
    """Plan the stacks one after the other; one plan that was left out, where it cannot be done."""
    missing, variables = _access(environment)
    if missing:
        yield Plan(environment.name, "", "left out", missing)
        return
    for stack in environment.stacks:
        clusters.notice(f"terraform plan of {environment.name}'s {stack}")
        plan = _plan(root, environment, stack, variables)
        clusters.quiet()
        yield plan


def lines(plan: Plan) -> list[str]:
    """Return a plan for people."""
    if plan.state == "left out":
        return wrapped(f"Terraform was left out: {plan.text}", "  ")
    first, *more = wrapped(f"Terraform {plan.stack}: {plan.text}", "  ")
    lines = [clusters.paint(first, "broken" if plan.code else "fine"), *more]
    lines += [f"    {change}" for change in plan.changes[:_SHOWN]]
    if len(plan.changes) > _SHOWN:
        lines.append(f"    ... and {len(plan.changes) - _SHOWN} more")
    if plan.state == "changes":
        lines.append(f"    look: make plan ENV={plan.environment} STACK={plan.stack}")
        lines.append(
            "    back: a new run of its workspace (docs/hcp.md), or "
            f"make apply ENV={plan.environment} STACK={plan.stack}"
        )
    return lines


def document(plan: Plan) -> dict[str, Any]:
    """Return a plan for machines."""
    return {
        "stack": plan.stack or None,
        "state": plan.state.replace(" ", "-"),
        "text": plan.text,
        "changes": list(plan.changes),
    }


def _access(environment: Environment) -> tuple[str, dict[str, str]]:
    """Say what a plan lacks on this machine, "" when nothing; and which variables terraform needs for it."""
    if shutil.which("terraform") is None:
        return "terraform is not on PATH", {}
    if environment.platform.terraform.backend == "hcp":
        from generator.hcp import credentials  # noqa: PLC0415  (only where there is HCP Terraform)
        from generator.hcp.trouble import Trouble  # noqa: PLC0415

        try:
            token = credentials.found(os.environ, Path.home())[0]
        except Trouble as trouble:
            return f"{trouble.message}. {' '.join(trouble.fix.splitlines())}", {}
        return "", {_TOKEN: token.value}  # of the variables that may hold it terraform reads only this one
    import boto3  # noqa: PLC0415  (half a second)

    if boto3.Session().get_credentials() is None:
        return "there are no AWS credentials. Run aws sso login.", {}
    return "", {}


def _plan(root: Path, environment: Environment, stack: str, access: dict[str, str]) -> Plan:
    folder = root / "terraform" / "stacks" / stack
    (folder / "backend_override.tf.json").write_text(f"{backend(environment, stack).rstrip()}\n")
    data = folder / ".terraform" / environment.name
    data.mkdir(parents=True, exist_ok=True)
    variables = data / "drift.tfvars.json"  # what the spec renders, whatever rendered/ has
    variables.write_text(dict(terraform.render(environment))[f"terraform/{stack}.tfvars.json"])
    settings = {"TF_DATA_DIR": str(data), "TF_IN_AUTOMATION": "1", **access}
    init = _run(folder, settings, "init", "-reconfigure", "-input=false", "-lockfile=readonly")
    if init.returncode:
        return _failed(environment, stack, init)
    options = ("-detailed-exitcode", "-lock=false", "-input=false", f"-var-file={variables}")
    plan = _run(folder, settings, "plan", *options)
    if plan.returncode == _NONE:
        return Plan(environment.name, stack, "same", "nothing to change")
    if plan.returncode != _CHANGES:
        return _failed(environment, stack, plan)
    changes = tuple(found["change"] for found in _CHANGE.finditer(plan.stdout))
    summary = _SUMMARY.search(plan.stdout)
    text = summary[0].removeprefix("Plan: ").rstrip(".") if summary else "outputs change"
    return Plan(environment.name, stack, "changes", text, changes)


def _failed(environment: Environment, stack: str, ended: subprocess.CompletedProcess[str]) -> Plan:
    said = f"{ended.stderr}\n{ended.stdout}"
    errors = _ERROR.findall(said)  # the first may only say that there are others
    why = errors[-1] if errors else f"exit code {ended.returncode}"
    text = f"could not be planned: {why}; make plan ENV={environment.name} STACK={stack} says more"
    return Plan(environment.name, stack, "failed", text)


def _run(folder: Path, settings: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  (arguments are ours; no shell)
        ["terraform", command[0], "-no-color", *command[1:]],  # noqa: S607  (the person's own terraform)
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
