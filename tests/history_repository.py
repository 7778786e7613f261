"""A Git repository whose commits a test dictates: what they change, and when."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
_WHO = ("user.name=Ana", "user.email=ana@shop.example", "commit.gpgSign=false", "core.hooksPath=/dev/null")


class Repository:
    """Commits come an hour after each other, the first at START."""

    def __init__(self, root: Path) -> None:
        root.mkdir(exist_ok=True)
        self.root, self.number = root, 0
        self.git("init", "--quiet", "--initial-branch=main")

    @property
    def now(self) -> datetime:
        return START + timedelta(hours=self.number)

    def git(self, *command: str, code: int = 0) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment |= {
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_COMMITTER_DATE": self.now.isoformat(),
            "GIT_AUTHOR_DATE": (self.now - timedelta(days=30)).isoformat(),  # as after a rebase
        }
        settings = [word for setting in _WHO for word in ("-c", setting)]
        run = subprocess.run(
            ["git", "-C", os.fspath(self.root), *settings, *command],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )
        assert run.returncode == code, run.stdout + run.stderr
        return run.stdout.strip()

    def write(self, files: Mapping[str, str | None]) -> None:
        """Write files below environments/; None removes one."""
        for name, text in files.items():
            file = self.root / "environments" / name
            file.parent.mkdir(exist_ok=True)
            if text is None:
                file.unlink()
            else:
                file.write_text(text, encoding="utf-8")

    def commit(self, subject: str = "change", files: Mapping[str, str | None] | None = None) -> str:
        """Commit all that is there; return the commit's name."""
        self.write(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--allow-empty-message", "--message", subject)
        self.number += 1
        return self.git("rev-parse", "HEAD")


def pins(**workloads: str) -> str:
    """The text of an environment's file that has these versions, and enough else to be known again."""
    lines = "".join(f"    {name}: {version}\n" for name, version in workloads.items())
    about = "".join(f"tag{i}: a line that stays as it is\n" for i in range(12))
    return f"{about}versions:\n  workloads:\n{lines}"
