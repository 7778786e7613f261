"""Thirty promotions and rollbacks of this repository's own platform, in a real Git repository.

Every state renders and is committed current. After each, the matrix is compared with a model that the test
keeps by what it did, not by what Git says.
"""

from __future__ import annotations

import json
import re
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.cli import main, versions_matrix
from tests.history_repository import Repository
from tests.test_cases import TODAY

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import pytest

ORDER = ("dev", "staging", "production")
WORKLOADS = ("kitchen", "orders", "payments")
BEGIN = "1.0.0"
FINE = 0

Block = dict[str, str]


class Step(NamedTuple):
    """What is done to an environment: `how` is release, promote, back, all, to or revert.

    `what` is a workload, or for `to` the number of the commit to go back to, counted from 0.
    """

    how: str
    environment: str = "dev"
    what: str = ""


def script() -> list[Step]:
    """Thirty changes, as a bad month may bring them."""
    lines = """
        release dev orders       | promote staging orders  | promote production orders
        release dev orders       | promote staging orders  | back staging orders
        release dev orders       | promote staging orders  | promote production orders
        back production orders   | release dev kitchen     | promote staging kitchen
        release dev kitchen      | promote staging kitchen | promote production kitchen
        back production kitchen  | release dev payments    | promote staging payments
        promote production payments | all production       | promote production payments
        to production 3          | release dev orders      | back dev orders
        back dev orders          | revert dev              | promote production orders
        release dev kitchen      | revert dev              | back staging orders
    """
    words = [step.split() for line in lines.strip().splitlines() for step in line.split("|")]
    return [Step(*step) for step in words]


class Model:
    """What should be, one state for each commit; the first is where everything runs at BEGIN."""

    def __init__(self) -> None:
        self.states: list[dict[str, Block]] = [{name: dict.fromkeys(WORKLOADS, BEGIN) for name in ORDER}]
        self.ways = {(name, workload): [BEGIN] for name in ORDER for workload in WORKLOADS}
        self.blocks = {name: [dict.fromkeys(WORKLOADS, BEGIN)] for name in ORDER}
        self.newest = dict.fromkeys(WORKLOADS, 0)

    @property
    def now(self) -> dict[str, Block]:
        return self.states[-1]

    def goal(self, step: Step) -> Block:
        """What the environment's block should be after a step."""
        block, name = self.now[step.environment], step.environment
        match step.how:
            case "release":
                self.newest[step.what] += 1
                return block | {step.what: f"1.{self.newest[step.what]}.0"}
            case "promote":
                above = ORDER[ORDER.index(name) - 1]
                return block | {step.what: self.now[above][step.what]}
            case "back":
                return block | {step.what: self.ways[name, step.what][-2]}
            case "all":
                return self.blocks[name][-2]
            case "to":
                return self.states[int(step.what)][name]
            case "revert":
                return self.states[-2][name]
        raise ValueError(step)

    def became(self, name: str, block: Block) -> None:
        """Take a new state: what was there before is gone back to, anything else is a step forward."""
        assert block != self.now[name], "a step that changes nothing shows nothing"
        self.states.append(self.now | {name: block})
        go(self.blocks[name], block)
        for workload, version in block.items():
            go(self.ways[name, workload], version)

    def cell(self, name: str, workload: str, dates: list[datetime]) -> dict[str, Any]:
        """The cell of the matrix, found by looking at all states one after the other."""
        had = [state[name][workload] for state in self.states]
        led = [state["dev"][workload] for state in self.states]
        version, leading = had[-1], led[-1]
        began = len(had)
        while began and had[began - 1] == version:
            began -= 1
        expected: dict[str, Any] = {"version": version, "since": dates[began]}
        if version != leading:
            last = max(i for i, other in enumerate(led) if other == version)
            behind = number(leading) > number(version)
            expected["state"] = "behind" if behind else "ahead"
            expected["apart"] = dates[last + 1]
            way = self.ways["dev", workload]
            if behind:
                expected["by"] = len(way) - 1 - way.index(version)
        return expected


def go(way: list[Any], there: Any) -> None:
    if there in way:
        del way[way.index(there) + 1 :]
    else:
        way.append(there)


def number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


class Platform:
    """A copy of this repository's platform whose workloads all begin at the same version."""

    def __init__(self, root: Path, checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.repository, self.capsys = Repository(root), capsys
        for folder in ("environments", "argocd"):
            shutil.copytree(checkout / folder, root / folder)
        (root / ".gitignore").write_text("/rendered/.render/\n")
        for name in ORDER:
            file = root / f"environments/{name}.yaml"
            text, count = re.subn(
                rf"(?m)^(    ({'|'.join(WORKLOADS)}): )\d.*$", rf"\g<1>{BEGIN}", file.read_text()
            )
            assert count == len(WORKLOADS)
            file.write_text(text)
        self.run("render")
        self.dates = [self.repository.now]
        self.commits = [self.repository.commit("Begin")]

    def run(self, *arguments: str) -> str:
        self.capsys.readouterr()
        code = main(arguments, self.repository.root, TODAY)
        out, err = self.capsys.readouterr()
        assert code == FINE, f"{' '.join(arguments)}\n{out}\n{err}"
        return out

    def do(self, step: Step, goal: Block, monkeypatch: pytest.MonkeyPatch) -> None:
        """Do a step with the real commands; every third as a branch that is merged."""
        git = self.repository.git
        date = self.repository.now
        branch = len(self.commits) % 3 == 0 and step.how != "revert"
        if step.how == "revert":
            merge = git("rev-list", "--merges", "--max-count=1", "HEAD~1..HEAD")
            git("revert", "--no-edit", *(["--mainline", "1"] if merge else []), "HEAD")
        else:
            # A branch is made some time before it is merged, and what counts is the merge.
            monkeypatch.setenv("GIT_COMMITTER_DATE", (date - timedelta(minutes=20)).isoformat())
            self.run(*self.command(step, goal), *(["--commit"] if branch else []))
        if branch:
            name = self.made(step.environment)
            git("merge", "--quiet", "--no-ff", "--message", "Merge it", name)
            git("branch", "--delete", name)
        elif step.how != "revert":
            git("commit", "--quiet", "--all", "--message", " ".join(step))
        self.repository.number += 1
        self.dates.append(date)
        self.commits.append(git("rev-parse", "HEAD"))

    def made(self, environment: str) -> str:
        """The branch that a command made: no other one is not merged."""
        found = self.repository.git("branch", "--no-merged", "HEAD", "--format=%(refname:short)")
        assert re.fullmatch(rf"(promote|rollback)/{environment}-\S+", found)
        return found

    def command(self, step: Step, goal: Block) -> list[str]:
        name, what = step.environment, step.what
        return {
            "release": ["promote", "--to", name, "--workload", what, "--to-version", goal.get(what, "")],
            "promote": ["promote", "--to", name, "--workload", what],
            "back": ["rollback", "--env", name, "--release", what],
            "all": ["rollback", "--env", name],
            "to": ["rollback", "--env", name, "--to", self.commits[int(what)] if what.isdigit() else ""],
        }[step.how]

    def matrix(self, *more: str) -> dict[str, dict[str, Any]]:
        """The cells of the workloads, as the model has them."""
        named = [word for workload in WORKLOADS for word in ("--release", workload)]
        document = json.loads(self.run("versions", "--output", "json", *named, *more))
        assert document["environments"] == list(ORDER)
        return {
            f"{name} {row['name']}": simple(cell)
            for row in document["releases"]
            for name, cell in row["environments"].items()
        }

    def expected(self, model: Model) -> dict[str, dict[str, Any]]:
        return {
            f"{name} {workload}": {
                key: f"{value:%Y-%m-%dT%H:%M:%SZ}" if key in ("since", "apart") else value
                for key, value in model.cell(name, workload, self.dates).items()
            }
            for name in ORDER
            for workload in WORKLOADS
        }


def simple(cell: dict[str, Any]) -> dict[str, Any]:
    lag = cell.get("lag")
    assert cell["committed"]
    return {
        "version": cell["version"],
        "since": cell["since"]["date"],
        **({"state": lag["state"], "apart": lag["since"]["date"]} if lag else {}),
        **({"by": lag["versions"]} if lag and "versions" in lag else {}),
    }


def test_a_month_of_promotions_and_rollbacks(
    tmp_path: Path,
    repository: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ana")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ana@shop.example")
    steps, model = script(), Model()
    assert len(steps) == 30
    platform = Platform(tmp_path / "platform", repository, capsys)
    monkeypatch.setattr(versions_matrix, "now", lambda: platform.repository.now)
    matrices = [platform.matrix()]
    assert matrices[0] == platform.expected(model)
    for step in steps:
        goal = model.goal(step)
        platform.do(step, goal, monkeypatch)
        model.became(step.environment, goal)
        platform.run("check")
        assert platform.repository.git("status", "--porcelain") == "", step
        matrices.append(platform.matrix())
        assert matrices[-1] == platform.expected(model), step
    kinds = {cell.get("state", "same") for matrix in matrices for cell in matrix.values()}
    assert kinds == {"same", "behind", "ahead"}
    assert max(cell.get("by", 0) for matrix in matrices for cell in matrix.values()) > 1
    # Seen from the end, every commit still says what it said when it was the last one.
    for commit, matrix in zip(platform.commits, matrices, strict=True):
        assert platform.matrix("--at", commit) == matrix
