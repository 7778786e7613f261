"""Variables of the API Gateway, in the stack `platform`. Keys are the variables' names in HCL."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from generator.model.gateway import FUNCTIONS

if TYPE_CHECKING:
    from generator.model import Environment
    from generator.model.gateway import Cors, Throttle, Tokens


def variables(environment: Environment) -> dict[str, Any] | None:
    """Return the stack's `gateway`: None where it is off."""
    gateway = environment.gateway
    if not gateway.enabled or gateway.tokens is None:
        return None
    names = environment.function_names
    return {
        "name": environment.vpc_link_name,
        "api_host": environment.api_host,
        "apis": _apis(environment),
        "throttle": _throttle(gateway.throttle),
        "token_throttle": _throttle(gateway.tokens.throttle),
        "cors": _cors(gateway.cors),
        "packages": {
            "bucket": environment.package_bucket,
            **{function: _package(function, environment.functions[function]) for function in FUNCTIONS},
        },
        "functions": {f: {"name": names[f], "role_name": names[f]} for f in FUNCTIONS},
        "key_alias": environment.key_aliases["gateway"],
        "signing_keys": [
            {"id": key, "alias": alias} for key, alias in environment.signing_key_aliases.items()
        ],
        "audience": environment.audience,
        "table_name": environment.attempts_table_name,
        "hmac_secret_name": environment.hmac_secret_name,
        "customers": {
            "secret_name": environment.customers_secret_name,
            "database": environment.customers_database,
            "collection": gateway.tokens.collection,
        },
        "sender": _sender(environment, gateway.tokens),
    }


def _apis(environment: Environment) -> dict[str, Any]:
    apis: dict[str, Any] = {
        host: {"name": name, "routes": []} for host, name in environment.api_names.items()
    }
    for workload, _, route in environment.routes:
        apis[environment.host(route)]["routes"].append(
            {
                "path": route.path,
                "auth": route.auth,
                "workload": workload.name,
                "throttle": _throttle(route.throttle),
            }
        )
    return apis


def _package(function: str, sha256: str) -> dict[str, str]:
    """Where lambda/build.py says that a package goes, and its hash as S3 has it."""
    return {"key": f"{function}/{sha256}.zip", "sha256": b64encode(bytes.fromhex(sha256)).decode()}


def _throttle(throttle: Throttle | None) -> dict[str, int] | None:
    return {"rate": throttle.rate, "burst": throttle.burst} if throttle else None


def _cors(cors: Cors | None) -> dict[str, Any] | None:
    if cors is None:
        return None
    return {
        "origins": list(cors.origins),
        "methods": list(cors.methods),
        "headers": list(cors.headers),
        "max_age": cors.max_age,
    }


def _sender(environment: Environment, tokens: Tokens) -> dict[str, str]:
    identity = environment.sender_identity
    return {"identity": identity, "from": f"{tokens.sender} <no-reply@{identity}>"}
