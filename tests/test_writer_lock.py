from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.writer import WriterError, locked
from tests.writer_render import child, page, render, tree

if TYPE_CHECKING:
    from pathlib import Path

OLD = {f"dev/values/r{n}.yaml": page("old") for n in range(5)}


def content(name: str) -> dict[str, bytes]:
    """Each changes what all have, and has files and an environment of its own."""
    files = {f"dev/values/r{n}.yaml": page(name) for n in range(40)}
    return files | {f"dev/values/{name}.yaml": page(name), f"{name}/a.yaml": page(name)}


def folders(name: str) -> dict[str, None]:
    return {"dev": None, "dev/values": None, name: None}


def test_a_second_render_says_that_it_waits_then_finds_what_the_first_wrote(tmp_path: Path) -> None:
    render(tmp_path, OLD)
    first = child(tmp_path, content("first"), hold=True)
    assert first.stdout is not None
    assert first.stdout.readline() == "holding\n"
    second = child(tmp_path, content("second"), folders=["dev", "second"], remove=["first"])
    assert second.stdout is not None
    assert second.stdout.readline() == "waiting\n"
    assert tree(tmp_path) == OLD | {"dev": None, "dev/values": None}
    assert first.communicate("go on")[0] == ""
    assert second.communicate()[0] == ""  # nothing of the first is taken for a hand edit
    assert (first.returncode, second.returncode) == (0, 0)
    assert tree(tmp_path) == content("second") | folders("second")


def test_renders_at_once_end_in_the_whole_result_of_one(tmp_path: Path) -> None:
    names = ["one", "two", "three", "four"]
    render(tmp_path, OLD)
    runs = [
        child(tmp_path, content(name), folders=["dev", name], remove=[n for n in names if n != name])
        for name in names
    ]
    assert [(run.communicate()[0].replace("waiting\n", ""), run.returncode) for run in runs] == [("", 0)] * 4
    assert tree(tmp_path) in [content(name) | folders(name) for name in names]


def test_the_lock_of_a_killed_render_is_free(tmp_path: Path) -> None:
    run = child(tmp_path, OLD, hold=True)
    assert run.stdout is not None
    assert run.stdout.readline() == "holding\n"
    run.kill()
    run.communicate()
    waited: list[bool] = []
    assert render(tmp_path, OLD, waiting=lambda: waited.append(True)) == ()
    assert waited == []


def test_the_lock_is_freed_when_a_render_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyError), locked(tmp_path):
        raise KeyError
    with locked(tmp_path, waiting=lambda: pytest.fail("still locked")):
        pass


@pytest.mark.parametrize("path", ["rendered", "rendered/.render"])
def test_a_file_in_the_place_of_a_folder_is_told(tmp_path: Path, path: str) -> None:
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_bytes(b"")
    with pytest.raises(WriterError) as error, locked(tmp_path):
        pass
    assert str(error.value) == f"{path}: must be a folder, but is a file: move it away, then run again"
