"""A promotion that a service's own CI asks for: one pull request, and nothing that was typed is run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.workflows.job import REPOSITORY
from tests.workflows.scene import Scene, pull

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workflows.job import Hub, Ran

pytestmark = pytest.mark.offline
APPS = "the-apps"
BRANCH = "promote/dev-orders-9.9.9"


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def run(scene: Scene, *, pulls: list[Any] | None = None, **inputs: str) -> tuple[Ran, Hub]:
    job = scene.job("promote", "promote")
    job.hub.set(pulls=pulls or [], comments=[])
    given = {"kind": "workload", "release": "orders", "to": "dev", "version": "9.9.9", "from": ""} | inputs
    context = {
        "github.ref_name": "main",
        "github.event.repository.default_branch": "main",
        "github.token": "githubs",
        "github.actor": "orders-ci[bot]",
        "vars.AUTOMATION_CLIENT_ID": "Iv1",
        **{f"inputs.{name}": value for name, value in given.items()},
    }
    assert job.wanted(context)
    assert not job.wanted(context | {"github.ref_name": "theirs"}), "only main's generator is reviewed"
    return job.run(context), job.hub


def test_it_opens_a_pull_request(scene: Scene) -> None:
    before = scene.at("main")
    ran, hub = run(scene)
    assert ran.passed, ran.out
    made = scene.at(BRANCH)
    assert scene.read("rev-parse", f"{made}^").strip() == before
    assert scene.at("main") == before
    changed = scene.read("diff", "--name-only", before, made).splitlines()
    assert "environments/dev.yaml" in changed
    assert all(name.startswith(("environments/dev.yaml", "rendered/dev/")) for name in changed)
    assert scene.read("log", "-1", "--format=%an <%ae>", made).strip() == (
        "platform automation <platform-automation@techchallenge.example>"
    )
    (call,) = hub.asked("pr", "create")
    words = call["arguments"]
    assert words[2:8] == ["--repo", REPOSITORY, "--base", "main", "--head", BRANCH]
    assert words[8:10] == ["--title", "Promote orders 9.9.9 to dev"]
    assert call["token"] == APPS
    assert "-> 9.9.9" in call["body"]
    assert f"Asked for by orders-ci[bot], in https://github.com/{REPOSITORY}/actions/runs/42." in call["body"]
    assert "/pull/99" in ran.summary


def test_the_same_again_finds_what_is_open(scene: Scene) -> None:
    run(scene)
    made = scene.at(BRANCH)
    scene.clone()
    ran, hub = run(scene, pulls=[pull(BRANCH, made)])
    assert ran.passed, ran.out
    assert scene.at(BRANCH) == made
    assert len(hub.asked("pr", "create")) == 1, "the first one"
    assert "It is asked for already: https://github.com/" in ran.summary
    assert "actions/create-github-app-token" not in ran.names


def test_the_branch_of_a_closed_pull_request_is_made_new(scene: Scene) -> None:
    scene.write({"docs/old.md": "an old commit"})
    old = scene.push(BRANCH)
    ran, hub = run(scene)
    assert ran.passed, ran.out
    assert scene.at(BRANCH) != old
    assert len(hub.asked("pr", "create")) == 1


def test_what_is_there_already_is_no_failure(scene: Scene) -> None:
    (version,) = [
        line.split()[1]
        for line in (scene.author.root / "environments/dev.yaml").read_text().splitlines()
        if "orders: " in line
    ]
    ran, hub = run(scene, version=version)
    assert ran.passed, ran.out
    assert "Nothing to promote" in ran.summary
    assert hub.calls == []


def test_a_version_moves_on_from_where_it_runs(scene: Scene) -> None:
    ran, hub = run(scene, to="staging", version="")
    assert ran.passed, ran.out
    (call,) = hub.asked("pr", "create")
    assert "From dev." in call["body"]


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"release": "ordres"}, "orders"),
        ({"to": "prod"}, "prod"),
        ({"version": "latest"}, "a tag that moves"),
        ({"version": "a b"}, "does not fit"),
        ({"kind": "functions"}, "There is no kind of release called that"),
        ({"release": "--skip"}, "--skip"),
        ({"release": ""}, "Nothing was promoted"),
        ({"to": "--output=text"}, "Nothing was promoted"),
    ],
)
def test_the_generator_judges_what_was_asked_for(scene: Scene, inputs: dict[str, str], says: str) -> None:
    ran, hub = run(scene, **inputs)
    assert not ran.passed
    assert says in ran.out
    assert hub.calls == []
    assert scene.read("for-each-ref", "--format=%(refname)").split() == ["refs/heads/main"]


@pytest.mark.parametrize("name", ["release", "to", "version", "from", "kind"])
def test_nothing_that_was_typed_is_run(scene: Scene, name: str, tmp_path: Path) -> None:
    value = f"$(touch {tmp_path}/seen);`touch {tmp_path}/seen`\n::error::mine\n::set-output name=branch::x"
    ran, hub = run(scene, **{name: value})
    assert not ran.passed
    assert not (tmp_path / "seen").exists()
    assert hub.calls == []
    # Standard error is in the log beside standard output, so all that was typed comes between these two.
    text = "".join(step.out for step in ran.steps if step.name == "make the commit")
    if name != "kind":  # which is not even shown
        opened, mark = re.search(r"^::stop-commands::([0-9a-f]{32})$", text, re.MULTILINE), ""
        assert opened
        mark = f"::{opened[1]}::"
        assert "mine" not in text.partition(mark)[2], "commands count again"
        assert "mine" not in text[: opened.start()]
