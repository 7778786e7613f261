"""How long the packages of the Lambda functions take, in interpreters that have nothing else.

Without bytecode, for a package has none and Lambda's disk takes none. On AWS a function with 1,769 MB has one
processor, one with less a part of it. Here the AWS it calls is the emulator of the tests, on loopback.
"""
# ruff: noqa: T201  (prints a table)

from __future__ import annotations

import functools
import io
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from statistics import median

REPOSITORY = Path(__file__).parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "terraform" / "modules" / "edge" / "lambda")]

import build  # noqa: E402  (the path is set above)
from fakes import aws, events, keys, mongodb, runtime, world  # noqa: E402
from fakes.forgery import claims, header, sign  # noqa: E402
from tests.terraform.emulator.process import running  # noqa: E402

COLD, WARM = 9, 500  # processes, requests
ACCOUNT = "111111111111"


def main() -> None:
    """Measure both functions and print a line for each measurement."""
    with tempfile.TemporaryDirectory() as scratch:
        folders = {}
        for name, function in build.FUNCTIONS.items():
            try:
                packages = {target: build.build(function, build.TARGETS[target]) for target in build.TARGETS}
            except build.BuildError as error:
                print(f"Lambda packages: not measured, for they cannot be built here\n{error}")
                return
            folders[name] = Path(scratch) / name
            with zipfile.ZipFile(io.BytesIO(packages["local"].data)) as archive:
                archive.extractall(folders[name])
            sizes = ", ".join(f"{target} {len(p.data) / 1e6:.1f} MB" for target, p in packages.items())
            print(f"{name:11} package: {sizes}")
        _authorizer(folders["authorizer"], Path(scratch) / "log")
        _token(folders["token"], Path(scratch) / "log")


def _authorizer(folder: Path, log: Path) -> None:
    pair = keys.new("2026-11")
    variables = {
        "ISSUER": world.ISSUER,
        "AUDIENCE": world.AUDIENCE,
        "JWKS": keys.document(pair, keys.new("2027-02")),
        "ROUTES": world.ROUTES,
    }
    now = int(time.time())
    event = events.authorization(sign(pair, header(pair), claims(iat=now, nbf=now, exp=now + 900)))
    started, first, warm = [], [], []
    for _ in range(COLD):
        with runtime.running(folder, "authorizer.handler.handle", variables, log) as function:
            started.append(function.started)
            answer, seconds = function.timed(event)
            assert answer["isAuthorized"]
            first.append(seconds)
            warm += [function.timed(event)[1] for _ in range(WARM // COLD)]
    print(f"authorizer  cold import {_ms(started)}, first request {_ms(first)}, warm request {_ms(warm)}")


def _token(folder: Path, log: Path) -> None:
    customer = {"_id": world.ANA.id, "cpf": world.KNOWN, "email": world.ANA.email}
    with running(ACCOUNT) as emulator, mongodb.running([customer]) as customers:
        client = functools.partial(emulator.client, region=aws.REGION)
        account = aws.account(emulator.endpoint, client, customers.uri)
        started, first, warm, code = [], [], [], []
        for _ in range(COLD):
            aws.forget(client("dynamodb"), "tokens")
            with runtime.running(folder, "tokens.handler.handle", account.variables(), log) as function:
                started.append(function.started)
                identify = events.request("POST /auth/token", {"cpf": world.KNOWN})
                times = []
                for _ in range(6):
                    answer, seconds = function.timed(identify)
                    assert answer["statusCode"] == 200
                    times.append(seconds)
                first.append(times[0])
                warm += times[1:]
                answer, seconds = function.timed(events.request("POST /auth/code", {"cpf": world.KNOWN}))
                assert answer["statusCode"] == 202
                code.append(seconds)
    cold = [start + request for start, request in zip(started, first, strict=True)]
    print(
        f"token       cold import {_ms(started)}, with the first token {_ms(cold)}, warm token {_ms(warm)}, "
        f"first code {_ms(code)}"
    )


def _ms(seconds: list[float]) -> str:
    return f"{median(seconds) * 1e3:.1f} ms"


if __name__ == "__main__":
    main()
