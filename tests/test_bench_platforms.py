"""What the benchmarks render is a valid spec: nothing else runs them before somebody wants a number."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from generator import load, source

sys.path.insert(0, str(Path(__file__).parent / "bench"))  # scripts, no package

import platforms


@pytest.mark.parametrize(("environments", "workloads"), [(3, 5), (4, 40)])
def test_a_platform_of_any_size_is_valid(tmp_path: Path, environments: int, workloads: int) -> None:
    platforms.write(tmp_path, environments, workloads)
    loaded = load.load(source.load(tmp_path), date(2026, 11, 24))
    assert loaded.problems == []
    assert loaded.spec is not None
    assert len(loaded.spec.environments) == environments
    assert {len(environment.workloads) for environment in loaded.spec.environments} == {workloads}
