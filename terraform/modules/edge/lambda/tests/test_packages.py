"""The packages: the same bytes each time, the locked versions, libraries of the right machine.

The ones for this machine run in interpreters that have nothing else, with real events, against KMS, DynamoDB,
SES and Secrets Manager of the emulator and a MongoDB that asks for the function's role.
"""

from __future__ import annotations

import email
import io
import json
import re
import struct
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import build
from fakes import aws, events, runtime
from fakes.world import ANA, KNOWN, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from build import Package
    from fakes.aws import Account
    from fakes.runtime import Function
    from tests.terraform.emulator.process import Emulator

    Build = Callable[[str, str], Package]

pytestmark = pytest.mark.offline  # slow: wheels, an emulator, processes

ROOT = Path(__file__).parents[5]
ELF, AARCH64 = b"\x7fELF", 183  # e_machine, "ELF Header" in the System V ABI
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


def files(package: Package) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def versions(package: Package) -> dict[str, str]:
    """Return what a package brings, by the metadata of the wheels."""
    found = {}
    for name, data in files(package).items():
        if name.endswith(".dist-info/METADATA"):
            metadata = email.message_from_bytes(data)
            found[metadata["Name"].lower().replace("_", "-")] = metadata["Version"]
    return found


def locked(function: str) -> dict[str, str]:
    return dict(PINNED.findall(build.FUNCTIONS[function].lock.read_text()))


@pytest.mark.parametrize("target", build.TARGETS)
@pytest.mark.parametrize("function", build.FUNCTIONS)
def test_two_builds_are_the_same_bytes(package: Build, function: str, target: str) -> None:
    again = build.build(build.FUNCTIONS[function], build.TARGETS[target])
    assert package(function, target).sha256 == again.sha256


@pytest.mark.parametrize("target", build.TARGETS)
@pytest.mark.parametrize("function", build.FUNCTIONS)
def test_a_package_brings_the_locked_versions(package: Build, function: str, target: str) -> None:
    assert versions(package(function, target)) == locked(function)


@pytest.mark.parametrize("function", build.FUNCTIONS)
def test_the_package_for_aws_has_libraries_of_arm64_alone(package: Build, function: str) -> None:
    content = files(package(function, "aws"))
    libraries = {name: data for name, data in content.items() if data.startswith(ELF)}
    assert {name for name in content if re.search(r"\.so(\.\d+)*$", name)} == libraries.keys()
    assert libraries
    assert {struct.unpack_from("<H", data, 18)[0] for data in libraries.values()} == {AARCH64}
    tags = {name.split(".", 1)[1] for name in libraries}
    assert tags <= {"abi3.so", "cpython-313-aarch64-linux-gnu.so"}


@pytest.mark.parametrize("function", build.FUNCTIONS)
def test_both_targets_differ_in_libraries_alone(package: Build, function: str) -> None:
    here, there = (files(package(function, target)) for target in ("local", "aws"))
    differing = {name for name in here.keys() | there.keys() if here.get(name) != there.get(name)}
    assert {name for name in differing if not re.search(r"\.so$|\.dist-info/", name)} == set()


@pytest.mark.parametrize("target", build.TARGETS)
@pytest.mark.parametrize("function", build.FUNCTIONS)
def test_a_package_is_small_and_holds_no_leftovers(package: Build, function: str, target: str) -> None:
    content = files(package(function, target))
    assert sum(map(len, content.values())) < 50_000_000, "AWS takes 250 MB; a cold start wants less"
    assert not [name for name in content if name.endswith(".pyc") or "RECORD" in name or ".data/" in name]
    assert not [name for name in content if name.startswith(("fakes/", "tests/", "build.py"))]
    assert any(name.startswith("botocore/") for name in content) is (function == "token")


@pytest.mark.parametrize("function", build.FUNCTIONS)
def test_files_have_one_date_and_mode_and_stand_in_order(package: Build, function: str) -> None:
    with zipfile.ZipFile(io.BytesIO(package(function, "aws").data)) as archive:
        members = archive.infolist()
    assert {(m.date_time, m.external_attr >> 16, m.compress_type) for m in members} == {
        ((1980, 1, 1, 0, 0, 0), 0o100644, zipfile.ZIP_STORED)
    }
    assert [m.filename for m in members] == sorted(m.filename for m in members)


@pytest.fixture
def token(
    request: pytest.FixtureRequest,
    account: Account,
    unpacked: Callable[[str], Path],
    tmp_path: Path,
) -> Iterator[Function]:
    """The package of the token function, running; with the key that a test asks for."""
    variables = account.variables(kid=getattr(request, "param", aws.KIDS[0]))
    with runtime.running(unpacked("token"), "tokens.handler.handle", variables, tmp_path / "log") as running:
        yield running


@pytest.fixture
def authorizer(account: Account, unpacked: Callable[[str], Path], tmp_path: Path) -> Iterator[Function]:
    """The package of the authorizer, running."""
    folder, log = unpacked("authorizer"), tmp_path / "authorizer.log"
    with runtime.running(folder, "authorizer.handler.handle", account.authorizer(), log) as running:
        yield running


@pytest.mark.parametrize("token", aws.KIDS, indirect=True)
def test_a_person_identifies_and_verifies_and_gets_in_and_nobody_else_does(
    token: Function, authorizer: Function, account: Account, emulator: Emulator, tmp_path: Path
) -> None:
    address = "198.51.100.1"

    def ask(route: str, body: dict[str, str]) -> tuple[int, dict[str, str]]:
        answer = token.call(events.request(route, body, address=address))
        return answer["statusCode"], json.loads(answer["body"])

    def passes(bearer: str | None, **route: str) -> dict[str, str] | None:
        answer = authorizer.call(events.authorization(bearer, **route))
        return answer["context"] if answer["isAuthorized"] else None

    customers = {"route": "GET /customers/{id}", "path": f"/customers/{ANA.id}"}
    status, identified = ask("POST /auth/token", {"cpf": KNOWN})
    assert (status, identified["acr"]) == (200, "identified")
    assert passes(identified["access_token"])
    assert passes(identified["access_token"], **customers) is None
    assert passes(None) is None

    aws.forget(emulator.client("dynamodb", aws.REGION), "tokens")  # the run with the other key asked, too
    before = len(account.mail())
    assert ask("POST /auth/code", {"cpf": KNOWN}) == (202, {"expires_in": 300})
    assert ask("POST /auth/code", {"cpf": UNKNOWN}) == (202, {"expires_in": 300})
    assert ask("POST /auth/code", {"cpf": KNOWN})[0] == 429
    (to, code), (nobody, other) = account.mail()[before:]
    assert (to, nobody) == (ANA.email, "success@simulator.amazonses.com")
    assert ask("POST /auth/token", {"cpf": KNOWN, "code": other}) == (401, {"error": "invalid_code"})
    assert ask("POST /auth/token", {"cpf": UNKNOWN, "code": other}) == (401, {"error": "invalid_code"})
    status, verified = ask("POST /auth/token", {"cpf": KNOWN, "code": code})
    assert (status, verified["acr"]) == (200, "verified")
    assert ask("POST /auth/token", {"cpf": KNOWN, "code": code})[0] == 401
    context = passes(verified["access_token"], **customers)
    assert context is not None
    assert (context["customer"], context["acr"]) == (ANA.id, "verified")
    assert passes(verified["access_token"], route=customers["route"], path=f"{customers['path']}/") is None

    logs = (tmp_path / "log").read_text() + (tmp_path / "authorizer.log").read_text()
    assert all(json.loads(line)["request"] for line in logs.splitlines())
    for secret in (KNOWN, UNKNOWN, code, ANA.email, ANA.id, "eyJ", address):
        assert secret not in logs


def test_published_keys_are_those_of_kms(token: Function, account: Account) -> None:
    answer = token.call(events.request("GET /.well-known/jwks.json"))
    assert json.loads(answer["body"]) == json.loads(account.jwks)


def test_when_aws_does_not_answer_nothing_is_issued(
    account: Account, unpacked: Callable[[str], Path], tmp_path: Path
) -> None:
    variables = {**account.variables(), "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    log = tmp_path / "log"
    with runtime.running(unpacked("token"), "tokens.handler.handle", variables, log) as function:
        answer = function.call(events.request("POST /auth/token", {"cpf": KNOWN}))
    assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "5")
    assert json.loads(log.read_text())["reason"] == "unavailable_secrets"
