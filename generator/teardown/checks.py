"""Whether a cluster may be emptied, and whether those run who must help with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.bootstrap import checks as of_bootstrap
from generator.bootstrap.rollout import CONTROLLER, running
from generator.bootstrap.step import Step
from generator.model.kubernetes import ARGOCD_NAMESPACE
from generator.teardown import kinds, plan
from generator.teardown.kinds import named, owner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.bootstrap.progress import Progress
    from generator.bootstrap.site import Site
    from generator.cluster.client import Cluster
    from generator.model import Environment

    Events = Iterator[Step | Progress]

BALANCER = "aws-load-balancer-controller"
_SHOWN = 5
_NO_CLUSTER = "Then there is nothing to empty: go on with docs/terraform.md, Removing an environment."


def checks(site: Site, *, abandon: bool) -> Events:
    """Yield whether everything leads to the environment's cluster, and who does not run that must."""
    yield from of_bootstrap.tools(site)
    yield from of_bootstrap.places(site, _NO_CLUSTER)
    if site.cluster:
        yield from controllers(site.cluster, site.environment, abandon=abandon)


def controllers(cluster: Cluster, environment: Environment, *, abandon: bool) -> Events:
    """Say who must run and does not: what waits for them would wait for ever."""
    waiting = [a for a in kinds.APPLICATIONS.all(cluster) if a["metadata"]["name"] != "root"]
    found = cluster.get("apps/v1", "statefulsets", CONTROLLER, ARGOCD_NAMESPACE)
    if waiting and not running(found) and not abandon:
        yield _absent(
            environment, kinds.ARGO_CD, [f"Application {named(a)}" for a in waiting], _SCALE_ARGO_CD
        )
    elif waiting:
        state = "runs" if running(found) else "does not run: what its Applications made is deleted without it"
        yield Step("ok", f"{kinds.ARGO_CD} {state}")
    balanced = [(kind, thing) for kind, thing in plan.traffic(cluster) if _needs_balancer(thing)]
    if not balanced:
        return
    up = any(
        running(d)
        for d in cluster.list("apps/v1", "deployments", label_selector=f"app.kubernetes.io/name={BALANCER}")
    )
    safe = all(kind is kinds.BINDINGS for kind, _ in balanced)
    if up:
        yield Step("ok", f"{kinds.LOAD_BALANCERS} runs")
    elif abandon and safe:
        yield Step(
            "ok", f"{kinds.LOAD_BALANCERS} does not run: bindings are let go, their targets go with the group"
        )
    else:
        names = [f"{kind.title} {named(thing)}" for kind, thing in balanced]
        fix = _SCALE_BALANCER if safe else f"{_SCALE_BALANCER}\n{_UNSAFE}"
        yield _absent(environment, kinds.LOAD_BALANCERS, names, fix)


_SCALE_ARGO_CD = f"Start it: kubectl -n {ARGOCD_NAMESPACE} scale statefulset {CONTROLLER} --replicas 1"
_SCALE_BALANCER = f"Start it: kubectl -n kube-system scale deployment {BALANCER} --replicas 2"
_UNSAFE = (
    "There is no way around it here: without it the load balancers of Services and Ingresses would stay in "
    "AWS and hold the network."
)


def _absent(environment: Environment, who: str, names: list[str], fix: str) -> Step:
    more = [f"and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    shown = ", ".join([*names[:_SHOWN], *more])
    text = f"{who} does not run, and would have to take its finalizers from {shown}"
    ways = [fix, "or, where it is gone, install it again: docs/bootstrap.md, When it stops"]
    if _UNSAFE not in fix:
        ways.append(f"or do without it: make teardown ENV={environment.name} ABANDON=1 (docs/bootstrap.md)")
    return Step("missing", text, "\n".join(ways))


def _needs_balancer(thing: kinds.Document) -> bool:
    return any(owner(f) == kinds.LOAD_BALANCERS for f in thing["metadata"].get("finalizers") or ())
