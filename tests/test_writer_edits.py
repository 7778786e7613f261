"""Hand edits: what the state and a real Git know, and what nobody does."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from generator.writer import WriterError, compare, hand_edited
from tests.writer_render import REPOSITORY, page, render, scope, tree

if TYPE_CHECKING:
    from pathlib import Path

ORDERS = "dev/values/orders.yaml"
KITCHEN = "dev/values/kitchen.yaml"
OLD = {ORDERS: page("1"), KITCHEN: page("2")}
NEW = {ORDERS: page("new")}  # the kitchen is stale
THIRD = {ORDERS: page("third"), KITCHEN: page("third")}


@pytest.fixture(autouse=True)
def _own_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of this machine, no repository around the test's folder, none from a hook."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", os.fspath(tmp_path.parent))


def git(root: Path, *command: str, code: int = 0) -> str:
    who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]
    run = subprocess.run(
        ["git", "-C", os.fspath(root), *who, *command], capture_output=True, text=True, check=False
    )
    assert run.returncode == code, run.stdout + run.stderr
    return run.stdout


def repository(root: Path, *options: str) -> Path:
    root.mkdir(exist_ok=True)
    git(root, "init", "-q", "-b", "main", *options)
    (root / ".gitignore").write_text("/rendered/.render/\n")
    return root


def commit(root: Path, message: str) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)


def write(root: Path, files: dict[str, bytes]) -> None:
    """What is not the writer's doing."""
    for path, data in files.items():
        (root / "rendered" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "rendered" / path).write_bytes(data)


def edited(root: Path, files: dict[str, bytes]) -> tuple[str, ...]:
    return hand_edited(root, compare(root, files.items(), scope("dev")))


# Without Git: the state alone.


def test_what_the_last_render_wrote_is_no_hand_edit(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    assert edited(tmp_path, NEW) == ()


def test_a_hand_edit_is_refused_and_stays_until_forced(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    write(tmp_path, {ORDERS: page("by hand")})
    before = tree(tmp_path)
    assert render(tmp_path, NEW) == (ORDERS,)
    assert tree(tmp_path) == before
    render(tmp_path, NEW, force=True)
    assert (tmp_path / "rendered" / ORDERS).read_bytes() == NEW[ORDERS]


def test_a_hand_edited_stale_file_is_refused(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    write(tmp_path, {KITCHEN: page("by hand"), "dev/values/copied.yaml": page("1")})
    assert edited(tmp_path, NEW) == ("dev/values/copied.yaml", KITCHEN)


def test_a_hand_edited_file_of_a_removed_environment_is_refused(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    write(tmp_path, {KITCHEN: page("by hand")})
    assert render(tmp_path, {}, scope(remove=("dev",))) == (KITCHEN,)


def test_a_file_deleted_by_hand_is_written_again(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    (tmp_path / "rendered" / ORDERS).unlink()
    assert render(tmp_path, NEW) == ()


def test_a_foreign_file_in_the_place_of_a_generated_one_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {ORDERS: b"ours: true\n"})
    assert edited(tmp_path, OLD) == (ORDERS,)


@pytest.mark.parametrize("make", ["link", "dangling", "pipe"])
def test_a_link_or_a_pipe_is_always_somebodys(tmp_path: Path, make: str) -> None:
    render(tmp_path, OLD)
    place = tmp_path / "rendered" / ORDERS
    place.unlink()
    if make == "pipe":
        os.mkfifo(place)
    else:
        (tmp_path / "same.yaml").write_bytes(OLD[ORDERS])
        place.symlink_to(tmp_path / ("same.yaml" if make == "link" else "nowhere"))
    assert edited(tmp_path, THIRD) == (ORDERS,)


def test_an_older_rendering_is_not_what_the_last_render_wrote(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    render(tmp_path, THIRD)
    write(tmp_path, OLD)
    assert edited(tmp_path, NEW) == (KITCHEN, ORDERS)


def test_a_pruned_file_put_back_by_hand_is_not_what_the_last_render_wrote(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    render(tmp_path, NEW)
    write(tmp_path, {KITCHEN: OLD[KITCHEN]})
    assert edited(tmp_path, NEW) == (KITCHEN,)


def test_a_render_of_one_environment_forgets_nothing_of_the_others(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    render(tmp_path, {"qa/values/orders.yaml": page("1")}, scope("qa"))
    assert edited(tmp_path, NEW) == ()


def test_a_damaged_state_explains_what_is_still_whole_in_it(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    state = tmp_path / "rendered/.render/state"
    lines = state.read_bytes().splitlines(keepends=True)
    assert [line.split()[1].decode() for line in lines] == [ORDERS, KITCHEN]
    state.write_bytes(b"\xff\0 \n\n" + lines[0] + lines[1][:50])
    assert edited(tmp_path, THIRD) == (KITCHEN,)
    assert render(tmp_path, THIRD, force=True) == ()
    assert edited(tmp_path, NEW) == ()
    assert all(line.split(b" ")[1] for line in state.read_bytes().splitlines())


def test_without_the_git_program_the_state_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    render(repository(tmp_path), OLD)
    write(tmp_path, {ORDERS: page("by hand")})
    commit(tmp_path, "Commit a hand edit")
    assert edited(tmp_path, NEW) == ()
    monkeypatch.setenv("PATH", os.fspath(tmp_path / "nothing"))
    assert edited(tmp_path, NEW) == (ORDERS,)


# With Git, and without the state.


def test_a_fresh_clone_is_nobodys_edit(tmp_path: Path) -> None:
    write(repository(tmp_path), OLD)
    commit(tmp_path, "Render")
    assert edited(tmp_path, NEW) == ()
    write(tmp_path, {ORDERS: page("by hand")})
    assert edited(tmp_path, NEW) == (ORDERS,)


def test_git_is_asked_per_path(tmp_path: Path) -> None:
    write(repository(tmp_path), OLD)
    commit(tmp_path, "Render")
    write(tmp_path, {ORDERS: OLD[KITCHEN]})
    assert edited(tmp_path, NEW) == (ORDERS,)


def test_what_is_staged_is_known_and_so_is_what_is_committed(tmp_path: Path) -> None:
    write(repository(tmp_path), OLD)
    assert edited(tmp_path, NEW) == (KITCHEN, ORDERS)  # no commit yet, nothing staged
    git(tmp_path, "add", "rendered")
    assert edited(tmp_path, NEW) == ()  # no commit yet
    commit(tmp_path, "Render")
    write(tmp_path, THIRD)
    git(tmp_path, "add", "rendered")
    assert edited(tmp_path, NEW) == ()
    write(tmp_path, OLD)
    assert edited(tmp_path, NEW) == ()


def test_a_foreign_file_that_git_has_may_be_replaced(tmp_path: Path) -> None:
    write(repository(tmp_path), {ORDERS: b"ours: true\n"})
    commit(tmp_path, "Commit our own")
    assert edited(tmp_path, OLD) == ()


@pytest.mark.parametrize("operation", ["merge", "cherry-pick", "rebase", "revert"])
def test_a_conflict_is_not_a_hand_edit(tmp_path: Path, operation: str) -> None:
    write(repository(tmp_path), OLD)
    commit(tmp_path, "Render")
    base = git(tmp_path, "rev-parse", "HEAD").strip()
    write(tmp_path, {ORDERS: page("theirs"), KITCHEN: page("theirs")})
    commit(tmp_path, "Render theirs")
    theirs = git(tmp_path, "rev-parse", "HEAD").strip()
    if operation == "revert":
        write(tmp_path, {ORDERS: page("ours")})
        commit(tmp_path, "Render ours")
    else:
        git(tmp_path, "checkout", "-q", "-b", "ours", base)
        write(tmp_path, {ORDERS: page("ours"), "dev/values/ours.yaml": page("ours")})
        commit(tmp_path, "Render ours")
    git(tmp_path, operation, "main" if operation == "rebase" else theirs, code=1)
    assert b"<<<<<<<" in (tmp_path / "rendered" / ORDERS).read_bytes()
    assert edited(tmp_path, {ORDERS: page("resolved"), KITCHEN: page("resolved")}) == ()

    # the conflict resolved in the index, then one side taken again in the folder alone
    write(tmp_path, {ORDERS: page("resolved")})
    git(tmp_path, "add", "rendered")
    side = {
        "merge": "MERGE_HEAD",
        "cherry-pick": "CHERRY_PICK_HEAD",
        "rebase": "REBASE_HEAD",
        "revert": "REVERT_HEAD",
    }[operation]
    write(tmp_path, {ORDERS: git(tmp_path, "show", f"{side}:rendered/{ORDERS}").encode()})
    assert edited(tmp_path, THIRD) == ()
    write(tmp_path, {ORDERS: page("by hand")})
    assert edited(tmp_path, THIRD) == (ORDERS,)


def test_a_merge_conflict_is_resolved_by_rendering(tmp_path: Path) -> None:
    render(repository(tmp_path), OLD)
    commit(tmp_path, "Render")
    git(tmp_path, "checkout", "-q", "-b", "theirs")
    render(tmp_path, {ORDERS: page("theirs"), KITCHEN: page("theirs")})
    commit(tmp_path, "Render theirs")
    git(tmp_path, "checkout", "-q", "main")
    render(tmp_path, {ORDERS: page("ours")})  # without the kitchen: changed there, removed here
    commit(tmp_path, "Render ours")
    git(tmp_path, "merge", "theirs", code=1)
    assert set(git(tmp_path, "diff", "--name-only", "--diff-filter=U").split()) == {
        f"rendered/{ORDERS}",
        f"rendered/{KITCHEN}",
    }
    both = {ORDERS: page("both")}
    assert render(tmp_path, both) == ()
    assert tree(tmp_path) == both | {"dev": None, "dev/values": None}


def test_the_root_may_be_a_folder_of_the_repository(tmp_path: Path) -> None:
    root = repository(tmp_path) / "infra"
    write(root, OLD)
    commit(tmp_path, "Render")
    assert edited(root, NEW) == ()
    write(tmp_path, {ORDERS: page("by hand")})
    commit(tmp_path, "Commit a rendered/ that is another one")
    write(root, {ORDERS: page("by hand")})
    assert edited(root, NEW) == (ORDERS,)


def test_a_repository_with_sha256_names(tmp_path: Path) -> None:
    write(repository(tmp_path, "--object-format=sha256"), OLD)
    commit(tmp_path, "Render")
    assert edited(tmp_path, NEW) == ()
    write(tmp_path, {ORDERS: page("by hand")})
    assert edited(tmp_path, NEW) == (ORDERS,)


def test_variables_of_another_repositorys_hook_lead_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = repository(tmp_path / "here"), repository(tmp_path / "there")
    write(here, OLD)
    commit(here, "Render")
    write(there, {ORDERS: page("by hand")})
    commit(there, "Commit something else")
    monkeypatch.setenv("GIT_DIR", os.fspath(there / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", os.fspath(there))
    monkeypatch.setenv("GIT_INDEX_FILE", os.fspath(there / ".git/index"))
    assert edited(here, NEW) == ()
    write(here, {ORDERS: page("by hand")})
    assert edited(here, NEW) == (ORDERS,)


def test_a_render_in_a_hook_of_a_linked_work_tree(tmp_path: Path) -> None:
    main = repository(tmp_path / "main")
    write(main, OLD)
    commit(main, "Render")
    linked = tmp_path / "linked"
    git(main, "worktree", "add", "-q", os.fspath(linked), "-b", "linked")
    hook = main / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        "#!/bin/sh\nenv | grep ^GIT_ > seen\nexport PYTHONPATH='" + os.fspath(REPOSITORY) + "'\n"
        f"exec '{sys.executable}' '{REPOSITORY}/tests/writer_render.py' . "
        f"""'{{"files": {{"{ORDERS}": "# Generated by make render\\n"}}}}'\n"""
    )
    hook.chmod(0o755)
    git(linked, "commit", "-q", "--allow-empty", "-m", "Run the hook")
    assert "GIT_DIR=" in (linked / "seen").read_text()  # or the hook would show nothing
    assert tree(linked) == {"dev": None, "dev/values": None, ORDERS: b"# Generated by make render\n"}


def test_what_git_refuses_is_told_and_only_when_git_is_needed(tmp_path: Path) -> None:
    render(repository(tmp_path), OLD)
    commit(tmp_path, "Render")
    (tmp_path / ".git/index").write_bytes(b"not an index, but long enough to be read as one")
    assert edited(tmp_path, NEW) == ()  # the state explains it all
    write(tmp_path, {ORDERS: page("by hand")})
    with pytest.raises(WriterError, match=r"git ls-files: (error|fatal): "):
        edited(tmp_path, NEW)
