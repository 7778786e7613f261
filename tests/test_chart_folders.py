"""Chart folders that an environment other than dev pins stay as they are; and does the check notice?"""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess

import pytest

from tests.tools import chart_folders
from tests.tools.chart_folders import NotACheckoutError, problems_of

ROOT = pathlib.Path(__file__).parents[1]
CHART = "argocd/charts/workload/1.0.0"
TEMPLATE = f"{CHART}/templates/deployment.yaml"


def test_no_pinned_chart_folder_changed_and_each_says_what_it_is(repository: pathlib.Path) -> None:
    try:
        problems = problems_of(repository)
    except NotACheckoutError as error:
        pytest.skip(f"{error}: its history is not there to compare with")
    assert problems == []


# --- The check itself, on repositories of its own ---


class Checkout:
    """A repository with a chart, pinned by nobody, and the check in its first commit."""

    def __init__(self, root: pathlib.Path) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.write(chart_folders.THIS, "")
        self.write(".gitignore", "__pycache__/\n")
        self.write("environments/platform.yaml", "platform: {name: test}\n")
        self.chart(CHART)
        self.pin(dev=None, staging=None, production=None)
        self.commit("first")

    def git(self, *arguments: str) -> str:
        # Neither the settings of the machine nor those of a git that started the tests.
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        for role in ("AUTHOR", "COMMITTER"):
            environment |= {f"GIT_{role}_NAME": "Test", f"GIT_{role}_EMAIL": "test@example.com"}
        environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def chart(self, folder: str) -> None:
        name, version = folder.split("/")[2:4]
        self.write(f"{folder}/Chart.yaml", f"apiVersion: v2\nname: {name}\nversion: {version}\n")
        self.write(f"{folder}/templates/deployment.yaml", "kind: Deployment\n")

    def pin(self, **versions: str | None) -> None:
        for environment, version in versions.items():
            charts = f"{{workload: {version}}}" if version else "{}"
            self.write(f"environments/{environment}.yaml", f"versions:\n  charts: {charts}\n")

    def commit(self, message: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def pinned(self, **versions: str | None) -> None:
        self.pin(**versions)
        self.commit("pin")

    def edit(self, text: str = "kind: Deployment # edited\n") -> None:
        self.write(TEMPLATE, text)

    @property
    def problems(self) -> list[str]:
        return problems_of(self.root)


@pytest.fixture
def checkout(tmp_path: pathlib.Path) -> Checkout:
    return Checkout(tmp_path / "checkout")


def refused(checkout: Checkout) -> str:
    [problem] = checkout.problems
    return problem


def test_the_message_says_who_pins_it_and_what_to_do(checkout: Checkout) -> None:
    checkout.pinned(dev="1.0.0", staging="1.0.0", production="1.0.0")
    checkout.edit()
    assert refused(checkout) == (
        "argocd/charts/workload/1.0.0: production and staging pin it, so it may not change, but it has "
        "uncommitted changes. To change the chart, copy the folder to argocd/charts/workload/<new version>, "
        "set that version in its Chart.yaml, and pin it in environments/dev.yaml under versions.charts. To "
        "put this one back: git checkout HEAD -- argocd/charts/workload/1.0.0"
    )


@pytest.mark.parametrize("add", [False, True])
@pytest.mark.parametrize("change", ["edit", "new file", "delete a file", "delete all", "mode", "move"])
def test_an_uncommitted_change_is_refused_when_staging_pins(
    checkout: Checkout, change: str, *, add: bool
) -> None:
    checkout.pinned(staging="1.0.0")
    folder, template = checkout.root / CHART, checkout.root / TEMPLATE
    if change == "edit":
        checkout.edit()
    elif change == "new file":
        checkout.write(f"{CHART}/templates/new.yaml", "kind: Service\n")
    elif change == "delete a file":
        template.unlink()
    elif change == "delete all":
        shutil.rmtree(folder)
    elif change == "mode":
        template.chmod(0o755)
    else:
        template.rename(checkout.root / "elsewhere.yaml")
    if add:
        checkout.git("add", "--all")
    assert any("staging pins it" in problem for problem in checkout.problems)


def test_what_is_only_in_the_index_is_refused(checkout: Checkout) -> None:
    checkout.pinned(staging="1.0.0")
    checkout.edit()
    checkout.git("add", "--all")
    checkout.edit("kind: Deployment\n")
    assert "uncommitted" in refused(checkout)


def test_a_file_that_git_ignores_does_not_count(checkout: Checkout) -> None:
    checkout.pinned(staging="1.0.0")
    checkout.write(f"{CHART}/__pycache__/a.pyc", "")
    assert checkout.problems == []


def test_what_dev_alone_pins_may_change(checkout: Checkout) -> None:
    checkout.pinned(dev="1.0.0")
    checkout.edit()
    assert checkout.problems == []
    checkout.commit("edit")
    assert checkout.problems == []


def test_a_new_folder_may_come_beside_a_pinned_one(checkout: Checkout) -> None:
    checkout.pinned(dev="1.0.0", staging="1.0.0")
    checkout.chart("argocd/charts/workload/1.1.0")
    checkout.pin(dev="1.1.0")
    assert checkout.problems == []
    checkout.commit("new")
    assert checkout.problems == []


def test_a_committed_edit_is_refused_when_staging_pins(checkout: Checkout) -> None:
    checkout.pinned(staging="1.0.0")
    before = checkout.git("rev-parse", "HEAD")
    checkout.edit()
    commit = checkout.commit("edit")
    problem = refused(checkout)
    assert f"staging pins it, so it may not change, but it was changed by commit {commit[:12]}" in problem
    assert problem.endswith(f"git checkout {before[:12]} -- {CHART}")


def test_later_commits_do_not_hide_the_first_edit(checkout: Checkout) -> None:
    checkout.pinned(staging="1.0.0")
    checkout.edit()
    first = checkout.commit("edit")
    checkout.edit("kind: StatefulSet\n")
    checkout.commit("edit again")
    checkout.pinned(staging=None)
    assert first[:12] in refused(checkout)


def test_an_edit_that_was_put_back_is_settled(checkout: Checkout) -> None:
    checkout.pinned(staging="1.0.0")
    checkout.edit()
    checkout.commit("edit")
    checkout.git("checkout", "HEAD^", "--", CHART)
    checkout.commit("put back")
    assert checkout.problems == []
    checkout.edit("kind: StatefulSet\n")
    checkout.commit("edit again")
    assert "staging pins it" in refused(checkout)


def test_deleting_a_pinned_folder_is_refused(checkout: Checkout) -> None:
    checkout.pinned(production="1.0.0")
    shutil.rmtree(checkout.root / CHART)
    checkout.commit("delete")
    assert "production pins it" in refused(checkout)


def test_deleting_a_folder_that_nobody_pins_any_more_is_fine(checkout: Checkout) -> None:
    checkout.pinned(production="1.0.0")
    checkout.chart("argocd/charts/workload/1.1.0")
    checkout.pinned(production="1.1.0")
    shutil.rmtree(checkout.root / CHART)
    assert checkout.problems == []
    checkout.commit("delete")
    assert checkout.problems == []


def test_moving_every_pin_and_deleting_the_folder_may_come_together(checkout: Checkout) -> None:
    checkout.chart("argocd/charts/workload/1.1.0")
    checkout.pinned(staging="1.0.0", production="1.0.0")
    shutil.rmtree(checkout.root / CHART)
    checkout.pin(staging="1.1.0", production="1.0.0")
    checkout.commit("move one")
    assert "production and staging pin it" in refused(checkout)
    checkout.pinned(production="1.1.0")
    assert checkout.problems == []


def test_renaming_a_pinned_folder_is_refused(checkout: Checkout) -> None:
    checkout.pinned(staging="1.0.0")
    checkout.git("mv", CHART, "argocd/charts/workload/1.1.0")
    checkout.commit("rename")
    assert any("staging pins it" in problem for problem in checkout.problems)


def test_a_merged_edit_is_refused(checkout: Checkout) -> None:
    checkout.git("switch", "--quiet", "--create", "feature")
    checkout.edit()
    checkout.commit("edit while nobody pinned it")
    assert checkout.problems == []
    checkout.git("switch", "--quiet", "main")
    checkout.pinned(staging="1.0.0")
    checkout.git("merge", "--quiet", "--no-ff", "feature")
    merge = checkout.git("rev-parse", "HEAD")
    assert f"was changed by commit {merge[:12]}" in refused(checkout)


def test_a_merge_counts_as_one_commit(checkout: Checkout) -> None:
    checkout.git("switch", "--quiet", "--create", "feature")
    checkout.pinned(staging="1.0.0")
    checkout.edit()
    checkout.commit("edit after the pin, on a branch that nobody deploys")
    checkout.git("switch", "--quiet", "main")
    checkout.git("merge", "--quiet", "--no-ff", "feature")
    assert checkout.problems == []


def test_an_edit_and_the_first_pin_may_come_together(checkout: Checkout) -> None:
    checkout.edit()
    checkout.pin(staging="1.0.0")
    assert checkout.problems == []
    checkout.commit("edit and pin")
    assert checkout.problems == []


def test_a_pin_before_its_folder_is_no_edit(checkout: Checkout) -> None:
    checkout.pinned(staging="1.1.0")
    checkout.chart("argocd/charts/workload/1.1.0")
    checkout.commit("new")
    assert checkout.problems == []


def test_another_version_and_another_chart_are_not_meant(checkout: Checkout) -> None:
    checkout.chart("argocd/charts/workload/1.0.10")
    checkout.chart("argocd/charts/edge/1.0.0")
    checkout.commit("others")
    checkout.pinned(staging="1.0.10")
    checkout.edit()
    checkout.write("argocd/charts/edge/1.0.0/values.yaml", "a: 1\n")
    checkout.commit("edit")
    assert checkout.problems == []


def test_commits_from_before_the_check_are_not_judged(checkout: Checkout) -> None:
    (checkout.root / chart_folders.THIS).unlink()
    checkout.pinned(staging="1.0.0")
    checkout.edit()
    checkout.write(chart_folders.THIS, "")
    checkout.commit("edit, and bring the check")
    assert checkout.problems == []
    checkout.edit("kind: StatefulSet\n")
    checkout.commit("edit")
    assert "staging pins it" in refused(checkout)


def test_a_shallow_clone_judges_what_it_has(checkout: Checkout, tmp_path: pathlib.Path) -> None:
    checkout.pinned(staging="1.0.0")
    checkout.edit()
    checkout.commit("edit")
    for depth, found in ((1, 0), (2, 1)):
        clone = tmp_path / f"depth-{depth}"
        checkout.git("clone", "--quiet", f"--depth={depth}", checkout.root.as_uri(), str(clone))
        assert len(problems_of(clone)) == found


def test_without_a_repository_it_is_said(tmp_path: pathlib.Path) -> None:
    with pytest.raises(NotACheckoutError, match="is not a git checkout"):
        problems_of(tmp_path)


def test_a_chart_that_says_another_name_or_version_is_told(checkout: Checkout) -> None:
    checkout.write("argocd/charts/workload/1.1.0/Chart.yaml", "name: worker\nversion: 1.0.0\n")
    checkout.write("argocd/charts/edge/1.10/Chart.yaml", "name: edge\nversion: 1.10\n")
    checkout.write("argocd/charts/edge/2.0.0/values.yaml", "")
    assert checkout.problems == [
        "argocd/charts/edge/2.0.0/Chart.yaml: is missing",
        "argocd/charts/workload/1.1.0/Chart.yaml: name is worker, its folder says workload",
        "argocd/charts/workload/1.1.0/Chart.yaml: version is 1.0.0, its folder says 1.1.0",
    ]
