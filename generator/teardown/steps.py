"""The teardown, in the order that leaves nothing behind; every step looks at what is still there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.bootstrap.argo_cd import NAME, ROOT
from generator.bootstrap.clock import Deadline
from generator.bootstrap.progress import Progress
from generator.bootstrap.step import Step
from generator.cluster import aws_leftovers
from generator.cluster.aws_trouble import AwsTrouble
from generator.teardown import applications, installation, plan, volumes, webhooks
from generator.teardown.kinds import BINDINGS, Kind
from generator.teardown.waiting import Removal, remove

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.bootstrap.site import Site
    from generator.cluster.client import Cluster

    Events = Iterator[Step | Progress]


def teardown(site: Site, *, abandon: bool = False) -> Events:
    """Yield what every step deletes, or whom it waits for; ends with the first that somebody must look at.

    Raises:
        ClusterError: the API or helm refuses, or cannot be asked; what is deleted stays so.
    """
    cluster = _cluster(site)
    yield from remove(applications.without_cascade(cluster, ROOT), Deadline(site.wish.timeout))
    number = applications.suspend(cluster)
    state: Step = Step(
        "changed" if number else "ok", "Argo CD brings nothing back of what is deleted from here on"
    )
    yield state
    for removal in _removals(site, abandon=abandon):
        gone = yield from remove(removal, Deadline(site.wish.timeout))
        if not gone:
            return
    yield from _kept(cluster)
    if site.helm:
        yield from installation.uninstall(cluster, site.helm)
    for last in (
        webhooks.unanswered(cluster, "webhooks that nobody answers by now"),
        installation.remains(cluster, site.root),
        installation.namespaces(cluster, site.environment),
    ):
        gone = yield from remove(last, Deadline(site.wish.timeout))
        if not gone:
            return
    yield from leftovers(site)


def _removals(site: Site, *, abandon: bool) -> Iterator[Removal]:
    """Yield what goes before Argo CD's pods, in order: who is needed by others goes after them."""
    cluster, environment = _cluster(site), site.environment
    yield webhooks.unanswered(cluster)
    yield applications.with_cascade(cluster, applications.workloads(environment), abandon=abandon)
    yield _traffic(cluster, abandon=abandon)
    yield volumes.idle(cluster)
    yield applications.with_cascade(cluster, applications.edge(), abandon=abandon)
    for wave in applications.waves(environment):
        yield applications.with_cascade(cluster, wave, abandon=abandon)
    yield volumes.every(cluster)
    yield applications.without_cascade(cluster, NAME)
    yield installation.projects(cluster)


def _traffic(cluster: Cluster, *, abandon: bool) -> Removal:
    """What the load balancer controller must let go, while it runs."""

    def ask(kind: Kind, thing: dict[str, object]) -> None:
        kind.delete(cluster, thing)
        if abandon and kind is BINDINGS:
            kind.release(cluster, thing)  # its target group is Terraform's, and the targets go with it

    return Removal("bindings, Ingresses and load balancers", lambda: list(plan.traffic(cluster)), ask)


def _kept(cluster: Cluster) -> Iterator[Step]:
    handles = volumes.kept(cluster)
    if handles:
        yield Step(
            "warning",
            f"kept, as their class says (reclaimPolicy: Retain): {', '.join(handles)}",
            "They cost money until somebody deletes them: aws ec2 delete-volume --volume-id ID",
        )


def leftovers(site: Site) -> Events:
    """Say what the cluster's controllers have left in AWS: it would hold the network, or cost money."""
    name = site.environment.cluster_name
    yield Progress("asking AWS for what is left")
    try:
        found = aws_leftovers.find(site.asked_aws(), name)
    except AwsTrouble as trouble:
        yield Step(
            "warning",
            f"whether AWS has something left of {name}: {trouble.message}",
            trouble.fix,
        )
        return
    if not found:
        yield Step("ok", "nothing of the cluster's load balancers and volumes is left in AWS")
        return
    lines = [
        f"{left.kind} {left.name}{f' ({left.purpose})' if left.purpose else ''}\n  {left.command}"
        for left in found
    ]
    fix = "\n".join(
        [*lines, "Look at each before you delete it; the network cannot go before they are gone."]
    )
    yield Step("missing", f"{len(found)} things are left in AWS that Terraform knows nothing of", fix)


def _cluster(site: Site) -> Cluster:
    """Return what the checks have found: they have ended it where it is missing."""
    if site.cluster is None:
        raise RuntimeError("the checks let pass what they must not")
    return site.cluster
