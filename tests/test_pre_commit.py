"""The hooks of .pre-commit-config.yaml, run by pre-commit itself, and the hook of Git alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.prefix) / "bin"


def run(clone: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a person in the clone, with nobody's configuration of Git."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PRE_COMMIT", "SKIP"))}
    environment |= {
        "HOME": str(clone.parent),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{f"GIT_{who}_NAME": "Somebody" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "somebody@example.com" for who in ("AUTHOR", "COMMITTER")},
    }
    return subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The work tree as it is, committed in a repository of its own, with what `make` sets up."""
    folder = tmp_path / "clone"
    files = subprocess.run(
        ["git", "ls-files", "-z", "-c", "-o", "--exclude-standard", "--", ":!terraform", ":!tests"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in files.stdout.split("\0")[:-1]:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    for name in (folder / "requirements").iterdir():
        os.utime(name, (0, 0))  # older than the stamps in the virtual environment: nothing to install
    (folder / ".venv").symlink_to(sys.prefix)
    assert run(folder, "make", "render").returncode == 0
    assert run(folder, "git", "init", "--quiet").returncode == 0
    (folder / ".git/info/exclude").write_text("/.venv\n")
    assert run(folder, "git", "add", "--all").returncode == 0
    assert run(folder, "git", "commit", "--quiet", "--message", "Begin").returncode == 0
    return folder


def edit(clone: Path) -> str:
    """Change a value of the spec, stage it, and return the spec's file."""
    file = clone / "environments/dev.yaml"
    text = file.read_text()
    file.write_text(re.sub(r"max: \d+", "max: 9", text, count=1))
    assert file.read_text() != text
    assert run(clone, "git", "add", "environments").returncode == 0
    return "environments/dev.yaml"


def committed(clone: Path) -> bool:
    tried = run(clone, "git", "commit", "--message", "Change")
    if tried.returncode:
        assert "rendered/ is stale in" in tried.stdout + tried.stderr
        assert "run `make render`" in tried.stdout + tried.stderr
    return tried.returncode == 0


def plain_hook() -> str:
    """The command that CONTRIBUTING gives to those without pre-commit."""
    return re.search(r"`(printf [^`]+)`", (ROOT / "CONTRIBUTING.md").read_text())[1]  # type: ignore[index]


@pytest.mark.parametrize("install", ["pre-commit install", plain_hook()])
def test_a_commit_with_stale_files_is_refused(install: str, clone: Path) -> None:
    assert run(clone, "sh", "-c", install).returncode == 0
    edit(clone)
    assert not committed(clone)
    assert run(clone, "make", "render").returncode == 0
    assert run(clone, "git", "add", "rendered").returncode == 0
    assert committed(clone)


def test_pre_commit_judges_what_is_committed_not_what_lies_around(clone: Path) -> None:
    """The rendered files are there, but not staged: the commit would be stale."""
    assert run(clone, "pre-commit", "install").returncode == 0
    edit(clone)
    assert run(clone, "make", "render").returncode == 0
    assert not committed(clone)


def test_the_hook_runs_only_for_what_it_judges(clone: Path) -> None:
    assert run(clone, "pre-commit", "validate-config").returncode == 0
    (clone / "docs/notes.md").write_text("notes\n")
    assert run(clone, "git", "add", "docs").returncode == 0
    said = run(clone, "pre-commit", "run").stdout
    assert said.count("(no files to check)Skipped") == 2
    for path in (edit(clone), "rendered/dev/README.md", "generator/load.py", "argocd/charts/edge/x.yaml"):
        outcome = run(clone, "pre-commit", "run", "check", "--files", path)
        skipped = "Skipped" in outcome.stdout
        assert skipped == (not (clone / path).exists()), outcome.stdout
        assert outcome.returncode == (0 if skipped else 1)


def test_python_is_linted(clone: Path) -> None:
    (clone / "generator/load.py").write_text("import  os\n")
    outcome = run(clone, "pre-commit", "run", "lint", "--files", "generator/load.py")
    assert outcome.returncode == 1
    assert "F401" in outcome.stdout
    assert "Passed" not in outcome.stdout
