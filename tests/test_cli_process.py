"""The command line in processes of its own, in a checkout of its own: what no call of `main` can show."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.test_cases import files_below

if TYPE_CHECKING:
    from pathlib import Path

# Two machines that have nothing in common.
HERE = {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "America/Anchorage"}
THERE = {
    "PYTHONHASHSEED": "4242",
    "LC_ALL": "C",
    "PYTHONUTF8": "0",  # else Python does not believe that text is ASCII there
    "PYTHONCOERCECLOCALE": "0",
    "TZ": "Pacific/Kiritimati",
}


def check_out(repository: Path, root: Path) -> Path:
    """Copy what a render needs, with text beyond ASCII in the spec."""
    ignore = shutil.ignore_patterns("__pycache__")
    for folder in ("generator", "environments", "argocd"):
        shutil.copytree(repository / folder, root / folder, ignore=ignore)
    dev = root / "environments" / "dev.yaml"
    old = "description: "
    text = dev.read_text(encoding="utf-8")
    assert text.count(old) == 1
    dev.write_text(text.replace(old, f"{old}Größe 大 — "), encoding="utf-8")
    return root


@pytest.fixture
def checkout(repository: Path, tmp_path: Path) -> Path:
    return check_out(repository, tmp_path / "checkout")


def generator(
    root: Path, *arguments: str, machine: dict[str, str] = HERE, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the generator of a checkout; a file opened in the machine's own encoding is an error."""
    strict = ("-X", "warn_default_encoding", "-W", "error")
    return subprocess.run(
        [sys.executable, *strict, "-m", "generator", *arguments],
        cwd=folder or root,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(root), **machine},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_two_machines_render_the_same_bytes(repository: Path, tmp_path: Path) -> None:
    here, there = (check_out(repository, tmp_path / name) for name in ("here", "elsewhere/and/deeper"))
    first = generator(here, "render", machine=HERE)
    second = generator(there, "render", machine=THERE)
    assert first.returncode == 0, first.stderr
    assert (second.returncode, second.stdout) == (0, first.stdout), second.stderr
    rendered = files_below(here / "rendered")
    assert files_below(there / "rendered") == rendered
    assert "Größe 大".encode() in rendered["dev/README.md"]


def test_exit_codes_and_streams(checkout: Path) -> None:
    stale = generator(checkout, "check")
    assert stale.returncode == 1
    assert "run `make render`" in stale.stderr
    rendered = generator(checkout, "render")
    assert (rendered.returncode, rendered.stdout.count("Rendered dev, ")) == (0, 1), rendered.stderr
    current = generator(checkout, "check")
    assert (current.returncode, current.stdout.count("is current: dev, ")) == (0, 1), current.stderr
    wrong = generator(checkout, "check", "--env", "dve")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == 'error: there is no environment "dve"; did you mean "dev"?\n'
    nothing = generator(checkout)
    assert nothing.returncode == 2
    assert nothing.stderr.startswith("usage: python -m generator")


def test_the_checkout_is_rendered_wherever_the_command_is_run(checkout: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert generator(checkout, "render", "--env", "dev", folder=elsewhere).returncode == 0
    assert (checkout / "rendered" / "dev" / "README.md").exists()
    assert list(elsewhere.iterdir()) == []
