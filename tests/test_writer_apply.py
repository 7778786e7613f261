from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from generator.writer import WriterError, apply, compare, hand_edited, locked
from tests.writer_render import FAILED, child, own, page, render, scope, tree

if TYPE_CHECKING:
    from pathlib import Path

OLD = {
    "dev/values/orders.yaml": page("1"),
    "dev/values/kitchen.yaml": page("2"),
    "dev/argocd/apps/orders.yaml": page("3"),
    "staging/values/orders.yaml": page("4"),
}
NEW = {
    "dev/values/orders.yaml": page("new"),
    "dev/values/kitchen.yaml": page("2"),
    "dev/terraform/platform.yaml": page("added, in a folder that was not there"),
    "staging/values/orders.yaml": page("4"),
    "qa/values/orders.yaml": page("an environment that was not there"),
}


def folders(files: dict[str, bytes]) -> dict[str, None]:
    parents = [path.rpartition("/")[0] for path in files]
    return {"/".join(parent.split("/")[:n]): None for parent in parents for n in range(1, 9)}


def test_a_render_leaves_exactly_what_was_rendered(tmp_path: Path) -> None:
    assert render(tmp_path, OLD) == ()
    assert tree(tmp_path) == OLD | folders(OLD)
    assert render(tmp_path, NEW) == ()
    assert tree(tmp_path) == NEW | folders(NEW)  # argocd/apps was left empty, so it is gone
    assert compare(tmp_path, NEW.items(), scope("dev", "staging", "qa")).current


def test_nothing_is_left_in_staging(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    render(tmp_path, NEW)
    assert own(tmp_path) == {"lock", "state"}


def test_unchanged_files_are_not_written_and_changed_ones_are_replaced(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    rendered = tmp_path / "rendered"
    same = (rendered / "dev/values/kitchen.yaml").stat()
    os.link(rendered / "dev/values/orders.yaml", tmp_path / "whoever still reads the old file")
    render(tmp_path, NEW)
    now = (rendered / "dev/values/kitchen.yaml").stat()
    assert (now.st_ino, now.st_mtime_ns) == (same.st_ino, same.st_mtime_ns)
    assert (tmp_path / "whoever still reads the old file").read_bytes() == OLD["dev/values/orders.yaml"]


def test_a_render_without_a_difference_writes_nothing(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    links = tmp_path / "rendered/dev/links"  # a folder that the writer must not think empty
    links.mkdir()
    (links / "notes").symlink_to("nowhere")
    state = tmp_path / "rendered/.render/state"
    os.utime(state, (0, 0))
    render(tmp_path, OLD)
    assert state.stat().st_mtime_ns == 0


def test_files_have_the_rights_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        render(tmp_path, OLD)
    finally:
        os.umask(before)
    assert (tmp_path / "rendered/dev/values/orders.yaml").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "rendered/dev/values").stat().st_mode & 0o777 == 0o750


def test_foreign_files_stay_with_the_folders_they_are_in(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    foreign = {"dev/argocd/apps/NOTES.md": b"ours\n", "dev/.keep": b"", "notes/a.yaml": b"a: 1\n"}
    for path, data in foreign.items():
        (tmp_path / "rendered" / path).parent.mkdir(exist_ok=True)
        (tmp_path / "rendered" / path).write_bytes(data)
    render(tmp_path, NEW)
    assert tree(tmp_path) == NEW | folders(NEW) | foreign | folders(foreign)


def test_one_environment_is_rendered_and_pruned_alone(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    render(tmp_path, {"dev/values/orders.yaml": page("new")}, scope("dev"))
    files = {"dev/values/orders.yaml": page("new"), "staging/values/orders.yaml": page("4")}
    assert tree(tmp_path) == files | folders(files)


def test_removal_takes_the_whole_environment_and_nothing_else(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    rest = {"staging/values/orders.yaml": page("4")}
    assert render(tmp_path, rest, scope("staging", remove=("dev", "never-was"))) == ()
    assert tree(tmp_path) == rest | folders(rest)


def test_removal_leaves_foreign_files_in_place(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    (tmp_path / "rendered/dev/values/NOTES.md").write_bytes(b"ours\n")
    render(tmp_path, {}, scope(remove=("dev",)))
    rest = {"staging/values/orders.yaml": page("4"), "dev/values/NOTES.md": b"ours\n"}
    assert tree(tmp_path) == rest | folders(rest)


def test_an_owned_environment_that_renders_nothing_keeps_its_folder(tmp_path: Path) -> None:
    render(tmp_path, {"dev/values/orders.yaml": page("1")})
    render(tmp_path, {}, scope("dev"))
    assert tree(tmp_path) == {"dev": None}


def test_a_forced_render_replaces_a_link_instead_of_writing_through_it(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    target = tmp_path / "elsewhere.yaml"
    target.write_bytes(b"ours\n")
    link = tmp_path / "rendered/dev/values/orders.yaml"
    link.unlink()
    link.symlink_to(target)
    assert render(tmp_path, OLD) == ("dev/values/orders.yaml",)
    assert link.is_symlink()
    render(tmp_path, OLD, force=True)
    assert tree(tmp_path) == OLD | folders(OLD)
    assert target.read_bytes() == b"ours\n"


def test_what_changes_hands_after_the_comparison_is_not_written_through(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    elsewhere = tmp_path / "elsewhere"
    with locked(tmp_path):
        difference = compare(tmp_path, NEW.items(), scope("dev", "staging", "qa"))
        (tmp_path / "rendered/dev/argocd/apps/orders.yaml").unlink()  # stale: already gone is fine
        (tmp_path / "rendered/dev/values").rename(elsewhere)
        (tmp_path / "rendered/dev/values").symlink_to(elsewhere)
        with pytest.raises(WriterError, match=r"rendered/dev/values: "):
            apply(tmp_path, difference)
        assert (elsewhere / "orders.yaml").read_bytes() == OLD["dev/values/orders.yaml"]
        (tmp_path / "rendered/dev/values").unlink()
        elsewhere.rename(tmp_path / "rendered/dev/values")
        apply(tmp_path, difference)
    assert tree(tmp_path) == NEW | folders(NEW)


@pytest.mark.parametrize("path", [".render", ".render/staging"])
def test_no_link_leads_the_writers_own_folder_elsewhere(tmp_path: Path, path: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "staging").mkdir(parents=True)
    (elsewhere / "staging/precious").write_bytes(b"ours\n")
    link = tmp_path / "rendered" / path
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere / "staging" if path.endswith("staging") else elsewhere)
    with pytest.raises(WriterError, match=r"rendered/\.render"):
        render(tmp_path, OLD)
    assert (elsewhere / "staging/precious").read_bytes() == b"ours\n"
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("current", [False, True])
def test_every_render_clears_what_a_killed_one_left(tmp_path: Path, *, current: bool) -> None:
    render(tmp_path, OLD)
    left = tmp_path / "rendered/.render/staging/files/dev"
    left.mkdir(parents=True)
    (left / "half.yaml").write_bytes(b"# Gen")
    render(tmp_path, OLD if current else NEW)
    assert not (tmp_path / "rendered/.render/staging").exists()


def test_a_folder_left_empty_by_a_killed_render_is_removed(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    (tmp_path / "rendered/dev/old/deep").mkdir(parents=True)
    (tmp_path / "rendered/notes").mkdir()
    render(tmp_path, OLD)
    assert tree(tmp_path) == OLD | folders(OLD) | {"notes": None}


def test_a_full_disk_is_told_and_changes_nothing(tmp_path: Path) -> None:
    # a limit on file sizes cuts the write as a full disk does: some bytes, then an error
    render(tmp_path, OLD)
    before = tree(tmp_path)
    big = NEW | {"qa/values/payments.yaml": page("x" * 5000)}
    run = child(tmp_path, big, limit=4096)
    output, _ = run.communicate()
    assert (output, run.returncode) == (
        "rendered: File too large: raise the limit on file sizes, then run again\n",
        FAILED,
    )
    assert tree(tmp_path) == before
    assert own(tmp_path) == {"lock", "state"}
    assert render(tmp_path, big) == ()
    assert tree(tmp_path) == big | folders(big)


def test_an_unwritable_folder_is_told_and_no_file_is_half_written(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    before = tree(tmp_path)
    if os.geteuid() == 0:  # the child gives up being root
        for path in [tmp_path, *(tmp_path / "rendered").rglob("*")]:
            os.chown(path, 65534, 65534)
    values = tmp_path / "rendered/dev/values"
    values.chmod(0o555)
    try:
        new = OLD | {"dev/values/orders.yaml": page("new")}
        run = child(tmp_path, new, nobody=True)
        output, _ = run.communicate()
    finally:
        values.chmod(0o755)
    assert run.returncode == FAILED
    assert output == (
        "rendered/dev/values/orders.yaml: Permission denied: "
        "give yourself permission to read and write there, then run again\n"
    )
    assert tree(tmp_path) == before
    assert render(tmp_path, new) == ()


def test_an_error_while_replacing_leaves_whole_files_and_the_next_render_goes_on(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    with locked(tmp_path):
        difference = compare(tmp_path, NEW.items(), scope("dev", "staging", "qa"))
        assert hand_edited(tmp_path, difference) == ()
        blocked = tmp_path / "rendered/qa"
        blocked.write_bytes(b"somebody was faster\n")
        with pytest.raises(WriterError) as error:
            apply(tmp_path, difference)
    assert str(error.value) == (
        "rendered/qa: Not a directory: move away the file that stands where a folder must be, then run again"
    )
    assert (tmp_path / "rendered/dev/values/orders.yaml").read_bytes() == page("new")
    assert not (tmp_path / "rendered/.render/staging").exists()
    blocked.unlink()
    third = OLD | {"dev/values/orders.yaml": page("third"), "dev/values/kitchen.yaml": page("third")}
    assert render(tmp_path, third) == ()
    assert tree(tmp_path) == third | folders(third)
