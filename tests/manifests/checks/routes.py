"""Every host and path leads to one Ingress, and every host is the environment's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment


def check(environment: Environment) -> Iterator[str]:
    """Yield what two Ingresses claim and what the load balancer never hands on."""
    hosts = environment.tfvars["ingress"]["hosts"]
    claims: dict[tuple[str, str], str] = {}
    for ingress in environment.of_kind("Ingress"):
        if "defaultBackend" in ingress.spec:
            yield f"{ingress}: takes whatever nobody else claims"
        for rule in ingress.spec.get("rules") or []:
            host = rule.get("host", "")
            if host not in hosts:
                yield f"{ingress}: {host or 'no host'} is none of this environment's: {', '.join(hosts)}"
            for path in rule["http"]["paths"]:
                place = (host, path["path"].rstrip("/") or "/")
                if place in claims:
                    yield f"{ingress}: {host}{path['path']} belongs to {claims[place]}"
                claims.setdefault(place, f"{ingress.kind}/{ingress.name} of {ingress.release}")
