"""The functions' packages in what the stacks made: run here, told what Lambda would tell them."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from fakes import aws, events, mongodb, runtime
from tests.demo import packages
from tests.demo.account import MARIA
from tests.demo.functions import HANDLERS
from tests.terraform.deployment import Deployment

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
    log: pathlib.Path  # of the token function

    def reason(self) -> str:
        """Return why the token function answered as it did, from the last line of its log."""
        last: dict[str, str] = json.loads(self.log.read_text(encoding="utf-8").splitlines()[-1])
        return last["reason"]

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
        yield Functions(**started, apis=apis, emulator=emulator, log=folder / "token.log")


def write_hmac_key(platform: Platform, environment: Environment) -> None:
    """Give the secret of the HMACs its value by the module that the stack `database` calls for it."""
    deployment = platform.deployment
    root = deployment.root.parent / "hmac_key"
    root.mkdir()
    document = {
        "provider": {"aws": {"region": environment.region}},
        "variable": {"hmac_secret_name": {}},
        "module": {"key": {"source": "../../modules/hmac_key", "secret_name": "${var.hmac_secret_name}"}},
    }
    (root / "main.tf.json").write_text(json.dumps(document), encoding="utf-8")
    deployment.terraform.init(root)
    stack = Deployment(terraform=deployment.terraform, emulator=deployment.emulator, root=root)
    stack.plan({"hmac_secret_name": environment.hmac_secret_name})
    stack.apply()
