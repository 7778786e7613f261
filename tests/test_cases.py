"""Golden cases: a folder below cases/ is a test.

valid/<name>/    files of environments/ that replace the base's, and rendered/ as it must come out
                 (and .github/, where owners are named)
invalid/<name>/  files of environments/ that replace the base's, and expected.txt, what is printed

`pytest tests/test_cases.py --update-cases` writes what comes out now; read the diff before committing.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from generator.cli import main

CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 11, 24)


def cases(kind: str) -> list[str]:
    return sorted(folder.name for folder in (CASES / kind).iterdir())


def lay_out(root: Path, case: Path) -> None:
    """Make a repository at `root`: the base's spec with the files of `case` on top."""
    shutil.copytree(CASES / "base" / "environments", root / "environments")
    for file in (case / "environments").iterdir():
        shutil.copy(file, root / "environments" / file.name)
    for chart in ("edge", "workload"):
        (root / "argocd" / "charts" / chart / "1.0.0").mkdir(parents=True)


def files_below(folder: Path) -> dict[str, bytes]:
    own = ".render"  # the writer's state
    return {
        str(f.relative_to(folder)): f.read_bytes()
        for f in sorted(folder.rglob("*"))
        if f.is_file() and own not in f.parts
    }


@pytest.mark.parametrize("name", cases("invalid"))
def test_invalid(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    case = CASES / "invalid" / name
    lay_out(tmp_path, case)
    code = main(["render"], tmp_path, TODAY)
    shown = capsys.readouterr().err
    if request.config.getoption("--update-cases"):
        (case / "expected.txt").write_text(shown)
    assert shown == (case / "expected.txt").read_text()
    only_warnings = all(": warning: " in line for line in shown.splitlines() if line.startswith("environ"))
    assert code == (0 if only_warnings else 1)
    assert (tmp_path / "rendered").exists() == only_warnings, "an invalid spec must leave no trace"


@pytest.mark.parametrize("name", cases("valid"))
def test_valid(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    case = CASES / "valid" / name
    lay_out(tmp_path, case)
    assert main(["render"], tmp_path, TODAY) == 0
    assert capsys.readouterr().err == ""
    if request.config.getoption("--update-cases"):
        shutil.rmtree(case / "rendered", ignore_errors=True)
        ignore = shutil.ignore_patterns(".render", "schemas")
        shutil.copytree(tmp_path / "rendered", case / "rendered", ignore=ignore)
        shutil.rmtree(case / ".github", ignore_errors=True)
        if (tmp_path / ".github").exists():
            shutil.copytree(tmp_path / ".github", case / ".github")
    assert files_below(tmp_path / ".github") == files_below(case / ".github")
    rendered = files_below(tmp_path / "rendered")
    # The schemas do not depend on the spec; rendered/ of this repository holds them.
    rendered = {path: data for path, data in rendered.items() if not path.startswith("shared/schemas/")}
    assert rendered == files_below(case / "rendered")
