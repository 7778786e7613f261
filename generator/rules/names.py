"""Names that are too long for their service, taken twice, or reserved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.kubernetes import EDGE
from generator.model.names import HOST
from generator.problem import Finding, Path
from generator.rules.registry import Context, Findings, environment_rule, spec_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment, Spec
    from generator.model.names import Name

_RESERVED_NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease")
_RESERVED_RELEASES = ("root", EDGE)  # the app of apps, and the release of our own chart


@environment_rule
def name_too_long(environment: Environment, _spec: Spec, context: Context) -> Findings:
    """Each service limits its names; AWS would refuse only at apply."""
    for name in context.names[environment.name]:
        if len(name.value) > name.kind.limit:
            yield Finding(
                path=name.path,
                message=f"the {name.kind.title} {name.value} has {len(name.value)} characters, "
                f"{name.kind.limit} are allowed",
                fix="shorten the name of the release, the environment or the platform",
            )


@environment_rule
def release_name_too_long(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Helm and the CronJob controller, which appends eleven characters, refuse it only at sync."""
    for workload in environment.workloads:
        limit, owner = (52, "a CronJob") if workload.settings.is_job else (53, "a Helm release")
        yield from _too_long(workload.name, ("workloads", workload.name), limit, owner)
    for component in environment.components:
        yield from _too_long(component.name, ("components", component.name), 53, "a Helm release")


def _too_long(name: str, path: Path, limit: int, owner: str) -> Findings:
    if len(name) > limit:
        message = f"the name has {len(name)} characters, {owner} may have {limit}"
        yield Finding(path=path, message=message, fix="shorten it")


@spec_rule
def name_taken_twice(spec: Spec, context: Context) -> Iterator[tuple[str, Finding]]:
    """Two names that are one and the same where they must differ, in one environment or across them."""
    first: dict[tuple[str, str, tuple[str, ...]], tuple[Environment, Name]] = {}
    for environment in spec.environments:
        scopes = _scopes(environment)
        for name in context.names[environment.name]:
            kind = name.kind
            owner, other = first.setdefault((kind.title, name.value, scopes[kind.scope]), (environment, name))
            if kind is HOST and name.value != environment.domain == owner.domain:
                continue  # a shared domain is one mistake, not one for each of its hosts
            if owner is not environment or (kind.exclusive and name.path != other.path):
                taken = "" if owner is environment else f" by {owner.name}"
                yield (
                    environment.name,
                    Finding(
                        path=name.path,
                        message=f"the {kind.title} {name.value} is taken{taken} already",
                        fix="give each environment a domain of its own"
                        if kind is HOST
                        else "rename one of the two",
                        other=other.path,
                        other_environment=owner.name,
                    ),
                )


@spec_rule
def name_starts_anothers(spec: Spec, _context: Context) -> Iterator[tuple[str, Finding]]:
    """In one account, roles of `dev` may change what starts with its prefix: all of `dev-2`, too."""
    for one in spec.environments:
        for other in spec.environments:
            if one.account == other.account and other.name.startswith(f"{one.name}-"):
                yield (
                    other.name,
                    Finding(
                        path=("account",),
                        message=f"{one.name} is in this account, too, and its roles reach all that "
                        f"starts with {one.prefix}-",
                        fix="rename one of the two files so that no name starts with the other's and a "
                        "hyphen, or take another account",
                        other=("account",),
                        other_environment=one.name,
                    ),
                )


def _scopes(environment: Environment) -> dict[str, tuple[str, ...]]:
    """What two names of a scope must have in common to be in each other's way."""
    return {
        "account": (environment.account,),
        "region": (environment.account, environment.region),
        "environment": (environment.name,),
        "everywhere": (),
    }


def _namespaces(environment: Environment) -> Iterator[tuple[str, Path, bool]]:
    for component in environment.components:
        yield component.namespace, ("components", component.name, "namespace"), True
    for workload in environment.workloads:
        yield workload.namespace, ("workloads", workload.name), False


@environment_rule
def release_name_taken(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """A release names its values file and its Application."""
    components = {c.name for c in environment.components}
    for workload in environment.workloads:
        path = ("workloads", workload.name)
        if workload.name in components:
            other = ("components", workload.name)
            message = f"a component is called {workload.name} too"
            yield Finding(path=path, message=message, fix="rename the workload", other=other)
    workloads = {w.name for w in environment.workloads}
    for section, releases in (("workloads", workloads), ("components", components)):
        for name in sorted(releases.intersection(_RESERVED_RELEASES)):
            yield Finding(path=(section, name), message=f'"{name}" is reserved', fix="take another name")


@environment_rule
def namespace_taken(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """A workload shares its namespace with nobody; nothing of ours goes into Kubernetes' own ones."""
    components: dict[str, Path] = {}
    for namespace, path, is_component in _namespaces(environment):
        if is_component:
            components.setdefault(namespace, path)
            taken = namespace in _RESERVED_NAMESPACES and namespace != "kube-system"
        else:
            taken = namespace in components or namespace in _RESERVED_NAMESPACES
        if taken:
            other = components.get(namespace) if not is_component else None
            yield Finding(
                path=path,
                message=f"the namespace {namespace} is not free",
                fix="take another name",
                other=other,
            )
