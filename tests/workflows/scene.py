"""The repository as the workflows find it: GitHub's copy of it, and the checkout of main on a machine."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.history_repository import Repository
from tests.workflows.job import REPOSITORY, ROOT, Job

if TYPE_CHECKING:
    from collections.abc import Mapping

_NEEDED = (
    *("Makefile", ".gitignore", ".gitattributes", ".github", "generator", "environments", "rendered"),
    *("requirements", "argocd/charts"),
)
OWNER = REPOSITORY.partition("/")[0]


@cache
def _main() -> Path:
    """A repository with what the workflows need of this one in its first commit; copied, never changed."""
    folder = Path(tempfile.mkdtemp(prefix="workflows-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    main = Repository(folder / "main")
    for name in _NEEDED:
        source, target = ROOT / name, main.root / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".render")
            shutil.copytree(source, target, ignore=ignored, symlinks=True)
        else:
            shutil.copy2(source, target)
    main.git("add", "--all")
    main.git("commit", "--quiet", "--message=main")
    return main.root


class Scene:
    """`origin` is GitHub's, `author` where somebody writes a pull request, `checkout` the machine's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(_main(), folder / "author")
        self.author = Repository(folder / "author")
        self.origin = folder / "origin.git"
        self.author.git("clone", "--quiet", "--bare", ".", str(self.origin))
        self.author.git("remote", "add", "origin", str(self.origin))
        self.author.git("fetch", "--quiet")
        self.checkout = folder / "checkout"
        self.clone()

    def clone(self) -> None:
        """Check main out again, as each run does."""
        shutil.rmtree(self.checkout, ignore_errors=True)
        subprocess.run(["git", "clone", "--quiet", str(self.origin), str(self.checkout)], check=True)
        (self.checkout / ".git/info/exclude").write_text("/.venv\n")
        # What make would set up is set up already, and older than no lock.
        (self.checkout / ".venv").symlink_to(ROOT / ".venv")
        for lock in (ROOT / "requirements").glob("*.txt"):
            shutil.copystat(lock, self.checkout / "requirements" / lock.name)

    def write(self, files: Mapping[str, str | None]) -> None:
        for name, text in files.items():
            file = self.author.root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                file.unlink()
            else:
                file.write_text(text)

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.author.root / name).read_text()
        assert old in text
        self.write({name: text.replace(old, new, 1)})

    def push(self, branch: str, message: str = "a change") -> str:
        """Commit what the author wrote, and push it as a branch; return the commit's name."""
        self.author.git("switch", "--quiet", "--force-create", branch)
        self.author.git("add", "--all")
        self.author.git("commit", "--quiet", f"--message={message}")
        self.author.git("push", "--quiet", "--force", "origin", branch)
        return self.author.git("rev-parse", "HEAD")

    def at(self, reference: str) -> str:
        """The commit of a branch as GitHub has it, "" when there is none."""
        run = subprocess.run(
            ["git", "-C", str(self.origin), "rev-parse", "--verify", "--quiet", f"refs/heads/{reference}"],
            capture_output=True,
            text=True,
            check=False,
        )
        return run.stdout.strip()

    def read(self, *command: str) -> str:
        """What Git says of GitHub's copy."""
        run = subprocess.run(
            ["git", "-C", str(self.origin), *command], capture_output=True, text=True, check=True
        )
        return run.stdout

    def job(self, workflow: str, name: str) -> Job:
        job = Job(workflow, name, self.checkout, self.folder / "machine")
        job.actions["actions/create-github-app-token"] = {"token": "the-apps"}
        return job


def pull(
    branch: str, commit: str, *, number: int = 7, author: str = "somebody", owner: str = OWNER
) -> dict[str, Any]:
    """A pull request, as far as the workflows look at it (GitHub REST API, "List pull requests")."""
    return {
        "number": number,
        "state": "open",
        "html_url": f"https://github.com/{REPOSITORY}/pull/{number}",
        "user": {"login": author},
        "base": {"ref": "main"},
        "head": {"ref": branch, "sha": commit, "user": {"login": owner}},
    }


def started_by(branch: str, commit: str, **more: Any) -> dict[str, Any]:
    """What a workflow knows that the checks of a commit have started."""
    run = "github.event.workflow_run"
    return {
        "github.token": "githubs",
        "github.repository": REPOSITORY,
        "github.event.repository.default_branch": "main",
        f"{run}.event": "pull_request",
        f"{run}.head_repository.full_name": REPOSITORY,
        f"{run}.head_repository.owner.login": OWNER,
        f"{run}.head_branch": branch,
        f"{run}.head_sha": commit,
        "vars.RENOVATE_LOGIN": None,
        **more,
    }
