"""What is rendered for an environment, as far as a request on its way to a workload meets it."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

OPEN = "none"


class DemoError(Exception):
    """The demo cannot run; says in one line why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Throttle:
    """Requests a second, and how many at once."""

    rate: float
    burst: int


@dataclass(frozen=True, kw_only=True)
class Route:
    """A path of a host and all below it. `auth` is none, identified or verified."""

    host: str
    path: str
    auth: str
    workload: str
    throttle: Throttle | None


@dataclass(frozen=True, kw_only=True)
class Cors:
    """From where scripts may call."""

    origins: tuple[str, ...]
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    max_age: int


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The gateway of an environment, and the ConfigMap of its ingress-nginx."""

    name: str
    api_host: str
    hosts: tuple[str, ...]
    routes: tuple[Route, ...]
    throttle: Throttle
    token_throttle: Throttle
    cors: Cors | None
    signing_keys: tuple[str, ...]  # ids, the one that signs first
    audience: str
    table: str
    hmac_secret: str
    customers_secret: str
    customers_database: str
    customers_collection: str
    sender: str
    sender_identity: str
    ingress: Mapping[str, str]  # keys of the ConfigMap

    @property
    def issuer(self) -> str:
        """Who issues the tokens."""
        return f"https://{self.api_host}"

    @property
    def workloads(self) -> tuple[str, ...]:
        """The workloads with a route."""
        return tuple(sorted({route.workload for route in self.routes}))


def read(rendered: Path, name: str) -> Environment:
    """Return an environment of a folder such as `rendered/`.

    Raises:
        DemoError: there is none of this name, it has no gateway, or its files are of another shape.
    """
    folder = rendered / name
    if not (folder / "terraform" / "platform.tfvars.json").is_file():
        raise DemoError(_unknown(rendered, name))
    gateway = json.loads((folder / "terraform" / "platform.tfvars.json").read_text("utf-8"))["gateway"]
    if gateway is None:
        raise DemoError(
            f"the gateway of {name} is off: set gateway.enabled in environments/{name}.yaml, or take another"
        )
    values = folder / "values" / "ingress-nginx.yaml"
    if not values.is_file():
        raise DemoError(f"{name} has no ingress-nginx, and the demo knows no other ingress controller")
    config = yaml.safe_load(values.read_text("utf-8"))["controller"]["config"]
    try:
        return _environment(name, gateway, config)
    except (KeyError, TypeError) as error:
        raise DemoError(
            f"rendered/{name} is of another version than this demo: run make render ({error!r})"
        ) from error


def _unknown(rendered: Path, name: str) -> str:
    known = sorted(file.parents[1].name for file in rendered.glob("*/terraform/platform.tfvars.json"))
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
    return f"no environment {name!r} is rendered: {hint}"


def _environment(name: str, gateway: dict[str, Any], config: dict[str, str]) -> Environment:
    throttle = Throttle(**gateway["throttle"])
    # As local.token_throttle in modules/edge/routes.tf.
    usual = Throttle(rate=min(10, throttle.rate), burst=min(20, throttle.burst))
    return Environment(
        name=name,
        api_host=gateway["api_host"],
        hosts=tuple(sorted(gateway["apis"])),
        routes=tuple(
            Route(
                host=host,
                path=route["path"],
                auth=route["auth"],
                workload=route["workload"],
                throttle=_throttle(route["throttle"]),
            )
            for host, api in sorted(gateway["apis"].items())
            for route in api["routes"]
        ),
        throttle=throttle,
        token_throttle=_throttle(gateway["token_throttle"]) or usual,
        cors=_cors(gateway["cors"]),
        signing_keys=tuple(key["id"] for key in gateway["signing_keys"]),
        audience=gateway["audience"],
        table=gateway["table_name"],
        hmac_secret=gateway["hmac_secret_name"],
        customers_secret=gateway["customers"]["secret_name"],
        customers_database=gateway["customers"]["database"],
        customers_collection=gateway["customers"]["collection"],
        sender=gateway["sender"]["from"],
        sender_identity=gateway["sender"]["identity"],
        ingress=config,
    )


def _throttle(found: dict[str, Any] | None) -> Throttle | None:
    return None if found is None else Throttle(**found)


def _cors(found: dict[str, Any] | None) -> Cors | None:
    if found is None:
        return None
    origins, methods, headers = (tuple(found[name]) for name in ("origins", "methods", "headers"))
    return Cors(origins=origins, methods=methods, headers=headers, max_age=found["max_age"])
