"""No Ingress asks NGINX for more than patience and buffers: nothing that rewrites, redirects or injects."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment

PREFIX = "nginx.ingress.kubernetes.io/"

# Of those that ingress-nginx calls of low risk (docs/user-guide/nginx-configuration/annotations-risk.md; the
# controller refuses the rest), the ones that change neither who is asked, nor where, nor what is logged.
ALLOWED = {
    PREFIX + name
    for name in (
        "client-body-buffer-size",
        "limit-connections",
        "limit-rate",
        "limit-rate-after",
        "limit-rpm",
        "limit-rps",
        "proxy-buffer-size",
        "proxy-buffering",
        "proxy-buffers-number",
        "proxy-connect-timeout",
        "proxy-http-version",
        "proxy-max-temp-file-size",
        "proxy-next-upstream-timeout",
        "proxy-next-upstream-tries",
        "proxy-read-timeout",
        "proxy-request-buffering",
        "proxy-send-timeout",
    )
}


def check(environment: Environment) -> Iterator[str]:
    """Yield the annotations of Ingresses that are not among the harmless ones."""
    for ingress in environment.of_kind("Ingress"):
        for key in sorted(ingress.annotations):
            foreign = "ingress" in key and not key.startswith(
                PREFIX
            )  # kubernetes.io/ingress.class and others
            if foreign or (key.startswith(PREFIX) and key not in ALLOWED):
                yield f"{ingress}: annotation {key} is not one of the harmless ones"
