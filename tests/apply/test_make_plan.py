"""`make plan` as a person runs it, in a copy of this repository that keeps its state in a bucket."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.terraform import packages
from tests.terraform.emulator.process import running
from tests.terraform.runner import STRIPPED, TERRAFORM

if TYPE_CHECKING:
    from tests.terraform.runner import Terraform

pytestmark = pytest.mark.apply

ROOT = pathlib.Path(__file__).parents[2]
ENVIRONMENT, BUCKET, STATE = "dev", "shop-state", "dev/platform.tfstate"
RETENTION = 14  # days, other than rendered/ has


def repository(folder: pathlib.Path) -> pathlib.Path:
    """Copy what `make plan` works on, with the S3 backend instead of HCP Terraform."""
    for name in ("environments", "rendered", "generator", "argocd", "requirements"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(TERRAFORM, folder / "terraform", ignore=shutil.ignore_patterns(".terraform"))
    shutil.copy(ROOT / "Makefile", folder)
    (folder / ".venv").symlink_to(ROOT / ".venv")  # set up, and newer than the locks that were just copied
    platform = folder / "environments" / "platform.yaml"
    lines = platform.read_text(encoding="utf-8").splitlines()
    [backend] = [line for line in lines if line.startswith("    backend: hcp")]
    lines[lines.index(backend)] = (
        f'    backend: s3\n    bucket: {BUCKET}\n    region: us-east-1\n    account: "111111111111"'
    )
    hcp = ("    organization: techchallenge", "    notify:", "    teams:")  # what only HCP Terraform has
    kept = [line for line in lines if not line.startswith(hcp)]
    platform.write_text("\n".join([*kept, ""]), encoding="utf-8")
    with (folder / "environments" / f"{ENVIRONMENT}.yaml").open("a", encoding="utf-8") as environment:
        environment.write(f"\nlogs: {{retentionDays: {RETENTION}}}\n")
    return folder


def test_a_plan_from_here_takes_the_rendered_variables_and_locks_the_state(
    terraform: Terraform, tmp_path: pathlib.Path
) -> None:
    root = repository(tmp_path)
    variables = json.loads(
        (root / "rendered" / ENVIRONMENT / "terraform" / "platform.tfvars.json").read_text()
    )
    with running(variables["account_id"]) as aws:
        region = variables["region"]
        aws.client("s3", region).create_bucket(Bucket=BUCKET)
        zone = variables["ingress"]["domain"]
        aws.client("route53", region).create_hosted_zone(Name=zone, CallerReference=zone)
        packages.pretend(aws, variables)
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(STRIPPED)},
            **aws.variables(),
            "PATH": f"{terraform.binary.parent}:{os.environ['PATH']}",
            "TF_CLI_CONFIG_FILE": os.devnull,
            "TF_CLI_ARGS_init": " ".join(f"-plugin-dir={folder}" for folder in terraform.plugins),
            "TF_CLI_ARGS_plan": "-no-color",
        }

        def make(*arguments: str) -> subprocess.CompletedProcess[str]:
            command = ["make", "-o", ".venv/.run.stamp", *arguments]  # nothing to install here
            return subprocess.run(
                command, cwd=root, env=environment, capture_output=True, text=True, check=False
            )

        stale = make("plan", f"ENV={ENVIRONMENT}", "STACK=platform")
        assert stale.returncode != 0, "the spec changed, and rendered/ did not"
        assert "run `make render`" in stale.stderr
        assert make("render", "FORCE=1").returncode == 0, (
            "without Git nothing says that it rendered these files"
        )
        planned = make("plan", f"ENV={ENVIRONMENT}", "STACK=platform")
        assert planned.returncode == 0, planned.stderr
        assert f"= {RETENTION}\n" in planned.stdout
        calls = [(c.action, c.parameters.get("Key", "")) for c in aws.calls() if c.service == "s3"]
        assert ("HeadObject", STATE) in calls
        assert any(key == f"{STATE}.tflock" for _, key in calls), "two people must not apply at once"
