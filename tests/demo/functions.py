"""Both functions in interpreters of their own, with the settings of modules/edge/functions.tf."""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fakes import aws, runtime
from tests.demo import packages
from tests.demo.gateway import api_id
from tests.demo.routing import Target, routes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.demo.account import Account
    from tests.demo.environment import Environment

    Function = Callable[[Any], Any]

HANDLERS = {"authorizer": "authorizer.handler.handle", "token": "tokens.handler.handle"}


@dataclass(frozen=True, kw_only=True)
class Functions:
    """Running functions: each takes an event and returns its answer, one after the other."""

    authorizer: Function
    token: Function


def settings(environment: Environment, account: Account) -> dict[str, dict[str, str]]:
    """Return the environment variables of each function."""
    both = {"ISSUER": environment.issuer, "AUDIENCE": environment.audience, "JWKS": account.jwks}
    required = {
        api_id(host): {
            route.key: route.of.auth for route in known if route.of and route.target is Target.PROTECTED
        }
        for host, known in routes(environment).items()
    }
    signing = environment.signing_keys[0]
    token = {
        "KEY_ID": signing,
        "KMS_KEY_ID": account.kms[signing],
        "TABLE": environment.table,
        "SECRET_ID": environment.hmac_secret,
        "MONGODB_SECRET_ID": environment.customers_secret,
        "MONGODB_DATABASE": environment.customers_database,
        "MONGODB_COLLECTION": environment.customers_collection,
        "SENDER": environment.sender,
    }
    return {
        "authorizer": {**both, "ROUTES": json.dumps(required)},
        "token": {**both, **token, **aws.role(account.endpoint)},
    }


@contextmanager
def running(
    archives: Mapping[str, Path], environment: Environment, account: Account, folder: Path
) -> Iterator[Functions]:
    """Unpack and start both; their logs are `<function>.log` in the folder."""
    told = settings(environment, account)
    with ExitStack() as stack:
        started = {
            name: stack.enter_context(
                runtime.running(
                    packages.unpack(archive, folder / name),
                    HANDLERS[name],
                    told[name],
                    folder / f"{name}.log",
                )
            )
            for name, archive in archives.items()
        }
        yield Functions(**{name: _one_at_a_time(function) for name, function in started.items()})


def _one_at_a_time(function: runtime.Function) -> Function:
    lock = threading.Lock()

    def call(event: Any) -> Any:
        with lock:
            return function.call(event)

    return call
