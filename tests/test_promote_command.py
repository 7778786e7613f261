"""`promote` on the shipped spec, with real Git: what it changes, what it refuses, and what merges."""
# ruff: noqa: E501  (a line of what is expected is a line)

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from jsonschema import Draft202012Validator

from generator.cli import main, spec_change
from generator.cli.completion import candidates
from generator.writer import WriterError, commit
from generator.writer.exchange import Change, exchanged
from tests.outcome import Outcome
from tests.shipped import change, changed, files, git, lay_out_shipped
from tests.test_cases import TODAY
from tests.test_cli import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "docs/report.schema.json").read_text())
FINE, FAILED, USAGE = 0, 1, 2
STAGING, PRODUCTION, DEV = (f"environments/{name}.yaml" for name in ("staging", "production", "dev"))


class Promote(Protocol):
    def __call__(self, *arguments: str) -> Outcome: ...


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shipped")
    lay_out_shipped(root)
    return root


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path / "r", symlinks=True)
    return tmp_path / "r"


@pytest.fixture
def promote(root: Path, capsys: pytest.CaptureFixture[str]) -> Promote:
    def call(*arguments: str) -> Outcome:
        capsys.readouterr()
        code = main(["promote", *arguments], root, TODAY)
        return Outcome(code, *capsys.readouterr())

    return call


@pytest.fixture(autouse=True)
def author(monkeypatch: pytest.MonkeyPatch) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "test")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "test@shop.example")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def lines(before: bytes, after: bytes) -> list[tuple[str, str]]:
    pairs = zip(before.decode().split("\n"), after.decode().split("\n"), strict=True)
    return [(old.strip(), new.strip()) for old, new in pairs if old != new]


def test_one_line_moves_and_what_it_renders(root: Path, promote: Promote) -> None:
    before = files(root)
    code, out, err = promote("--workload", "kitchen", "--from", "dev", "--to", "staging")
    assert (code, err) == (FINE, "")
    assert out == (
        "To staging, from dev:\n  kitchen  2.0.5 -> 2.1.0\n  ~ rendered/staging/README.md\n"
        "  ~ rendered/staging/values/kitchen.yaml\n"
        "Changed environments/staging.yaml and 2 rendered files. Commit environments/ and rendered/ together:\n"
        "  git add environments/ rendered/ && git commit -m 'Promote kitchen 2.1.0 to staging'\n"
    )
    after = files(root)
    assert changed(before, after) == {
        STAGING,
        "rendered/staging/README.md",
        "rendered/staging/values/kitchen.yaml",
    }
    assert lines(before[STAGING], after[STAGING]) == [("kitchen: 2.0.5", "kitchen: 2.1.0")]
    assert main(["check"], root, TODAY) == FINE
    assert promote("--workload", "kitchen", "--from", "dev", "--to", "staging") == (
        FINE, "Nothing to promote: staging runs kitchen 2.1.0 already, as dev does.\n", "",
    )  # fmt: skip
    assert promote("--workload", "kitchen", "--to", "staging", "--to-version", "2.1.0").out == (
        "Nothing to promote: staging runs kitchen 2.1.0 already.\n"
    )
    assert promote("--workload", "kitchen", "--workload", "payments", "--to", "staging").out == (
        "Nothing to promote: staging runs kitchen 2.1.0 and payments 1.3.4 already, as dev does.\n"
    )
    assert promote("--from", "dev").code == FINE
    assert promote("--from", "dev").out == "Nothing to promote: staging runs what dev runs already.\n"


def test_what_a_person_is_told_to_run_commits_all_of_it(root: Path, promote: Promote) -> None:
    out = promote("--from", "dev").out
    command = out.splitlines()[-1]
    subprocess.run(command, shell=True, cwd=root, check=True, capture_output=True)  # noqa: S602  (ours)
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "log", "-1", "--format=%s") == "Promote 3 releases to staging"


def test_without_names_all_moves_that_differs(root: Path, promote: Promote) -> None:
    before = files(root)
    assert promote("--from", "dev").code == FINE, "to the one behind it in the order"
    assert lines(before[STAGING], files(root)[STAGING]) == [
        ("customers: 1.6.3", "customers: 1.7.0"),
        ("kitchen: 2.0.5", "kitchen: 2.1.0"),
        ("orders: 1.4.2", "orders: 1.5.0-rc.1"),
    ]


def test_what_went_back_does_not_return_unnoticed(root: Path, promote: Promote) -> None:
    """After a rollback at night somebody promotes all that differs in the morning."""
    assert promote("--from", "dev").err == ""
    git(root, "commit", "--all", "--quiet", "--message=Promote")
    assert main(["rollback", "--env", "staging", "--release", "kitchen"], root, TODAY) == FINE
    git(root, "commit", "--all", "--quiet", "--message=Roll kitchen back")
    back = git(root, "rev-parse", "HEAD")[:10]
    note = f'staging went back from kitchen 2.1.0 with {back}, "Roll kitchen back" (test, '
    code, _, err = promote("--from", "dev", "--dry-run")
    assert code == FINE
    assert err.startswith(f"note: {note}")
    assert err.endswith("is what was wrong with it mended?\n")
    found = json.loads(promote("--workload", "kitchen", "--from", "dev", "--output", "json").out)
    assert [text.startswith(note) for text in found["promotion"]["notes"]] == [True]
    git(root, "commit", "--all", "--quiet", "--message=Promote again")
    main(["rollback", "--env", "staging", "--release", "kitchen", "--to", "HEAD~1"], root, TODAY)
    shutil.rmtree(root / ".git")
    assert promote("--from", "dev", "--dry-run").err == "", "without history there is no note"


def test_a_services_own_ci_names_the_version(root: Path, promote: Promote) -> None:
    before = files(root)
    code, out, err = promote("--workload", "orders", "--to", "dev", "--to-version", "9c91be2")
    assert (code, err) == (FINE, "note: nothing tells whether orders 9c91be2 is newer than 1.5.0-rc.1\n")
    assert out.startswith("To dev:\n  orders  1.5.0-rc.1 -> 9c91be2\n")
    assert lines(before[DEV], files(root)[DEV]) == [("orders: 1.5.0-rc.1", "orders: 9c91be2")]
    assert promote("--workload", "orders", "--to", "dev", "--to-version", "1e3").code == FINE
    assert lines(before[DEV], files(root)[DEV]) == [("orders: 1.5.0-rc.1", 'orders: "1e3"')]


def test_below_a_refusal_stands_no_note(promote: Promote) -> None:
    code, _, err = promote("--workload", "kitchen", "--to", "dev", "--to-version", "a b")
    assert code == FAILED
    assert err.endswith("Nothing was changed.\n")


def test_functions_move_together_and_say_what_comes_first(root: Path, promote: Promote) -> None:
    for name in ("authorizer", "token"):
        text = (root / DEV).read_text()
        old = text.partition(f"    {name}: ")[2][:64]
        change(root / DEV, f"{name}: {old}", f"{name}: {'ab' * 32}")
    before = files(root)
    code, _, err = promote("--functions", "--to", "staging")
    assert code == FINE
    assert "make lambdas && make upload-lambdas ENV=staging" in err
    assert len(lines(before[STAGING], files(root)[STAGING])) == 2


def test_the_first_version_of_a_workload_is_added(root: Path, promote: Promote) -> None:
    entry = "  menu:\n    image: ghcr.io/x/menu\n    port: 8080\n    probes: {readiness: {path: /}}\n\n  orders:\n    desc"
    change(root / "environments/platform.yaml", "  orders:\n    desc", entry)
    for name in (DEV, PRODUCTION):
        text = (root / name).read_text()
        (root / name).write_text(text.replace("\n    orders: 1", "\n    menu: 0.1.0\n\n    orders: 1", 1))
    assert main(["check"], root, TODAY) == FAILED, "staging lacks a version"
    before = (root / STAGING).read_bytes()
    assert promote("--workload", "menu", "--to", "staging").code == FINE
    assert (root / STAGING).read_bytes() == before.replace(
        b"    orders: 1.4.2\n", b"    menu: 0.1.0\n\n    orders: 1.4.2\n"
    )


REFUSED = {
    ("--workload", "kitchen", "--from", "dev", "--to", "production"): (
        "environments/production.yaml:39:5: versions.workloads.kitchen: 2.1.0 would skip staging: it runs 2.0.5\n"
        "    see environments/staging.yaml:24:5\n"
        "    fix: promote it to staging first; or skip that with --skip (make: SKIP=1)\n\nNothing was changed.\n"
    ),
    ("--from", "production", "--to", "dev"): "1.6.3 is older than 1.7.0, which runs in dev",
    ("--workload", "orders", "--to", "dev", "--to-version", "latest"): '"latest" is a tag that moves',
    ("--chart", "workload", "--to", "dev", "--to-version", "9.9.9"): "there is no folder argocd/charts/workload/9.9.9",
    ("--workload", "orderz", "--to", "staging"): 'did you mean "orders"?',
}  # fmt: skip


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_what_is_refused_changes_nothing(arguments: tuple[str, ...], root: Path, promote: Promote) -> None:
    if "kitchen" in arguments:
        line = (root / PRODUCTION).read_text().split("\n").index("    kitchen: 2.0.5") + 1
    before = files(root)
    code, out, err = promote(*arguments)
    said = REFUSED[arguments]
    if "kitchen" in arguments:
        assert err == said.replace(":39:", f":{line}:").replace(
            ":24:", f":{line_of(root / STAGING, 'kitchen')}:"
        )
    assert (code, out) == (FAILED, "")
    assert said.split("\n")[-1] in err
    assert files(root) == before


def line_of(file: Path, name: str) -> int:
    return next(
        i for i, text in enumerate(file.read_text().split("\n"), 1) if text.startswith(f"    {name}: ")
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "qa"), 'there is no environment "qa"'),
        ((), "say from where or to where"),
        (
            ("--to", "dev"),
            "platform.promotion has nothing before dev; say --from, or of one release --to-version",
        ),
        (("--from", "production"), "platform.promotion has nothing after production; say --to (make: TO=)"),
        (("--from", "dev", "--to", "dev"), "dev has its own versions already"),
        (("--to", "dev", "--to-version", "1.0.0"), "--to-version is for one"),
        (("--functions", "--to", "dev", "--to-version", "1.0.0"), "--functions moves two hashes"),
        (
            ("--workload", "orders", "--from", "dev", "--to", "staging", "--to-version", "1"),
            "goes without --from",
        ),
    ],
)
def test_wrong_usage_says_how(arguments: tuple[str, ...], said: str, promote: Promote) -> None:
    code, out, err = promote(*arguments)
    assert (code, out) == (USAGE, "")
    assert said in err


def test_a_spec_with_another_mistake_is_mended_first(root: Path, promote: Promote) -> None:
    change(root / PRODUCTION, "    replicas: 4", "    replicas: four")
    before = files(root)
    code, _, err = promote("--from", "dev")
    assert code == FAILED
    assert "environments/production.yaml" in err
    assert "workloads.kitchen.replicas: expected a whole number" in err
    assert files(root) == before


def test_what_the_editor_refuses_says_where(root: Path, promote: Promote) -> None:
    change(root / STAGING, "    kitchen: 2.0.5", "    kitchen: &v 1.4.2")
    change(root / STAGING, "    orders: 1.4.2", "    orders: *v")
    before = files(root)
    code, _, err = promote("--workload", "orders", "--to", "staging")
    assert code == FAILED
    assert (
        f"environments/staging.yaml:{line_of(root / STAGING, 'orders')}:13: versions.workloads.orders: the alias *v"
        in err
    )
    assert files(root) == before


def test_files_edited_by_hand_stop_it(root: Path, promote: Promote) -> None:
    change(root / "rendered/staging/values/kitchen.yaml", 'tag: "2.0.5"', 'tag: "6.6.6"')
    before = files(root)
    code, _, err = promote("--workload", "kitchen", "--to", "staging")
    assert code == FAILED
    assert "rendered/staging/values/kitchen.yaml:1:1: this generated file was edited by hand" in err
    assert files(root) == before


def document(outcome: Outcome) -> Any:
    found = json.loads(outcome.out)
    Draft202012Validator(SCHEMA).validate(found)
    return found


def test_machines_are_told_the_same(root: Path, promote: Promote) -> None:
    before = files(root)
    arguments = ("--workload", "kitchen", "--to", "staging", "--output", "json")
    paths = ["rendered/staging/README.md", "rendered/staging/values/kitchen.yaml"]
    moves = [{"release": "workloads.kitchen", "old": "2.0.5", "new": "2.1.0"}]
    dry = document(promote(*arguments, "--dry-run"))
    assert dry["files"] == {"missing": [], "outdated": paths, "superfluous": []}
    assert dry["promotion"] == {"from": "dev", "to": "staging", "moves": moves, "notes": []}
    assert files(root) == before
    done = document(promote(*arguments))
    assert done["written"]["changed"] == paths
    again = document(promote(*arguments))
    assert (again["problems"], again["promotion"]["moves"]) == ([], [])
    outcome = promote(
        "--workload", "kitchen", "--to", "production", "--to-version", "1.0.0", "--output", "json"
    )
    assert outcome.code == FAILED
    assert len(document(outcome)["problems"]) == 2


def test_a_commit_is_made_beside_the_work_tree(root: Path, promote: Promote) -> None:
    before, head = files(root), git(root, "rev-parse", "HEAD")
    (root / "notes.txt").write_text("not the spec's business")
    code, out, err = promote("--workload", "kitchen", "--to", "staging", "--commit")
    assert (code, err) == (FINE, "")
    assert out.endswith("Now:\n  git push -u origin promote/staging-kitchen-2.1.0\n")
    assert changed(before, files(root)) == {"notes.txt"}
    assert git(root, "rev-parse", "HEAD") == head
    assert git(root, "symbolic-ref", "HEAD") == "refs/heads/main"
    assert git(root, "status", "--porcelain") == "?? notes.txt"
    branch = "promote/staging-kitchen-2.1.0"
    assert git(root, "rev-parse", f"{branch}^") == head
    assert git(root, "log", "-1", "--format=%B", branch) == (
        "Promote kitchen 2.1.0 to staging\n\n- kitchen 2.0.5 -> 2.1.0\n\nFrom dev."
    )
    assert git(root, "diff", "--name-only", "main", branch).split() == [
        STAGING, "rendered/staging/README.md", "rendered/staging/values/kitchen.yaml",
    ]  # fmt: skip
    (root / "notes.txt").unlink()
    git(root, "checkout", "--quiet", branch)
    assert main(["check"], root, TODAY) == FINE
    git(root, "fsck", "--strict")


def test_of_a_commit_machines_are_told_its_name(root: Path, promote: Promote) -> None:
    found = document(promote("--from", "dev", "--commit", "--output", "json"))
    assert found["branch"].startswith("promote/staging-3-releases-")
    assert found["commit"] == git(root, "rev-parse", found["branch"])
    assert "rendered/staging/values/orders.yaml" in found["committed"]["changed"]


def edited(root: Path) -> None:
    change(root / DEV, "what it is", "What it is")


def untracked(root: Path) -> None:
    (root / "environments/.note").write_text("x")


def stale(root: Path) -> None:
    change(root / PRODUCTION, "    replicas: 4", "    replicas: 5")
    git(root, "commit", "--all", "--quiet", "--message=without rendering")


def branch_there(root: Path) -> None:
    git(root, "branch", "promote/staging-kitchen-2.1.0")


def branch_in_the_way(root: Path) -> None:
    git(root, "branch", "promote")


def no_author(_root: Path) -> None:
    pass  # below, where the environment is


def no_repository(root: Path) -> None:
    shutil.rmtree(root / ".git")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (edited, "these files are not committed:\n  environments/dev.yaml"),
        (untracked, "these files are not committed:\n  environments/.note"),
        (stale, "rendered/ is stale already"),
        (branch_there, "the branch promote/staging-kitchen-2.1.0 is there already"),
        (branch_in_the_way, "'refs/heads/promote' exists"),
        (no_author, "empty ident name"),
        (no_repository, "not a git repository"),
    ],
)
def test_without_a_commit_nothing_is_left(
    spoil: Any, said: str, root: Path, promote: Promote, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(root)
    if spoil is no_author:
        for role in ("AUTHOR", "COMMITTER"):
            monkeypatch.setenv(f"GIT_{role}_NAME", "")
    before = files(root)
    refs = git(root, "for-each-ref") if (root / ".git").exists() else ""
    code, _, err = promote("--workload", "kitchen", "--to", "staging", "--commit")
    assert code == FAILED
    assert said in err
    assert files(root) == before
    assert refs == (git(root, "for-each-ref") if (root / ".git").exists() else "")


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), OSError(28, "No space left on device"), WriterError("no")]
)
def test_interrupted_the_spec_is_as_it_was(
    error: BaseException, root: Path, promote: Promote, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise error

    monkeypatch.setattr(spec_change, "apply", stop)
    before = files(root)
    if isinstance(error, WriterError):
        assert promote("--from", "dev").code == FAILED
    else:
        with pytest.raises(type(error)):
            promote("--from", "dev")
    assert files(root) == before
    assert not (root / "rendered/.render/exchange").exists()


def killed(root: Path, arguments: tuple[str, ...], point: int) -> int:
    """Run a command in a child that dies of `kill -9` at an event of the file system; return how many it had."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        events = 0

        def count(event: str, _: object) -> None:
            nonlocal events
            if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"):
                events += 1
                if events == point:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        with contextlib.suppress(BaseException):
            main(arguments, root, TODAY)
        os.write(write, str(events).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        told = pipe.read()
    os.waitpid(pid, 0)
    return int(told or 0)


@pytest.mark.parametrize(
    "arguments", [("promote", "--from", "dev"), ("promote", "--from", "dev", "--commit")]
)
def test_killed_anywhere_every_file_is_whole_and_a_render_goes_on(
    arguments: tuple[str, ...], template: Path, tmp_path: Path
) -> None:
    shutil.copytree(template, tmp_path / "done", symlinks=True)
    total = killed(tmp_path / "done", arguments, 0)
    assert total > 100
    old, new = files(template), files(tmp_path / "done")
    # The last events are those that write; before them files are read.
    for number, point in enumerate(range(max(total - 42, 1), total + 1, 7)):
        root = tmp_path / str(number)
        shutil.copytree(template, root, symlinks=True)
        assert killed(root, arguments, point) == 0
        for file, data in files(root).items():
            assert data in (old.get(file), new.get(file)), file
        assert main(["render"], root, TODAY) == FINE
        assert main(["check"], root, TODAY) == FINE
        if "--commit" in arguments:
            assert files(root) == old
            git(root, "fsck", "--strict")
            branches = git(root, "for-each-ref", "--format=%(refname)", "refs/heads/promote").split()
            assert all(git(root, "log", "-1", "--format=%an", branch) == "test" for branch in branches)
        shutil.rmtree(root)


def test_a_commit_that_fails_at_its_end_leaves_no_branch(
    root: Path, promote: Promote, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = commit._git

    def fail(folder: Path, *command: str, **more: Any) -> str:
        if command[0] == "update-ref":
            raise KeyboardInterrupt
        return really(folder, *command, **more)

    monkeypatch.setattr(commit, "_git", fail)
    before = files(root)
    with pytest.raises(KeyboardInterrupt):
        promote("--from", "dev", "--commit")
    assert files(root) == before
    assert git(root, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
    assert git(root, "status", "--porcelain") == ""


def test_files_are_exchanged_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "a").chmod(0o640)
    (tmp_path / "gone").write_bytes(b"gone")
    (tmp_path / "real").write_bytes(b"linked")
    (tmp_path / "link").symlink_to("real")
    changes = [
        Change("a", b"a", b"A"), Change("gone", b"gone", None), Change("new", None, b"new"), Change("link", b"linked", b"L"),
    ]  # fmt: skip
    before = files(tmp_path)
    with pytest.raises(ZeroDivisionError), exchanged(tmp_path, changes):  # noqa: PT012  (it raises inside)
        assert (tmp_path / "a").read_bytes() == b"A"
        raise ZeroDivisionError
    assert files(tmp_path) == before
    with exchanged(tmp_path, changes):
        pass
    assert {name: (tmp_path / name).read_bytes() for name in ("a", "new", "real")} == {
        "a": b"A",
        "new": b"new",
        "real": b"L",
    }
    assert not (tmp_path / "gone").exists()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
    with (
        pytest.raises(WriterError, match="a: somebody changed it just now"),
        exchanged(tmp_path, [Change("a", b"a", b"x")]),
    ):
        pass
    assert (tmp_path / "a").read_bytes() == b"A"


def conflicts(root: Path) -> Iterator[str]:
    yield from git(root, "diff", "--name-only", "--diff-filter=U").split()


@pytest.mark.parametrize(
    "neighbours", [("kitchen", "orders"), ("customers", "kitchen"), ("orders", "customers")]
)
@pytest.mark.parametrize("way", ["merge", "rebase"])
def test_promotions_of_two_workloads_from_one_base_merge(
    neighbours: tuple[str, str], way: str, root: Path, promote: Promote
) -> None:
    branches = []
    for name in neighbours:
        assert promote("--workload", name, "--to", "staging", "--commit").code == FINE
        branches.append(
            git(root, "for-each-ref", "--format=%(refname:short)", f"refs/heads/promote/staging-{name}-*")
        )
    git(root, "checkout", "--quiet", branches[0])
    words = ("merge", "--quiet", "--no-edit") if way == "merge" else ("rebase", "--quiet")
    who = ("-c", "user.name=test", "-c", "user.email=test@shop.example")
    subprocess.run(["git", "-C", str(root), *who, *words, branches[1]], capture_output=True, check=False)
    assert [file for file in conflicts(root) if not file.startswith("rendered/")] == []
    assert main(["render"], root, TODAY) == FINE, "what conflicts in rendered/ is rendered again"
    assert main(["check"], root, TODAY) == FINE
    text = (root / STAGING).read_text()
    for name in neighbours:
        version = (root / DEV).read_text().partition(f"    {name}: ")[2].split("\n")[0]
        assert f"    {name}: {version}\n" in text


def test_no_two_versions_of_the_shipped_environments_are_side_by_side(root: Path) -> None:
    """Git takes changes of neighbouring lines for a conflict; functions move together anyway."""
    for file in (DEV, STAGING, PRODUCTION):
        block = (root / file).read_text().partition("\nversions:\n")[2].partition("\n  functions:")[0]
        versions = [line.startswith("    ") for line in block.split("\n")]
        assert versions.count(True) >= 14
        assert not any(one and two for one, two in itertools.pairwise(versions)), file


def test_the_examples_of_the_help_work(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["promote", "--help"], root, TODAY)
    shown = examples(capsys.readouterr().out.partition("examples:\n")[2])
    assert len(shown) == 4
    for words in shown:
        assert main(words, root, TODAY) == FINE, words
        git(root, "checkout", "--quiet", ".")


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("make promote WORKLOAD=k", {"WORKLOAD=kitchen"}),
        ("make promote COMPONENT=argo", {"COMPONENT=argo-cd"}),
        ("make promote CHART=", {"CHART=edge", "CHART=workload"}),
        ("make promote FROM=", {"FROM=dev", "FROM=staging", "FROM=production"}),
        ("make promote FROM=dev TO=s", {"TO=staging"}),
        ("make promote SK", {"SKIP="}),
        ("make new-environment AF", {"AFTER="}),
        ("make remove-workload NAME=dai", {"NAME=daily-report"}),
        ("make remove-environment NAME=stag", {"NAME=staging"}),
        ("make new-workload ONLY=d", {"ONLY=dev"}),
        ("python -m generator promote --workload or", {"orders"}),
        ("python -m generator promote --from d", {"dev"}),
        ("python -m generator promote --all", {"--allow-downgrade"}),
        ("python -m generator remove-workload ki", {"kitchen"}),
        ("python -m generator new-workload menu --auth ", {"none", "identified", "verified"}),
    ],
)
def test_names_are_completed(line: str, offered: set[str], template: Path) -> None:
    (template / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    found = {candidate.text for candidate in candidates(template, line.split(" "))}
    (template / "Makefile").unlink()
    assert found == offered
