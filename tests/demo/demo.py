"""All of it together: gateway, functions, nginx, workloads."""

from __future__ import annotations

import functools
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.demo import account, nginx, server
from tests.demo import functions as lambdas
from tests.demo.gateway import Gateway
from tests.demo.messages import Request, answer
from tests.demo.server import Peer
from tests.demo.verifier import Verifier
from tests.demo.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.demo.account import Account
    from tests.demo.environment import Environment, Route
    from tests.demo.gateway import Forward
    from tests.demo.messages import Answer
    from tests.demo.routing import ApiRoute
    from tests.demo.server import Listener


@dataclass(frozen=True, kw_only=True)
class Demo:
    """What runs. `ingress` is nginx, where there is one, as somebody without the gateway reaches it."""

    environment: Environment
    gateway: Peer
    ingress: Peer | None
    workloads: Mapping[str, Workload]
    account: Account
    mails: list[tuple[str, str]]  # all of them: to whom, and the text


@contextmanager
def running(
    environment: Environment,
    listener: Listener,
    archives: Mapping[str, Path],
    folder: Path,
    log: Callable[[str], None],
) -> Iterator[Demo]:
    """Start everything behind a port that is open already; `folder` is empty, `log` gets lines for people."""
    with ExitStack() as stack:
        enter = stack.enter_context
        gateway = Peer(address=listener.at)
        workloads = {name: _workload(environment, name, gateway) for name in environment.workloads}
        addresses = {}
        for route in environment.routes:  # a port for each, so that a workload can tell where nginx sent what
            port = enter(server.listening())
            port.respond = functools.partial(workloads[route.workload].respond, route)
            addresses[route] = port.at
        found = nginx.find()
        ingress = enter(nginx.running(found, environment, addresses, folder)) if found else None
        made = enter(account.running(environment))
        started = enter(lambdas.running(archives, environment, made, folder))
        mails: list[tuple[str, str]] = []
        listener.respond = Gateway(
            environment=environment,
            authorizer=started.authorizer,
            token=_with_mails(started.token, made, mails, log),
            forward=_through(Peer(address=ingress, source=nginx.TRUSTED))
            if ingress
            else _straight(addresses),
            log=log,
        ).respond
        yield Demo(
            environment=environment,
            gateway=gateway,
            ingress=Peer(address=ingress) if ingress else None,
            workloads=workloads,
            account=made,
            mails=mails,
        )


def _workload(environment: Environment, name: str, gateway: Peer) -> Workload:
    def read() -> Any:
        host = (("Host", environment.api_host),)
        return gateway.ask(Request(method="GET", target="/.well-known/jwks.json", headers=host)).json()

    return Workload(
        name=name,
        routes=tuple(route for route in environment.routes if route.workload == name),
        verifier=Verifier(environment.issuer, environment.audience, read),
    )


def _through(ingress: Peer) -> Forward:
    """Forward to nginx."""

    def forward(request: Request, _: ApiRoute) -> Answer:
        return ingress.ask(request)

    return forward


def _straight(addresses: Mapping[Route, server.Address]) -> Forward:
    """Forward to the workload that the route names, for want of an nginx that finds it by the path."""

    def forward(request: Request, route: ApiRoute) -> Answer:
        if route.of is None:
            return answer(200, {"message": "no nginx here"})
        return Peer(address=addresses[route.of]).ask(request)

    return forward


def _with_mails(
    token: lambdas.Function, made: Account, mails: list[tuple[str, str]], log: Callable[[str], None]
) -> lambdas.Function:
    """Ask the function, and say what it sent."""

    def call(event: Any) -> Any:
        given = token(event)
        if event["routeKey"] == "POST /auth/code":
            for to, text in made.new_mails():
                mails.append((to, text))
                log(f"mail to {to}: {text.partition('. ')[0]}")
        return given

    return call
