"""The commands that `drift` prints, run by a real kubectl, bring back what the spec has."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from generator.cli import main
from tests.cluster import stage

pytestmark = pytest.mark.offline  # kubectl comes with `make tools`

KUBECTL = Path(__file__).parents[2] / ".tools" / "bin" / "kubectl"
SITUATIONS = Path(__file__).parent / "situations"
# Of the others only Argo CD itself can do what they ask for: it is not here.
NAMES = ["auto-sync", "values", "revision", "fence", "suspended", "unknown", "missing"]


@pytest.mark.parametrize("name", NAMES)
def test_back(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if not KUBECTL.exists():
        pytest.skip("kubectl is missing: run `make tools`")
    about = stage.described(SITUATIONS / f"drift-{name}")
    words = ["drift", "--env", "dev", "--no-terraform", "--output", "json"]
    with stage.staged(about, tmp_path) as here:
        monkeypatch.setenv("KUBECONFIG", str(here.kubeconfig))
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("PATH", str(KUBECTL.parent), prepend=os.pathsep)
        capsys.readouterr()
        assert main(words, here.root, stage.TODAY) == 1
        (found,) = json.loads(capsys.readouterr().out)["environments"]
        commands = [command for one in found["drifted"] for command in one["back"]]
        assert len(commands) == len(found["drifted"])
        for command in commands:
            done = subprocess.run(
                ["sh", "-c", command], cwd=here.root, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert main(words, here.root, stage.TODAY) == 0, capsys.readouterr().out
