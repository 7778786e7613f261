"""The functions' packages in what the stack made: run here, told what Lambda would tell them."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from fakes import aws, events, mongodb, runtime
from tests.demo import packages
from tests.demo.account import MARIA
from tests.demo.functions import HANDLERS

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from generator.model import Environment
    from tests.apply.conftest import Platform
    from tests.terraform.emulator.process import Emulator


@dataclass(frozen=True, kw_only=True)
class Functions:
    """Both functions, and the ids of the APIs that ask them, by host."""

    token: runtime.Function
    authorizer: runtime.Function
    apis: dict[str, str]
    emulator: Emulator

    def issue(self, route: str, **body: str) -> tuple[int, Any]:
        """Ask for a token or a code; return the status and what is said."""
        event = events.request(route, body)
        given = self.token.call(event)
        return given["statusCode"], given["body"]

    def admits(self, token: str, host: str, path: str) -> dict[str, Any]:
        """Ask about a request to a path of the spec; return the authorizer's answer."""
        received = events.Received(
            route=f"ANY {path}",
            method="GET",
            path=path,
            headers={"authorization": f"Bearer {token}", "host": host},
            api=self.apis[host],
            host=host,
        )
        answer: dict[str, Any] = self.authorizer.call(received.to_authorizer())
        return answer

    def mails(self) -> list[tuple[str, str]]:
        """Return to whom SES was told to send what."""
        sent = [call.parameters for call in self.emulator.calls() if call.action == "SendEmail"]
        return [
            (mail["Destination"]["ToAddresses"][0], mail["Content"]["Simple"]["Body"]["Text"]["Data"])
            for mail in sent
        ]


@contextlib.contextmanager
def running(platform: Platform, environment: Environment, folder: pathlib.Path) -> Iterator[Functions]:
    """Start both, with a customer in a MongoDB whose address is where the database stack would put it."""
    try:
        archives = packages.ready()
    except packages.NoPackagesError as error:
        pytest.skip(str(error))
    emulator, documents = (
        platform.deployment.emulator,
        [{"_id": MARIA.id, "cpf": MARIA.cpf, "email": MARIA.email}],
    )
    secrets = emulator.client("secretsmanager", environment.region)
    gateway = emulator.client("apigatewayv2", environment.region)
    lambdas = emulator.client("lambda", environment.region)
    with mongodb.running(documents) as customers, contextlib.ExitStack() as stack:
        name = environment.customers_secret_name
        secrets.create_secret(Name=name, SecretString=customers.uri)
        stack.callback(secrets.delete_secret, SecretId=name, ForceDeleteWithoutRecovery=True)
        started = {}
        for function, archive in archives.items():
            made = lambdas.get_function_configuration(FunctionName=environment.function_names[function])
            assert made["Handler"] == HANDLERS[function]
            told = {**made["Environment"]["Variables"], **aws.role(emulator.endpoint)}
            code = packages.unpack(archive, folder / function)
            log = folder / f"{function}.log"
            started[function] = stack.enter_context(runtime.running(code, made["Handler"], told, log))
        hosts = {name: host for host, name in environment.api_names.items()}
        apis = {hosts[api["Name"]]: api["ApiId"] for api in gateway.get_apis()["Items"]}
        yield Functions(**started, apis=apis, emulator=emulator)
