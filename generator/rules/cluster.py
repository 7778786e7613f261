"""Kubernetes versions, and the components that depend on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.catalog import known
from generator.model.kubernetes import ARGOCD_NAMESPACE
from generator.problem import Finding, did_you_mean
from generator.rules.registry import Context, Findings, environment_rule

if TYPE_CHECKING:
    from generator.model import Environment, Spec

_VERSION = ("cluster", "kubernetesVersion")


def _minor(version: str) -> int:
    return int(version.partition(".")[2])


@environment_rule
def kubernetes_out_of_range(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """A chart that was never tested with this Kubernetes breaks in ways that show late."""
    version = environment.cluster.kubernetes_version
    for component in environment.components:
        low, high = component.kubernetes
        if (low and _minor(version) < _minor(low)) or (high and _minor(version) > _minor(high)):
            span = f"{low or 'any'} to {high or 'any'}"
            yield Finding(
                path=_VERSION,
                message=f"{component.name} supports Kubernetes {span}, not {version}",
                fix=f"stay in that range, or set components.{component.name}.kubernetes to what your chart "
                "version supports",
                other=("components", component.name),
            )


@environment_rule
def retired_component(environment: Environment, _spec: Spec, context: Context) -> Findings:
    """A component that nobody mends any more is a decision to renew on a date."""
    for component in environment.components:
        retired = known(component.name).retired
        if retired is None or (component.waiver and component.waiver.until >= context.today):
            continue
        path = ("components", component.name)
        if component.waiver:
            yield Finding(
                path=(*path, "waiver", "until"),
                message=f"the waiver ended on {component.waiver.until}: {component.name} is retired since "
                f"{retired.since}, {retired.consequence}",
                fix="move to a maintained fork or another controller, or renew the waiver",
                severity="warning",
            )
        else:
            yield Finding(
                path=path,
                message=f"retired since {retired.since}: {retired.consequence}",
                fix="plan its replacement; until then accept it with waiver: {until: <date>, reason: <why>}",
                severity="warning",
            )


@environment_rule
def addon_of_another_kubernetes(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """There is a kube-proxy for each minor version, and EKS refuses the others."""
    version, proxy = environment.cluster.kubernetes_version, environment.cluster.addons["kube-proxy"]
    if not proxy.startswith(f"v{version}."):
        yield Finding(
            path=("cluster", "addons", "kube-proxy"),
            message=f"{proxy} is not for Kubernetes {version}",
            fix="take one from: aws eks describe-addon-versions --addon-name kube-proxy "
            f"--kubernetes-version {version}",
            other=_VERSION,
        )


@environment_rule
def image_of_another_kubernetes(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """The kubelet is in the machine image."""
    version, release = environment.cluster.kubernetes_version, environment.cluster.ami_release
    if release and not release.startswith(f"{version}."):
        yield Finding(
            path=("cluster", "amiRelease"),
            message=f"{release} is not for Kubernetes {version}",
            fix="take one from github.com/awslabs/amazon-eks-ami/releases, or remove it for the newest",
            other=_VERSION,
        )


@environment_rule
def argocd_elsewhere(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Argo CD looks for Applications in its own namespace, and that is where they are rendered to."""
    for component in environment.components:
        if component.name == "argo-cd" and component.namespace != ARGOCD_NAMESPACE:
            yield Finding(
                path=("components", "argo-cd", "namespace"),
                message=f"the Applications are in {ARGOCD_NAMESPACE}, where Argo CD would not be",
                fix=f"write {ARGOCD_NAMESPACE}",
            )


@environment_rule
def unknown_ingress_controller(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """The controller that receives requests must be installed."""
    names = [c.name for c in environment.components if known(c.name).ingress]
    if environment.ingress.controller not in names:
        yield Finding(
            path=("ingress", "controller"),
            message=f'there is no ingress controller "{environment.ingress.controller}" among the components',
            fix=did_you_mean(environment.ingress.controller, names),
        )
