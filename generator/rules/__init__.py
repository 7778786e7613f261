"""What no schema can state: across fields, across releases, across environments.

One module a topic; a new module in this folder is found by itself.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from generator.rules.registry import RULES, Context, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import Spec
    from generator.problem import Finding

__all__ = ["RULES", "Context", "judge"]

for _module in sorted(Path(__file__).parent.glob("[a-z]*.py")):  # pkgutil would take 7 ms more
    import_module(f"{__name__}.{_module.stem}")


def judge(spec: Spec, context: Context, rules: Iterable[Rule] | None = None) -> Iterator[tuple[str, Finding]]:
    """Yield what the rules find, each with the name of the environment whose tree its path is in."""
    chosen = list(RULES.values() if rules is None else rules)
    yield from _workloads(spec, [r for r in chosen if r.scope == "workload"])
    for rule in chosen:
        if rule.scope == "spec":
            yield from rule.function(spec, context)
        elif rule.scope == "environment":
            for environment in spec.environments:
                for finding in rule.function(environment, spec, context):
                    yield environment.name, finding


def _workloads(spec: Spec, rules: list[Rule]) -> Iterator[tuple[str, Finding]]:
    """Judge each distinct settings object once: most are shared by many environments."""
    seen: set[int] = set()
    for environment in spec.environments:
        for workload in environment.workloads:
            if id(workload.settings) not in seen:
                seen.add(id(workload.settings))
                for rule in rules:
                    for finding in rule.function(workload.settings):
                        path = ("workloads", workload.name, *finding.path)
                        other = ("workloads", workload.name, *finding.other) if finding.other else None
                        yield environment.name, finding._replace(path=path, other=other)
