"""Whether everything leads to the environment's own account and cluster: names prove nothing.

A cluster's certificate authority is its alone, so it tells clusters apart through tunnels and proxies, where
the server's address is another one.
"""

from __future__ import annotations

import re
import ssl
from typing import TYPE_CHECKING

from generator.bootstrap.step import Step
from generator.cluster import aws_identity
from generator.cluster.errors import WrongCluster

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.cluster.aws_identity import EksCluster
    from generator.cluster.aws_session import Aws
    from generator.cluster.kubeconfig import Context, Kubeconfig
    from generator.model import Environment

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def account(aws: Aws, environment: Environment) -> Step:
    """Say whether the AWS credentials are for the environment's account.

    Raises:
        AwsTrouble: AWS cannot be asked.
    """
    caller = aws_identity.caller(aws)
    if caller.account == environment.account:
        return Step("ok", f"AWS account {caller.account}, as {caller.arn}")
    place = f"{environment.name} is in {environment.account}"
    text = f"the AWS credentials are for account {caller.account}; {place}"
    fix = f"Take others: AWS_PROFILE=..., or `aws sso login`. These are of {caller.arn}."
    return Step("missing", text, fix)


def prove(found: EksCluster, config: Kubeconfig, context: Context) -> None:
    """Return when a context leads to the cluster that EKS describes, and nowhere else.

    Raises:
        WrongCluster: it does not, or nothing says so.
    """
    again = (
        f"aws eks update-kubeconfig --name {found.arn.rpartition('/')[2]} --region {found.arn.split(':')[3]}"
    )
    if _unverified(config, context):
        raise WrongCluster(
            f"context {context.name} skips the check of the server's certificate, so it may lead anywhere",
            f"Take insecure-skip-tls-verify out of it, or write it anew: {again}",
        )
    ours, theirs = certificates(found.authority), certificates(context.ca)
    if not ours:
        raise WrongCluster(
            f"EKS tells no certificate authority of {found.arn} yet", "Wait until it is ACTIVE."
        )
    if not theirs:
        raise WrongCluster(
            f"context {context.name} has no certificate authority, so nothing says which cluster it leads to",
            again,
        )
    if theirs != ours:
        raise WrongCluster(
            f"context {context.name} leads to another cluster than {found.arn}: its certificate authority is "
            "not that cluster's",
            f"Name another context with CONTEXT=NAME (--context NAME), or write it anew: {again}",
        )


def certificates(pem: bytes) -> set[bytes]:
    """Return the certificates of a PEM text, DER: two texts may differ in line ends and be the same."""
    found = set()
    for block in _CERTIFICATE.findall(pem.decode("ascii", "replace")):
        try:
            found.add(ssl.PEM_cert_to_DER_cert(block))
        except ValueError:
            continue
    return found


def version(found: EksCluster, served: Mapping[str, str]) -> Step:
    """Say whether what answers is the version that EKS runs: a second witness."""
    answered = served.get("gitVersion", "")
    if answered.startswith(f"v{found.version}."):
        return Step("ok", f"the Kubernetes API answers: {answered}")
    text = f"the Kubernetes API says {answered or 'nothing'}, EKS runs {found.version}"
    return Step(
        "missing", text, "During an upgrade wait for its end. Otherwise something else answers there."
    )


def _unverified(config: Kubeconfig, context: Context) -> bool:
    for entry in config.merged.value["clusters"]:
        if entry.value["name"] == context.cluster:
            return bool((entry.value.get("cluster") or {}).get("insecure-skip-tls-verify"))
    return False
