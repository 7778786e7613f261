"""The API Gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.gateway import Cors, Gateway, Throttle, Tokens

if TYPE_CHECKING:
    from generator.merge import Tree
    from generator.model import Platform


def gateway(tree: Tree, platform: Platform) -> Gateway:
    """Resolve the API Gateway; codes come from the platform where nobody else is named."""
    cors, tokens = tree.get("cors"), tree.get("tokens")
    return Gateway(
        enabled=tree["enabled"],
        throttle=throttle(tree.get("throttle")),
        cors=Cors(
            origins=tuple(cors["origins"]),
            methods=tuple(cors.get("methods", ("DELETE", "GET", "PATCH", "POST", "PUT"))),
            headers=tuple(cors.get("headers", ("authorization", "content-type"))),
            max_age=cors.get("maxAge", 3600),
        )
        if cors
        else None,
        tokens=Tokens(
            signing_keys=tuple(tokens["signingKeys"]),
            workload=tokens["customers"]["workload"],
            collection=tokens["customers"]["collection"],
            sender=tokens.get("sender", platform.name),
            throttle=throttle(tokens.get("throttle")),
        )
        if tokens
        else None,
    )


def throttle(tree: Tree | None) -> Throttle | None:
    """Resolve a limit, if there is one."""
    return Throttle(tree["rate"], tree["burst"]) if tree else None
