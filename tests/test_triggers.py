"""Which runs of Terraform a change starts: patterns, and what the shipped spec makes of them."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from generator import load, source
from generator.cli import main
from generator.model.stacks import STACKS, triggers
from generator.render import workspaces
from generator.triggers import ALL_FROM, started
from tests.terraform import folders

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
TERRAFORM = ROOT / "terraform"
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("pattern", "file", "fits"),
    [
        ("/a/*.tf", "a/main.tf", True),
        ("/a/*.tf", "a/b/main.tf", False),
        ("/a/*.tf", "b/a/main.tf", False),
        ("/a/*.tf", "a/mainXtf", False),
        ("/a/**/*", "a/main.tf", True),
        ("/a/**/*", "a/b/c/main.tf", True),
        ("/a/**", "a/b/main.tf", True),
        ("/**/main.tf", "main.tf", True),
        ("/**/main.tf", "a/b/main.tf", True),
        ("/a/?.tf", "a/b.tf", True),
        ("/a/?.tf", "a/bc.tf", False),
        ("/a/[b].tf", "a/b.tf", False),
        ("/a/main.tf", "a/main.tf\n", False),
    ],
)
def test_a_pattern_fits_as_hcp_terraform_says(pattern: str, file: str, *, fits: bool) -> None:
    assert started({"run": [pattern]}, [file]) == (["run"] if fits else [])


@pytest.fixture(scope="module")
def patterns() -> dict[str, list[str]]:
    spec = load.load(source.load(ROOT), TODAY).spec
    assert spec is not None
    return {name: found["trigger_patterns"] for name, found in workspaces.of(spec).items()}


@pytest.mark.parametrize(
    ("files", "runs"),
    [
        (["docs/terraform.md", "README.md", "tests/test_cases.py", "generator/load.py"], []),
        (["environments/dev.yaml"], []),  # what it means is in rendered/
        (["rendered/dev/terraform/platform.tfvars.json"], ["dev-platform"]),
        (["rendered/dev/values/orders.yaml", "rendered/dev/README.md"], []),
        (["rendered/shared/terraform/workspaces.tfvars.json"], ["workspaces"]),
        (
            ["terraform/modules/secrets/key.tf"],
            ["dev-platform", "production-platform", "staging-platform"],
        ),
        (
            ["terraform/stacks/packages/main.tf", "terraform/stacks/packages/.terraform.lock.hcl"],
            ["dev-packages", "production-packages", "staging-packages"],
        ),
        (["terraform/modules/identity/policies/external-secrets.json.tftpl"], 3),
        (["terraform/modules/edge/lambda/tokens/service.py"], []),  # its package is pinned
        (["terraform/modules/edge/README.md", "terraform/modules/edge/tests/gateway.tftest.hcl"], []),
        (["terraform/stacks/access/main.tf"], []),  # a person applies it
    ],
)
def test_files_start_the_runs_that_they_concern(
    patterns: dict[str, list[str]], files: list[str], runs: list[str] | int
) -> None:
    found = started(patterns, files)
    if isinstance(runs, int):
        assert len(found) == runs
    else:
        assert found == [f"techchallenge-{run}" for run in runs]


def test_from_300_files_on_everything_runs(patterns: dict[str, list[str]]) -> None:
    few = [f"docs/{number}.md" for number in range(ALL_FROM - 1)]
    assert started(patterns, few) == []
    assert started(patterns, [*few, "docs/one-more.md"]) == list(patterns)


FILES = [str(path.relative_to(ROOT)) for path in TERRAFORM.rglob("*.tf") if ".terraform" not in path.parts]


@hypothesis(derandomize=True, max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(FILES), max_size=6, unique=True))
def test_two_changes_start_what_each_of_them_starts(files: list[str]) -> None:
    known = {stack: triggers(stack, f"rendered/dev/terraform/{stack}.tfvars.json") for stack in STACKS}
    together = set(started(known, files))
    assert together == {run for file in files for run in started(known, [file])}


def _called(folder: Path) -> Iterator[Path]:
    """Yield the module folders that a folder calls, and those that they call."""
    for body in folders.labelled(folder, "module").values():
        target = (folder / body["source"]).resolve()
        yield target
        yield from _called(target)


@pytest.mark.parametrize("root", folders.roots(TERRAFORM), ids=lambda root: root.name)
def test_a_root_is_triggered_by_every_file_that_terraform_reads_of_it(root: Path) -> None:
    var_file = f"rendered/dev/terraform/{root.name}.tfvars.json"
    known = {root.name: triggers(root.name, var_file)}
    modules = set(_called(root))
    read = [file for folder in (root, *modules) for file in folder.glob("*.tf")]
    named = re.compile(r'"\$\{path\.module\}/([a-z]+)/')  # folders of templates
    for file in list(read):
        for folder in named.findall(file.read_text(encoding="utf-8")):
            read += (file.parent / folder).iterdir()
    paths = [str(file.relative_to(ROOT)) for file in read]
    assert [path for path in (*paths, var_file) if not started(known, [path])] == []
    # And by no module that it does not call.
    others = [m for m in folders.modules(TERRAFORM) if m not in modules]
    assert [m.name for m in others if started(known, [str(m.relative_to(ROOT) / "main.tf")])] == []


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A checkout with a branch that is two commits from where it began."""
    (tmp_path / "environments").mkdir()
    base = ROOT / "tests" / "cases" / "base" / "environments"
    for file in base.iterdir():
        (tmp_path / "environments" / file.name).write_bytes(file.read_bytes())
    for chart in ("edge", "workload"):
        (tmp_path / "argocd" / "charts" / chart / "1.0.0").mkdir(parents=True)
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    assert main(["render"], tmp_path, TODAY) == 0
    commit(tmp_path)
    git(tmp_path, "update-ref", "refs/remotes/origin/main", "HEAD")
    return tmp_path


def git(folder: Path, *words: str) -> None:
    author = ("-c", "user.name=test", "-c", "user.email=test@shop.example")
    subprocess.run(["git", "-C", str(folder), *author, *words], check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=change")


def affected(repository: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, list[str]]:
    capsys.readouterr()
    assert main(["affected", "--output", "json", *words], repository, TODAY) == 0
    found: dict[str, list[str]] = json.loads(capsys.readouterr().out)
    return found


def test_a_branch_starts_what_its_rendered_files_concern(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert affected(repository, capsys)["workspaces"] == []
    live = repository / "environments" / "live.yaml"
    live.write_text(live.read_text().replace("10.20.0.0/16", "10.21.0.0/16"))
    assert main(["render"], repository, TODAY) == 0
    wanted = ["shop-live-platform", "shop-live-database"]
    assert affected(repository, capsys)["workspaces"] == wanted  # before the commit, too
    commit(repository)
    assert affected(repository, capsys)["workspaces"] == wanted
    (repository / "new.md").touch()
    assert affected(repository, capsys)["workspaces"] == wanted
    assert affected(repository, capsys, "--base", "HEAD")["workspaces"] == []
    only = "rendered/dev/terraform/platform.tfvars.json"
    assert affected(repository, capsys, only)["workspaces"] == ["shop-dev-platform"]


def test_with_the_s3_backend_a_workflow_is_told_what_to_run(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    platform = repository / "environments" / "platform.yaml"
    hcp, s3 = (
        "backend: hcp, organization: example",
        'backend: s3, bucket: states, region: eu-west-1, account: "333333333333"',
    )
    platform.write_text(platform.read_text().replace(hcp, s3))
    assert main(["render"], repository, TODAY) == 0
    commit(repository)
    found = affected(repository, capsys, "rendered/dev/terraform/database.tfvars.json")
    assert found["workspaces"] == []
    assert found["runs"] == [
        {
            "environment": "dev",
            "stack": "database",
            "account_id": "111111111111",
            "region": "eu-west-1",
            "plan_role_arn": "arn:aws:iam::111111111111:role/shop-dev-database-plan",
            "apply_role_arn": "arn:aws:iam::111111111111:role/shop-dev-database-apply",
            "working_directory": "terraform/stacks/database",
            "var_file": "../../../rendered/dev/terraform/database.tfvars.json",
            "auto_apply": False,
        }
    ]


def test_a_base_that_git_does_not_know_is_an_error(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["affected", "--base", "nowhere"], repository, TODAY) == 1
    assert capsys.readouterr().err == "error: Git knows no commit nowhere here\n"
    git(repository, "checkout", "--quiet", "--orphan", "stranger")
    git(repository, "commit", "--quiet", "--message=nothing in common")
    assert main(["affected"], repository, TODAY) == 1
    assert "nothing in common with origin/main" in capsys.readouterr().err


def test_check_warns_of_a_branch_that_would_start_everything(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = repository / "many"
    folder.mkdir()
    for number in range(249):
        (folder / str(number)).touch()
    capsys.readouterr()
    assert main(["check"], repository, TODAY) == 0
    assert capsys.readouterr().err == ""
    (folder / "249").touch()
    assert main(["check"], repository, TODAY) == 0
    warning = capsys.readouterr().err
    assert warning.startswith(
        "rendered:1:1: warning: this branch changes 250 files; from 300 on a merge starts"
    )
    git(repository, "update-ref", "-d", "refs/remotes/origin/main")  # as in a clone that has no such branch
    assert main(["check"], repository, TODAY) == 0
    assert capsys.readouterr().err == ""
