"""Whether this checkout is what Argo CD will sync: it reads the branch, not these files."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from generator import render
from generator.bootstrap.step import Step
from generator.writer import Scope, compare

if TYPE_CHECKING:
    from generator.model import Environment

_SECONDS = 30.0
_SHOWN = 5


def rendered(root: Path, environment: Environment) -> Step:
    """Say whether `rendered/` of the environment is what the spec says."""
    name = environment.name
    difference = compare(root, render.environment(environment), Scope(frozenset({name})))
    if difference.current:
        return Step("ok", f"rendered/{name} is what environments/ says")
    paths = [*difference.added, *difference.changed, *difference.stale]
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    text = f"rendered/{name} is not what environments/ says: {', '.join(paths[:_SHOWN])}{more}"
    return Step("missing", text, "make render, and merge what it changed: Argo CD reads it from Git.")


def branch(root: Path, environment: Environment) -> Step:
    """Say whether the branch that Argo CD follows has what is here; being unable to ask stops nothing."""
    repository, folders = environment.platform.repository, (f"rendered/{environment.name}", "argocd")
    there = f"{repository.branch} of {repository.url}"
    tip, said = remote(root, repository.url, repository.revision)
    if not tip:
        return Step("warning", f"cannot look at {there}: {said}", "It only matters that it has what is here.")
    known = _git(root, "cat-file", "-e", f"{tip}^{{commit}}").returncode == 0
    if not known:
        fix = "git pull, so that what is installed here first is what Argo CD finds there."
        return Step("warning", f"{there} is at {tip[:8]}, which this checkout does not have", fix)
    same = _git(root, "diff", "--quiet", tip, "--", *folders).returncode == 0
    if same:
        return Step("ok", f"{there} has what is here ({tip[:8]})")
    fix = "Argo CD syncs what is there, not this checkout: merge it first, or `git switch` to that branch."
    return Step("warning", f"{there} has something else in {' or '.join(folders)}", fix)


def answers_anybody(url: str) -> bool:
    """Whether the repository can be read without any credential, as Argo CD without one would.

    Asked outside of every repository: what CI checks out has a credential in its own configuration.
    """
    nobody = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_COUNT": "0",
        "GIT_CONFIG_PARAMETERS": "",
        "GIT_ASKPASS": "",
        "HOME": os.devnull,  # where .netrc is
    }
    return _git(Path(os.sep), "ls-remote", "--heads", url, variables=nobody).returncode == 0


def remote(root: Path, url: str, reference: str) -> tuple[str, str]:
    """Return the commit of a reference at a URL, asked with this person's own credentials, or why not."""
    run = _git(root, "ls-remote", url, reference)
    if run.returncode:
        lines = run.stderr.strip().splitlines() or ["git says nothing"]
        return "", lines[-1].removeprefix("fatal: ")
    return (run.stdout.split()[0], "") if run.stdout.strip() else ("", f"there is no {reference}")


def _git(
    root: Path, *command: str, variables: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run git without ever asking a person; a time-out or no git at all is an error like any other."""
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_SSH_COMMAND": "ssh -oBatchMode=yes", "LC_ALL": "C"}
    arguments = ["git", "-C", os.fspath(root), *command]
    try:
        return subprocess.run(  # noqa: S603  (arguments are ours; no shell)
            arguments,
            capture_output=True,
            text=True,
            errors="replace",
            env={**os.environ, **quiet, **(variables or {})},
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(arguments, 1, "", f"no answer in {_SECONDS:g} s")
    except OSError as error:
        return subprocess.CompletedProcess(arguments, 1, "", f"git does not run: {error.strerror}")
