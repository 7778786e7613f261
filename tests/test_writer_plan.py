from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from generator.writer import Scope, WriterError, compare, disk, orphans
from tests.writer_render import page, render, scope, tree

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"dev/values/orders.yaml": page("1"), "dev/argocd/apps/orders.yaml": page("2")}


def put(root: Path, path: str, data: bytes) -> Path:
    file = root / "rendered" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def test_without_rendered_everything_is_added_and_nothing_is_made(tmp_path: Path) -> None:
    difference = compare(tmp_path, FILES.items(), scope("dev"))
    assert difference.added == ("dev/argocd/apps/orders.yaml", "dev/values/orders.yaml")
    assert (difference.changed, difference.stale, difference.current) == ((), (), False)
    assert difference.contents == FILES
    assert list(tmp_path.iterdir()) == []


def test_same_bytes_are_current_and_are_not_kept(tmp_path: Path) -> None:
    render(tmp_path, FILES)
    difference = compare(tmp_path, FILES.items(), scope("dev"))
    assert difference.current
    assert difference.contents == {}


@pytest.mark.parametrize("data", [page("1")[:-1], page("1") + b"\n", page("3"), b""])
def test_any_other_bytes_are_changed(tmp_path: Path, data: bytes) -> None:
    render(tmp_path, FILES)
    put(tmp_path, "dev/values/orders.yaml", data)
    before = tree(tmp_path)
    difference = compare(tmp_path, FILES.items(), scope("dev"))
    assert difference.changed == ("dev/values/orders.yaml",)
    assert (difference.added, difference.stale, difference.current) == ((), (), False)
    assert tree(tmp_path) == before


def test_only_bannered_files_are_stale(tmp_path: Path) -> None:
    render(tmp_path, FILES)
    put(tmp_path, "dev/values/old.yaml", page("old"))
    put(tmp_path, "dev/NOTES.md", b"ours\n")
    put(tmp_path, "dev/late.yaml", b"#" * 200 + page("the banner comes too late"))
    difference = compare(tmp_path, FILES.items(), scope("dev"))
    assert difference.stale == ("dev/values/old.yaml",)
    assert difference.changed == ()


def test_nothing_outside_the_scope_is_compared_or_pruned(tmp_path: Path) -> None:
    put(tmp_path, "staging/values/old.yaml", page("old"))
    put(tmp_path, "shared/old.yaml", page("old"))
    put(tmp_path, "old.yaml", page("old"))
    assert compare(tmp_path, FILES.items(), scope("dev")).stale == ()


def test_a_removed_environment_is_all_stale_but_for_foreign_files(tmp_path: Path) -> None:
    put(tmp_path, "qa/values/orders.yaml", page("1"))
    put(tmp_path, "qa/NOTES.md", b"ours\n")
    difference = compare(tmp_path, (), scope(remove=("qa",)))
    assert difference.stale == ("qa/values/orders.yaml",)


def test_links_to_elsewhere_are_neither_read_nor_stale(tmp_path: Path) -> None:
    render(tmp_path, FILES)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/old.yaml").write_bytes(page("old"))
    (tmp_path / "rendered/dev/folder").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "rendered/dev/old.yaml").symlink_to(tmp_path / "elsewhere/old.yaml")
    assert compare(tmp_path, FILES.items(), scope("dev")).current


def test_a_link_where_a_file_must_be_is_changed_even_if_it_leads_to_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "same.yaml").write_bytes(FILES["dev/values/orders.yaml"])
    render(tmp_path, FILES)
    (tmp_path / "rendered/dev/values/orders.yaml").unlink()
    (tmp_path / "rendered/dev/values/orders.yaml").symlink_to(tmp_path / "same.yaml")
    assert compare(tmp_path, FILES.items(), scope("dev")).changed == ("dev/values/orders.yaml",)


def test_a_link_that_takes_a_files_place_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "same.yaml").write_bytes(page("1"))
    link = tmp_path / "link.yaml"
    link.symlink_to("same.yaml")
    with pytest.raises(OSError, match="symbolic links"):
        disk.holds(str(link), page("1"))
    with pytest.raises(OSError, match="symbolic links"):
        disk.bannered(str(link))
    assert disk.read(str(link)) is None


def test_a_pipe_where_a_file_must_be_is_changed_and_does_not_block(tmp_path: Path) -> None:
    (tmp_path / "rendered/dev/values").mkdir(parents=True)
    os.mkfifo(tmp_path / "rendered/dev/values/orders.yaml")
    assert compare(tmp_path, FILES.items(), scope("dev")).changed == ("dev/values/orders.yaml",)


@pytest.mark.parametrize(
    "path", ["rendered", "rendered/dev", "rendered/dev/argocd", "rendered/dev/argocd/apps"]
)
@pytest.mark.parametrize(("kind", "found"), [("file", "a file"), ("link", "a symbolic link")])
def test_what_stands_where_a_folder_must_be_is_named(
    tmp_path: Path, path: str, kind: str, found: str
) -> None:
    place = tmp_path / path
    place.parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "elsewhere").mkdir()
    if kind == "file":
        place.write_bytes(page("bannered or not"))
    else:
        place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WriterError) as error:
        compare(tmp_path, FILES.items(), scope("dev"))
    assert str(error.value).startswith(f"{path}: must be a folder, but is {found}")
    assert str(error.value).endswith(": move it away, then run again")


def test_a_folder_where_a_file_must_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "rendered/dev/values/orders.yaml").mkdir(parents=True)
    with pytest.raises(WriterError) as error:
        compare(tmp_path, FILES.items(), scope("dev"))
    assert str(error.value) == (
        "rendered/dev/values/orders.yaml: must be a file, but is a folder: move it away, then run again"
    )


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("staging/a.yaml", "outside of what this run renders: staging/"),
        ("a.yaml", "outside of what this run renders: /"),
        ("/dev/a.yaml", "outside of what this run renders: /dev/"),
        ("dev/../staging/a.yaml", "outside of what this run renders: dev/../staging/"),
        ("dev//a.yaml", "outside of what this run renders: dev//"),
    ],
)
def test_a_path_outside_the_scope_is_the_callers_mistake(tmp_path: Path, path: str, message: str) -> None:
    with pytest.raises(ValueError, match="outside") as error:
        compare(tmp_path, [(path, page("1"))], scope("dev"))
    assert str(error.value) == message


@pytest.mark.parametrize("there", [False, True])
def test_a_path_twice_is_the_callers_mistake(tmp_path: Path, *, there: bool) -> None:
    if there:
        render(tmp_path, FILES)
    with pytest.raises(ValueError, match=r"rendered twice: dev/values/orders\.yaml"):
        compare(tmp_path, [*FILES.items(), *FILES.items()], scope("dev"))


def test_a_file_without_banner_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"without a banner: dev/a\.yaml"):
        compare(tmp_path, [("dev/a.yaml", b"a: 1\n")], scope("dev"))


@pytest.mark.parametrize("name", ["", ".render", "..", "dev/values"])
def test_a_scope_is_made_of_top_level_folders(name: str, tmp_path: Path) -> None:
    for wrong in (scope(name), scope(remove=(name,))):
        with pytest.raises(ValueError, match="not a top-level folder"):
            compare(tmp_path, [], wrong)


def test_no_environment_is_rendered_and_removed_in_one_run(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="rendered and removed"):
        compare(tmp_path, [], Scope(folders=frozenset({"dev"}), remove=frozenset({"dev"})))


def test_orphans_are_folders_with_generated_files_of_no_environment(tmp_path: Path) -> None:
    assert orphans(tmp_path, ["dev"]) == ()
    for folder in ("dev", "shared", "qa", "old/values/deep", ".hidden"):
        put(tmp_path, f"{folder}/a.yaml", page("1"))
    put(tmp_path, "notes/a.yaml", b"ours\n")
    put(tmp_path, "a.yaml", page("1"))
    (tmp_path / "rendered/empty").mkdir()
    (tmp_path / "rendered/link").symlink_to("qa")
    assert orphans(tmp_path, ["dev", "staging"]) == ("old", "qa")
