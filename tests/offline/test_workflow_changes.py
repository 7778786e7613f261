"""The comment of a pull request: one, changed and not repeated, made by main's generator from data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from generator.cli import diff_page
from tests.workflows.scene import Scene, pull, started_by

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workflows.job import Ran

pytestmark = pytest.mark.offline
COMMENT = "comment, or change the comment that is there"


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def run(
    scene: Scene, commit: str, *, pulls: list[Any], comments: list[Any] | None = None
) -> tuple[Ran, list[Any]]:
    job = scene.job("changes", "comment")
    job.hub.set(pulls=pulls, comments=comments or [[]])
    context = started_by("theirs", commit)
    assert job.wanted(context)
    ran = job.run(context)
    written = [call for call in job.hub.calls if {"POST", "PATCH"} & set(call["arguments"])]
    return ran, written


def body(call: dict[str, Any]) -> str:
    return str(json.loads(call["input"])["body"])


def release(scene: Scene) -> str:
    scene.edit("environments/dev.yaml", "    orders: ", "    orders: 9.9.9 # ")
    return scene.push("theirs")


def test_a_pull_request_gets_one_comment(scene: Scene) -> None:
    commit = release(scene)
    ran, written = run(scene, commit, pulls=[pull("theirs", commit)])
    assert ran.passed, ran.out
    (call,) = written
    assert call["arguments"][:4] == [
        "api",
        "--method",
        "POST",
        "repos/techchallenge/techchallenge-infra/issues/7/comments",
    ]
    assert body(call).startswith(diff_page.MARKER)
    assert "`9.9.9`" in body(call)


def test_the_comment_that_is_there_is_changed(scene: Scene) -> None:
    commit = release(scene)
    marked = {"body": f"{diff_page.MARKER}\nolder"}
    others = [
        {"id": 1, "user": {"login": "somebody"}, **marked},
        {"id": 2, "user": {"login": "github-actions[bot]"}, "body": "x"},
    ]
    mine = {"id": 3, "user": {"login": "github-actions[bot]"}, **marked}
    ran, written = run(scene, commit, pulls=[pull("theirs", commit)], comments=[others, [mine]])
    assert ran.passed, ran.out
    (call,) = written
    assert call["arguments"][:4] == [
        "api",
        "--method",
        "PATCH",
        "repos/techchallenge/techchallenge-infra/issues/comments/3",
    ]


def test_nothing_of_a_pull_request_is_run(scene: Scene, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    (scene.author.root / "generator/__init__.py").write_text(f"open({str(seen)!r}, 'w').close()\n")
    (scene.author.root / "Makefile").write_text(f"diff:\n\ttouch {seen}\n")
    (scene.author.root / "environments/.gitattributes").write_text("* filter=x\n")
    scene.author.git("config", "filter.x.smudge", "cat")
    commit = release(scene)
    ran, written = run(scene, commit, pulls=[pull("theirs", commit)])
    assert ran.passed, ran.out
    assert not seen.exists()
    assert "`9.9.9`" in body(written[0])
    assert "`generator/` (1)" in body(written[0])


def test_what_reads_the_files_of_a_stranger_has_no_token(scene: Scene) -> None:
    (step,) = [s for s in scene.job("changes", "comment").job["steps"] if "make" in s.get("run", "")]
    assert set(step["env"]) == {"COMMIT"}


@pytest.mark.parametrize("state", ["none", "newer", "elsewhere"])
def test_only_the_newest_commit_of_an_open_pull_request_counts(scene: Scene, state: str) -> None:
    commit = release(scene)
    pulls = {
        "none": [],
        "newer": [pull("theirs", "f" * 40)],
        "elsewhere": [{**pull("theirs", commit), "base": {"ref": "release"}}],
    }[state]
    ran, written = run(scene, commit, pulls=pulls)
    assert ran.passed, ran.out
    assert written == []
    assert COMMENT not in ran.names


def test_a_fork_gets_its_comment_too(scene: Scene) -> None:
    commit = release(scene)
    job = scene.job("changes", "comment")
    ours, theirs = pull("theirs", commit, number=1), pull("theirs", commit, number=2, owner="stranger")
    job.hub.set(pulls=[ours, theirs], comments=[[]])
    context = started_by("theirs", commit) | {
        "github.event.workflow_run.head_repository.owner.login": "stranger"
    }
    assert job.run(context).passed
    (call,) = [call for call in job.hub.calls if "POST" in call["arguments"]]
    assert call["arguments"][3].endswith("/issues/2/comments")


def test_a_branch_may_be_called_anything(scene: Scene, tmp_path: Path) -> None:
    commit = release(scene)
    job = scene.job("changes", "comment")
    name = f"$(touch {tmp_path}/seen)`touch {tmp_path}/seen`;\"'&a=b"
    job.hub.set(pulls=[pull(name, commit)], comments=[[]])
    assert job.run(started_by(name, commit)).passed
    assert not (tmp_path / "seen").exists()
    assert any("POST" in call["arguments"] for call in job.hub.calls)


def test_pushes_to_main_are_no_pull_requests(scene: Scene) -> None:
    context = started_by("main", "0" * 40) | {"github.event.workflow_run.event": "push"}
    assert not scene.job("changes", "comment").wanted(context)


def test_the_marker_is_what_the_generator_writes(scene: Scene) -> None:
    (step,) = [s for s in scene.job("changes", "comment").job["steps"] if s.get("name") == COMMENT]
    assert step["env"]["MARKER"] == diff_page.MARKER
