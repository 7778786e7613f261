"""Rendering on several cores: the same result as on one, and no error lost on the way."""

from __future__ import annotations

import os
import shutil
import signal
from typing import TYPE_CHECKING

import pytest

from generator import load, source
from generator.cli import parallel
from generator.cli.selection import Selection, select
from generator.writer import WriterError, apply, compare, locked
from tests.test_cases import CASES, TODAY, lay_out

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    lay_out(tmp_path, CASES / "valid" / "base")
    dev = (tmp_path / "environments" / "dev.yaml").read_text()
    for index in range(3):
        text = dev.replace("dev.shop", f"e{index}.shop").replace("10.10.", f"10.3{index}.")
        text = text.replace("111111111111", f"{index:012}")
        (tmp_path / "environments" / f"e{index}.yaml").write_text(text)
    return tmp_path


@pytest.fixture(params=[2, 3, 64])
def cores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(parallel, "_WORTH_A_FORK", 0)
    monkeypatch.setattr(parallel, "_cores", lambda: request.param)
    return int(request.param)


def selection_of(root: Path, only: str | None = None, removed: tuple[str, ...] = ()) -> Selection:
    loaded = load.load(source.load(root), TODAY)
    assert loaded.spec is not None
    return select(loaded.spec, only, removed)


def test_the_parts_have_everything_once(root: Path, cores: int) -> None:
    parts = parallel._split(selection_of(root, removed=("gone",)))
    assert len(parts) == min(cores, 5)
    assert sorted(e.name for p in parts for e in p.environments) == ["dev", "e0", "e1", "e2", "live"]
    first, *others = [(p.everything, p.removed) for p in parts]
    assert first == (True, {"gone"})
    assert set(others) == {(False, frozenset())}


def test_the_difference_is_the_same_as_on_one_core(root: Path, cores: int) -> None:
    assert cores > 1
    selection = selection_of(root)
    assert parallel.difference(root, selection) == compare(root, selection.files, selection.scope)
    with locked(root):
        apply(root, parallel.difference(root, selection))
    values = root / "rendered" / "e1" / "values"
    (values / "web.yaml").write_text("edited\n")
    (values / "old.yaml").write_text((values / "cleanup.yaml").read_text())
    shutil.rmtree(root / "rendered" / "e2")
    found = parallel.difference(root, selection)
    assert found == compare(root, selection.files, selection.scope)
    assert (found.changed, found.stale) == (("e1/values/web.yaml",), ("e1/values/old.yaml",))
    assert found.added
    assert all(path.startswith("e2/") for path in found.added)


def test_one_environment_is_not_split(root: Path, cores: int) -> None:
    assert cores > 1
    assert len(parallel._split(selection_of(root, "dev"))) == 1


def test_few_releases_are_not_split(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_cores", lambda: 4)
    assert len(parallel._split(selection_of(root))) == 1


def test_an_error_of_any_part_arrives(root: Path, cores: int) -> None:
    assert cores > 1
    for name in ("dev", "e0", "e1", "e2", "live"):
        blocked = root / "rendered" / name
        blocked.parent.mkdir(exist_ok=True)
        blocked.write_text("a file where a folder must be")
        with pytest.raises(WriterError, match=f"rendered/{name}"):
            parallel.difference(root, selection_of(root))
        blocked.unlink()


def test_a_part_that_is_killed_is_an_error(root: Path, cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cores > 1
    parent = os.getpid()

    def compare_or_die(*arguments: object) -> object:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return compare(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(parallel, "compare", compare_or_die)
    with pytest.raises(WriterError, match="was ended; run it again"):
        parallel.difference(root, selection_of(root))
