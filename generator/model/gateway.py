"""The API Gateway: how much it lets through, for which web pages, and what its tokens are about."""

from __future__ import annotations

from typing import NamedTuple

FUNCTIONS = ("authorizer", "token")

# Paths of the API's host that the gateway answers itself: terraform/modules/edge/routes.tf and probe.tf.
OWN_PATHS = (
    "/.well-known/jwks.json",
    "/.well-known/openid-configuration",
    "/auth/code",
    "/auth/token",
    "/healthz",
)


class Throttle(NamedTuple):
    """`rate` requests a second, `burst` at once, of all clients together."""

    rate: int
    burst: int


class Cors(NamedTuple):
    """Which web pages may call the API with what; `max_age` in seconds."""

    origins: tuple[str, ...]
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    max_age: int


class Tokens(NamedTuple):
    """What the gateway's tokens are about.

    The first of `signing_keys` signs. Customers are in `collection` of the database of `workload`. `throttle`
    is for each route that issues tokens; None leaves it to the module.
    """

    signing_keys: tuple[str, ...]
    workload: str
    collection: str
    sender: str
    throttle: Throttle | None


class Gateway(NamedTuple):
    """The API Gateway. Where it is on, a rule sees to it that there are `throttle` and `tokens`."""

    enabled: bool
    throttle: Throttle | None
    cors: Cors | None
    tokens: Tokens | None
