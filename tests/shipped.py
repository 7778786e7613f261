"""The shipped spec in a repository of its own, for tests that change it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from generator.cli import main
from tests.test_cases import TODAY

ROOT = Path(__file__).parents[1]
FINE = 0


def lay_out_shipped(root: Path) -> None:
    """Make a repository of the shipped spec at an empty folder, rendered and committed."""
    shutil.copytree(ROOT / "environments", root / "environments")
    for chart in ("edge", "workload"):
        (root / f"argocd/charts/{chart}/1.0.0").mkdir(parents=True)
    shutil.copy(ROOT / ".gitignore", root / ".gitignore")
    shutil.copy(ROOT / ".gitattributes", root / ".gitattributes")
    assert main(["render", "--output", "github"], root, TODAY) == FINE
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message=base")


def git(root: Path, *words: str) -> str:
    who = ("-c", "user.name=test", "-c", "user.email=test@shop.example")
    run = subprocess.run(["git", "-C", str(root), *who, *words], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def files(root: Path) -> dict[str, bytes]:
    own = {".git", ".render"}
    return {
        str(f.relative_to(root)): f.read_bytes()
        for f in root.rglob("*")
        if f.is_file() and not own & {*f.parts}
    }


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {file for file in before.keys() | after.keys() if before.get(file) != after.get(file)}


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))
