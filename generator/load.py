"""From texts to the judged model: source -> schema -> merge -> resolve -> rules, all problems at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator import resolve, schema
from generator.layers import Layers, locate
from generator.merge import Merged, Merger
from generator.model import Environment, Spec, aws_names
from generator.problem import Finding, Problem, closest, did_you_mean, in_order
from generator.rules import Context, judge

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from generator.schema.bundle import Kind
    from generator.source import Document, Sources


class Loaded(NamedTuple):
    """The spec and what is wrong with it. `spec` is None when there is an error; warnings leave it."""

    spec: Spec | None
    problems: list[Problem]


def load(sources: Sources, today: date) -> Loaded:
    """Judge the documents. What one broken file hides is judged once that file is mended."""
    problems = [*sources.problems, *_written(sources)]
    if sources.platform is None or any(p.place.file == sources.platform.file for p in problems):
        return Loaded(None, in_order(problems))
    broken = {p.place.file for p in problems}
    documents = {n: d for n, d in sources.environments.items() if d.file not in broken}
    layers = Layers(sources.platform, documents)
    platform = resolve.platform(sources.platform.tree["platform"])
    merger, resolver = Merger(sources.platform.tree), resolve.Resolver()
    complete = _complete_once()
    found: list[Environment] = []
    for name, document in documents.items():
        findings = _unknown_profile(sources.platform, document)
        if not findings:
            merged = merger.environment(document.tree)
            incomplete = complete(merged)
            findings = [*merged.findings, *_ignored_replicas(layers, name, merged)]
            findings += _misspelt(sources.platform, document, incomplete)
            if not incomplete:
                resolved = resolver.environment(name, platform, merged)
                if isinstance(resolved, Environment):
                    found.append(resolved)
                else:
                    findings += resolved
        problems += [layers.problem(name, finding) for finding in findings]
    environments = resolve.with_registries(found)
    spec = Spec(platform=platform, environments=environments, charts=sources.charts)
    pinned = {name: document.tree.get("versions") or {} for name, document in documents.items()}
    names = {environment.name: list(aws_names(environment)) for environment in environments}
    files = {d.file for d in sources.environments.values()} | {p.place.file for p in sources.problems}
    known = frozenset(file.rpartition("/")[2].removesuffix(".yaml") for file in files)
    context = Context(today=today, pinned=pinned, names=names, environments=known)
    problems += [layers.problem(n, f) for n, f in judge(spec, context)]
    problems = in_order(problems)
    return Loaded(None if any(p.severity == "error" for p in problems) else spec, problems)


def _written(sources: Sources) -> list[Problem]:
    """What each document violates of its own schema."""
    kinds: list[tuple[Kind, Document]] = [("environment", d) for d in sources.environments.values()]
    if sources.platform:
        kinds.append(("platform", sources.platform))
    return [locate(d, f.path, f) for kind, d in kinds for f in schema.findings(kind, d.tree)]


def _ignored_replicas(layers: Layers, name: str, merged: Merged) -> list[Finding]:
    """A workload's own `replicas` that another of its keys overrules; the defaults' may stand idle."""
    findings = []
    for workload, tree in merged.workloads.items():
        ruler = "autoscaling" if "autoscaling" in tree else "schedule" if "schedule" in tree else ""
        path = ("workloads", workload, "replicas")
        if ruler and "replicas" in tree and layers.stands(name, path)[1][-3:-2] == ("workloads",):
            fix = "change autoscaling.min and max, or write autoscaling: null"
            findings.append(
                Finding(
                    path=path,
                    message=f"has no effect beside {ruler}",
                    fix=fix if ruler == "autoscaling" else "remove it: a job runs one pod",
                    other=("workloads", workload, ruler),
                )
            )
    return findings


def _misspelt(platform: Document, document: Document, incomplete: list[Finding]) -> list[Finding]:
    """Replace what is missing in a release that only differs by a slip from one of platform.yaml.

    Such an entry of an environment is meant to change the other one, not to be a release of its own.
    """
    better: list[Finding] = []
    for finding in incomplete:
        section, name = (*map(str, finding.path[:2]), "", "")[:2]
        shared = platform.tree.get(section) or {} if section in ("workloads", "components") else {}
        meant = closest(name, shared)
        if name in shared or not meant or not document.has(finding.path[:2]):
            better.append(finding)
        else:
            kind = section.removesuffix("s")
            message = f'platform.yaml has no {kind} "{name}", and as a new one it is incomplete'
            better.append(Finding(path=finding.path[:2], message=message, fix=f'did you mean "{meant}"?'))
    return better


def _unknown_profile(platform: Document, document: Document) -> list[Finding]:
    name, profiles = document.tree.get("profile"), platform.tree.get("profiles") or {}
    if name is None or name in profiles:
        return []
    fix = did_you_mean(name, profiles)
    return [Finding(path=("profile",), message=f'there is no profile "{name}"', fix=fix)]


def _complete_once() -> Callable[[Merged], list[Finding]]:
    """Return a check for completeness that looks at trees shared between environments only once."""
    seen: set[int] = set()

    def complete(merged: Merged) -> list[Finding]:
        findings = schema.findings("settings", merged.settings)
        versions = schema.findings("versions", merged.versions)
        findings += [_below(f, ("versions",)) for f in versions]
        kinds: tuple[tuple[Kind, str, dict[str, dict[str, object]]], ...] = (
            ("component", "components", merged.components),
            ("workload", "workloads", merged.workloads),
        )
        for kind, section, trees in kinds:
            for name, tree in trees.items():
                if id(tree) not in seen:
                    found = schema.findings(kind, tree)
                    findings += [_below(f, (section, name)) for f in found]
                    if not found:
                        seen.add(id(tree))
        return findings

    return complete


def _below(finding: Finding, path: tuple[str, ...]) -> Finding:
    return Finding(path=(*path, *finding.path), message=finding.message, fix=finding.fix, quote=finding.quote)
