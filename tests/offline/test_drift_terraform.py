"""What `drift` makes of the real terraform: a plan with changes, one without, and one that fails."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator import load, source
from generator.cli import drift_terraform
from tests.cluster import stage

if TYPE_CHECKING:
    from tests.terraform.runner import Terraform

pytestmark = pytest.mark.offline
ROOT = 'variable "value" {}\nresource "terraform_data" "one" { input = var.value }\n'


def test_plans(tmp_path: Path, terraform: Terraform, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "checkout"
    environment = stage.checkout(root, {}).environments[0]
    found = load.load(source.load(root), stage.TODAY).spec
    assert found
    # A root and a backend that need nothing from a network; all else is as it is.
    variables = {"value": "new"}
    monkeypatch.setattr(drift_terraform, "_access", lambda _environment: ("", {}))
    monkeypatch.setattr(drift_terraform, "backend", lambda *_: '{"terraform": {"backend": {"local": {}}}}\n')
    rendered = [(f"terraform/{stack}.tfvars.json", json.dumps(variables)) for stack in environment.stacks]
    monkeypatch.setattr(drift_terraform.terraform, "render", lambda _environment: rendered)
    monkeypatch.setenv(
        "PATH", str(Path(shutil.which("terraform") or terraform.binary).parent), prepend=os.pathsep
    )
    stacks = [root / "terraform" / "stacks" / stack for stack in environment.stacks]
    for folder in stacks:
        (folder / "main.tf").write_text(ROOT)
    (stacks[-1] / "main.tf").write_text("nonsense {}\n")

    first = list(drift_terraform.plans(root, environment))
    assert [plan.state for plan in first] == [*["changes"] * (len(stacks) - 1), "failed"]
    assert first[0].changes == ("terraform_data.one will be created",)
    assert first[0].text == "1 to add, 0 to change, 0 to destroy"
    assert "Unsupported block type" in first[-1].text
    assert [plan.code for plan in first] == [*[1] * (len(stacks) - 1), 3]

    data = stacks[0] / ".terraform" / environment.name
    subprocess.run(
        ["terraform", "apply", "-auto-approve", f"-var-file={data / 'drift.tfvars.json'}"],
        cwd=stacks[0],
        env=os.environ | {"TF_DATA_DIR": str(data)},
        check=True,
        capture_output=True,
    )
    assert next(drift_terraform.plans(root, environment)).state == "same"
