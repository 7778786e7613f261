"""`kill -9` at 50 seeded points: nothing is lost, nobody is blamed, the next render finishes the job."""

# ruff: noqa: S311  (seeded points, no secrets)

from __future__ import annotations

import random
import shutil
import signal
from typing import TYPE_CHECKING

import pytest

from generator.writer import compare, disk, hand_edited
from tests.writer_render import child, own, page, render, scope, tree

if TYPE_CHECKING:
    from pathlib import Path

(OUTSIDE,) = disk.OUTSIDE

# Every kind of change: replaced, added, pruned, a new folder, folders left empty, an environment new
# and one removed.
FIRST = {
    **{f"dev/values/r{n}.yaml": page("first") for n in range(8)},
    **{f"dev/argocd/apps/r{n}.yaml": page("first") for n in range(3)},
    **{f"qa/values/r{n}.yaml": page("first") for n in range(3)},
    "dev/old/deep/r.yaml": page("first"),
    "dev/same.yaml": page("same"),
    "shared/terraform/workspaces.yaml": page("first"),
    OUTSIDE: page("first"),
}
SECOND = {
    **{f"dev/values/r{n}.yaml": page("second" * n) for n in range(2, 10)},
    **{f"dev/terraform/r{n}.yaml": page("second") for n in range(3)},
    **{f"production/values/r{n}.yaml": page("second" * 9) for n in range(4)},
    "dev/same.yaml": page("same"),
    "shared/terraform/workspaces.yaml": page("second"),
    OUTSIDE: page("second" * 3),
}
THIRD = {
    **{f"dev/values/r{n}.yaml": page("third") for n in range(1, 9)},
    "dev/same.yaml": page("third"),
    "production/values/r1.yaml": page("third"),
    OUTSIDE: page("third"),
}
FOREIGN = {
    "dev/NOTES.md": b"ours\n",
    "dev/argocd/apps/ours.yaml": b"a: 1\n",
    "qa/values/ours.yaml": b"a: 1\n",
}
OWNED = scope("dev", "production", "shared", remove=("qa",), outside=(OUTSIDE,))
ORDER = {"folders": sorted(OWNED.folders), "remove": sorted(OWNED.remove), "outside": [OUTSIDE]}

SIZES = 5  # points in the middle of writing a file, given by the size at which it is cut: pages, the state
POINTS = sorted(random.Random(0).sample(range(1, 1001), 50 - SIZES))  # in thousandths of a render's events


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """FIRST rendered, with foreign files beside it; no Git, so that the state alone can tell."""
    root = tmp_path_factory.mktemp("start")
    render(root, FIRST)
    for path, data in FOREIGN.items():
        (root / "rendered" / path).write_bytes(data)
    return root


@pytest.fixture(scope="module")
def finished(start: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes | str | None]:
    """What a SECOND that nobody kills leaves."""
    root = tmp_path_factory.mktemp("finished") / "root"
    shutil.copytree(start, root)
    assert render(root, SECOND, OWNED) == ()
    assert not (root / "rendered/dev/old").exists()
    return tree(root)


@pytest.fixture(scope="module")
def events(start: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, int]:
    """How many events of the file system a render of SECOND over FIRST has, and one of THIRD.

    The latter is the least for THIRD: over what a killed SECOND leaves it has more to do.
    """
    counts = []
    for files in (SECOND, THIRD):
        root = tmp_path_factory.mktemp("events") / "root"
        shutil.copytree(start, root)
        output, _ = child(root, files, **ORDER, stop=0).communicate()
        counts.append(int(output))
    return counts[0], counts[1]


def killed(root: Path, files: dict[str, bytes], **how: object) -> None:
    run = child(root, files, **ORDER, **how)
    output, _ = run.communicate()
    assert run.returncode in (-signal.SIGKILL, -signal.SIGXFSZ), output


def check(root: Path, *renderings: dict[str, bytes]) -> None:
    """Every file is whole, of one of the renderings, and the foreign ones are there."""
    found = {path: data for path, data in tree(root).items() if data is not None}
    for path, data in found.items():
        assert data in [files.get(path) for files in (*renderings, FOREIGN)], path
    assert FOREIGN.items() <= found.items()
    for path in renderings[0]:  # what all renderings have is never absent
        if all(path in files for files in renderings):
            assert path in found
    # a new environment appears whole
    production = {path for path in found if path.startswith("production/")}
    assert production in (set(), {path for path in SECOND if path.startswith("production/")})


@pytest.mark.parametrize("how", [{"point": n} for n in POINTS] + [{"size": n} for n in range(SIZES)], ids=str)
def test_kill(
    start: Path,
    finished: dict[str, bytes | str | None],
    events: tuple[int, int],
    tmp_path: Path,
    how: dict[str, int],
) -> None:
    root = tmp_path / "root"
    shutil.copytree(start, root)
    if "size" in how:
        pages = sorted({len(data) for data in SECOND.values()})
        limits = [size - 1 for size in pages[1:SIZES]] + pages[-1:]
        killed(root, SECOND, limit=limits[how["size"]], fatal=True)
    else:
        killed(root, SECOND, stop=1 + how["point"] * (events[0] - 1) // 1000)
    check(root, FIRST, SECOND)

    # the spec changed meanwhile: nothing that the killed render wrote is taken for a hand edit,
    assert hand_edited(root, compare(root, THIRD.items(), OWNED)) == ()
    # ... not even when the next render is killed as well, in its second half
    again = tmp_path / "again"
    shutil.copytree(root, again)
    killed(again, THIRD, stop=random.Random(str(how)).randint(events[1] // 2, events[1]))
    assert render(again, SECOND, OWNED) == ()
    assert tree(again) == finished

    assert render(root, SECOND, OWNED) == ()
    assert tree(root) == finished
    assert own(root) == {"lock", "state"}
