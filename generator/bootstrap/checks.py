"""Everything that must be there before: all that is missing comes out in one run, and nothing is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.bootstrap import checkout, delegation, helm, identity, nodes, platform, repository
from generator.bootstrap.progress import Progress
from generator.bootstrap.step import Step
from generator.cluster import aws_identity
from generator.cluster.aws_trouble import NoAnswer
from generator.cluster.client import Cluster
from generator.cluster.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from generator.bootstrap.site import Site

    Events = Iterator[Step | Progress]

_ACTIVE = ("ACTIVE", "UPDATING")  # it serves during an update


def checks(site: Site) -> Events:
    """Yield what is there and what is missing, and fill in what the site lacks."""
    yield from tools(site)
    yield from sources(site)
    asked = yield from places(site)
    if site.cluster:
        yield from _looked(lambda: _nodes(site))
    if asked:
        yield Progress("asking AWS for what Terraform has made")
        yield from _looked(lambda: platform.made(site.asked_aws(), site.environment))
        yield Progress(f"asking the world for {site.environment.domain}")
        yield from _looked(
            lambda: iter([delegation.delegated(site.asked_aws(), site.environment, site.wish.resolver)])
        )
    yield Progress("looking for the repository's credential")
    yield from _looked(lambda: _credential(site, ask_aws=asked))


def places(site: Site, absent: str = "") -> Generator[Step | Progress, None, bool]:
    """Say whether everything leads to the environment's account and cluster; return whether AWS answers.

    `absent` is what to do where there is no cluster, in place of making one.
    """
    yield Progress("asking AWS")
    asked = yield from _looked(lambda: _account(site))
    if asked:
        yield from _looked(lambda: _cluster(site, absent))
    yield Progress("asking the cluster")
    yield from _looked(lambda: _context(site))
    return asked


def tools(site: Site) -> Iterator[Step]:
    """Say whether there is a helm that is recent enough; nothing else is run."""
    site.helm = helm.find(site.root)
    oldest = ".".join(map(str, helm.OLDEST))
    fix = f"Install helm {oldest} or later on PATH (https://helm.sh/docs/intro/install), or run make tools."
    if site.helm is None:
        yield Step("missing", "helm is not on PATH", fix)
    elif not site.helm.recent:
        yield Step("missing", f"{site.helm.path} is helm {site.helm.shown}, too old", fix)
    else:
        yield Step("ok", f"helm {site.helm.shown}, {_short(site)}")


def sources(site: Site) -> Iterator[Step]:
    """Say whether what is to be installed is here, and what Argo CD is to find later is there."""
    if site.argo_cd is None:
        fix = (
            "Nothing could sync the cluster: put argo-cd back into components of environments/platform.yaml."
        )
        yield Step("missing", f"{site.environment.name} has no component argo-cd", fix)
    yield checkout.rendered(site.root, site.environment)
    yield checkout.branch(site.root, site.environment)


def _short(site: Site) -> str:
    path = site.helm.path if site.helm else site.root
    return str(path.relative_to(site.root) if path.is_relative_to(site.root) else path)


def _looked(look: Callable[[], Iterator[Step]]) -> Generator[Step, None, bool]:
    """Yield what a check says, or that it could not be done. Returns whether it found nothing to stop for."""
    fine = True
    try:
        for step in look():
            fine = fine and not step.stops
            yield step
    except NoAnswer as trouble:
        yield Step("missing", trouble.message, f"{trouble.fix}\nWhat is in AWS has not been looked at.")
        return False
    except ClusterError as trouble:
        yield Step("unknown", trouble.message, trouble.fix)
        return False
    return fine


def _account(site: Site) -> Iterator[Step]:
    yield identity.account(site.asked_aws(), site.environment)


def _cluster(site: Site, absent: str) -> Iterator[Step]:
    environment, name = site.environment, site.environment.cluster_name
    found = aws_identity.cluster(site.asked_aws(), name)
    if found is None:
        text = f"there is no EKS cluster {name} in {environment.region}"
        yield Step("missing", text, absent or platform.how(environment, "platform"))
        return
    if found.status not in _ACTIVE:
        fix = "Wait until it is ACTIVE; it takes about ten minutes."
        yield Step("missing", f"the EKS cluster {name} is {found.status}", fix)
        return
    site.eks = found
    yield Step("ok", f"EKS cluster {name}, Kubernetes {found.version}, {found.status}")
    if found.version != environment.cluster.kubernetes_version:
        wanted = environment.cluster.kubernetes_version
        yield Step(
            "warning", f"environments/ wants Kubernetes {wanted}", platform.how(environment, "platform")
        )


def _context(site: Site) -> Iterator[Step]:
    """Nothing is sent to a cluster that is not proven to be the environment's."""
    config, context = site.context()
    if site.eks is None:
        fix = "Only AWS knows the certificate authority of the environment's cluster. Put that right first."
        yield Step("unknown", f"whether context {context.name} leads to the environment's cluster", fix)
        return
    try:
        identity.prove(site.eks, config, context)
    except ClusterError as trouble:
        yield Step("missing", trouble.message, trouble.fix)
        return
    yield Step("ok", f"context {context.name} leads to that cluster, by its certificate authority")
    cluster = Cluster(config, context, notice=site.notice)
    yield identity.version(site.eks, cluster.version())
    site.cluster = cluster


def _nodes(site: Site) -> Iterator[Step]:
    if site.cluster:
        yield nodes.ready(site.environment, site.cluster.list("v1", "nodes"))


def _credential(site: Site, *, ask_aws: bool) -> Iterator[Step]:
    """A file that is named counts before AWS, AWS before what Argo CD has, and that before nobody's."""
    environment, way = site.environment, None
    if site.wish.credential:
        way = repository.from_file(site.wish.credential, environment)
    elif ask_aws:
        way = repository.from_aws(site.asked_aws(), environment)
    if way is None and site.cluster:
        way = repository.kept(site.cluster, environment)
    way = way or repository.open_to_all(environment) or repository.nothing(environment)
    site.credential = way.credential
    yield way.step
