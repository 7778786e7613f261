"""Renovate's pull requests, rendered by main's generator: they are data, and only rendered/ is committed."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.workflows.job import ROOT
from tests.workflows.scene import Scene, pull, started_by

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workflows.job import Ran

pytestmark = pytest.mark.offline
BRANCH = "renovate/orders-9.x"
ROBOT = "renovate[bot]"


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def run(scene: Scene, commit: str, *, author: str = ROBOT, branch: str = BRANCH, **more: Any) -> Ran:
    scene.clone()
    job = scene.job("re-render", "render")
    job.hub.set(pulls=[pull(branch, commit, author=author)], comments=[])
    context = started_by(branch, commit, **{"vars.AUTOMATION_CLIENT_ID": "Iv1", **more})
    assert job.wanted(context)
    return job.run(context)


def raised(scene: Scene) -> str:
    scene.edit("environments/dev.yaml", "    orders: ", "    orders: 9.9.9 # ")
    return scene.push(BRANCH, "Update orders to 9.9.9")


def test_rendered_is_committed_and_nothing_else(scene: Scene) -> None:
    commit = raised(scene)
    ran = run(scene, commit)
    assert ran.passed, ran.out
    made = scene.at(BRANCH)
    assert scene.read("rev-parse", f"{made}^").strip() == commit
    changed = scene.read("diff", "--name-only", commit, made).splitlines()
    assert changed
    assert all(name.startswith("rendered/dev/") for name in changed)
    assert (
        scene.read("log", "-1", "--format=%ae %ce", made).split()
        == ["platform-automation@techchallenge.example"] * 2
    )
    scene.author.git("pull", "--quiet", "origin", BRANCH)
    check = [str(ROOT / ".venv/bin/python"), "-m", "generator", "check"]
    subprocess.run(check, cwd=scene.author.root, check=True, capture_output=True)


def test_its_own_commit_starts_nothing_again(scene: Scene) -> None:
    run(scene, raised(scene))
    made = scene.at(BRANCH)
    ran = run(scene, made)
    assert ran.passed, ran.out
    assert scene.at(BRANCH) == made
    assert "actions/create-github-app-token" not in ran.names
    assert "rendered/ is what it should be." in ran.out


@pytest.mark.parametrize("author", ["somebody", "renovate", "dependabot[bot]"])
def test_of_anybody_else_nothing_is_rendered(scene: Scene, author: str) -> None:
    commit = raised(scene)
    ran = run(scene, commit, author=author)
    assert ran.passed, ran.out
    assert scene.at(BRANCH) == commit
    assert "render" not in ran.names


def test_renovate_may_have_another_name(scene: Scene) -> None:
    commit = raised(scene)
    assert run(
        scene, commit, author="our-renovate[bot]", **{"vars.RENOVATE_LOGIN": "our-renovate[bot]"}
    ).passed
    assert scene.at(BRANCH) != commit


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("github.event.workflow_run.head_branch", "mine"),
        ("github.event.workflow_run.head_repository.full_name", "somebody/techchallenge-infra"),
        ("github.event.workflow_run.event", "push"),
    ],
)
def test_forks_and_other_branches_are_not_looked_at(scene: Scene, key: str, value: str) -> None:
    context = started_by(BRANCH, "0" * 40)
    job = scene.job("re-render", "render")
    assert job.wanted(context)
    assert not job.wanted(context | {key: value})


def refused(scene: Scene, commit: str, says: str) -> None:
    ran = run(scene, commit)
    assert not ran.passed
    assert says in ran.out
    assert scene.at(BRANCH) == commit
    assert "actions/create-github-app-token" not in ran.names


@pytest.mark.parametrize(
    "file",
    [
        "generator/new.py",
        "argocd/charts/edge/9.0.0/Chart.yaml",
        ".github/workflows/checks.yaml",
        ".github/CODEOWNERS",
    ],
)
def test_what_renders_is_left_to_a_person(scene: Scene, file: str) -> None:
    scene.write({file: "changed: true\n"})
    refused(scene, raised(scene), "Besides environments/ it changes what renders it")


def test_without_the_spec_there_is_nothing_to_do(scene: Scene) -> None:
    scene.write(
        {
            "requirements/run.in": "other==1\n",
            ".github/workflows/checks.yaml": "on: push\n",
            "generator/x.py": "",
        }
    )
    commit = scene.push(BRANCH)
    ran = run(scene, commit)
    assert ran.passed, ran.out
    assert scene.at(BRANCH) == commit
    assert "render" not in ran.names


def test_packages_and_targets_of_the_pull_request_are_never_run(scene: Scene, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    scene.write(
        {
            "Makefile": f"render:\n\ttouch {seen}\n",
            "requirements/run.txt": "something-else==1.0\n",
            "pyproject.toml": "[build-system]\n",
            "rendered/sitecustomize.py": f"open({str(seen)!r}, 'w')\n",
            "environments/usercustomize.py": f"open({str(seen)!r}, 'w')\n",
        }
    )
    commit = raised(scene)
    ran = run(scene, commit)
    assert ran.passed, ran.out
    assert not seen.exists()
    made = scene.at(BRANCH)
    assert made != commit
    changed = scene.read("diff", "--name-only", commit, made).splitlines()
    assert all(name.startswith("rendered/dev/") for name in changed)


@pytest.mark.parametrize(
    "place", ["environments/qa.yaml", "rendered/dev/values", "rendered/dev/values/orders.yaml"]
)
def test_a_link_is_neither_read_nor_written_through(scene: Scene, place: str, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.mkdir()
    link = scene.author.root / place
    if link.is_dir():
        for file in link.iterdir():
            file.unlink()
        link.rmdir()
    link.unlink(missing_ok=True)
    link.symlink_to(target)
    refused(scene, raised(scene), "no plain file")
    assert list(target.iterdir()) == []


def test_a_mistake_in_the_spec_is_the_checks_to_report(scene: Scene) -> None:
    scene.edit("environments/dev.yaml", "    orders: ", "    orders: 'a b' # ")
    refused(scene, scene.push(BRANCH), "::error file=environments/dev.yaml")


def test_owners_are_a_persons_to_change(scene: Scene) -> None:
    scene.edit("environments/dev.yaml", "owners: [", 'owners: ["@techchallenge/robots", ')
    refused(scene, raised(scene), "It would change more than rendered/")


def test_whoever_was_faster_is_not_overwritten(scene: Scene) -> None:
    commit = raised(scene)
    scene.edit("environments/dev.yaml", "9.9.9", "9.9.10")
    newer = scene.push(BRANCH)
    job_pull = pull(BRANCH, commit, author=ROBOT)
    scene.clone()
    job = scene.job("re-render", "render")
    job.hub.set(pulls=[job_pull], comments=[])  # as GitHub had it a moment ago
    scene.author.git("push", "--quiet", "origin", f"{commit}:refs/heads/kept")
    ran = job.run(started_by(BRANCH, commit, **{"vars.AUTOMATION_CLIENT_ID": "Iv1"}))
    assert not ran.passed
    assert ran.steps[-1].name == "push"
    assert scene.at(BRANCH) == newer
