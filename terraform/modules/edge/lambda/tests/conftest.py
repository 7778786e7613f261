"""The world of the functions: in memory, on the AWS emulator, and as packages."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

import build
from fakes import aws, mongodb, world
from fakes.world import ANA, KNOWN
from tests.terraform.emulator.process import running
from tokens.adapters.dynamodb import DynamoDbStore

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterator

    from build import Package
    from fakes.aws import Account
    from fakes.world import World
    from tests.terraform.emulator.process import Emulator

ACCOUNT = "111111111111"
# As pip's debug output says that an index does not answer; one without the version says something else.
DOWNLOAD = [sys.executable, "-m", "pip", "download", "-vv", "--disable-pip-version-check", "--no-deps"]
UNREACHABLE = "Could not fetch URL"


@pytest.fixture
def world_() -> World:
    """Both functions over the world in memory."""
    return world.new()


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """An empty account, in a process of its own."""
    with running(ACCOUNT) as started:
        yield started


@pytest.fixture(scope="session")
def account(emulator: Emulator) -> Iterator[Account]:
    """An account with all that the token function needs, and one customer in MongoDB."""
    client = functools.partial(emulator.client, region=aws.REGION)
    with mongodb.running([{"_id": ANA.id, "cpf": KNOWN, "email": ANA.email}]) as customers:
        yield aws.account(emulator.endpoint, client, customers.uri)


@pytest.fixture(scope="session")
def dynamodb(emulator: Emulator) -> DynamoDbStore:
    """The Store port over a table."""
    client = emulator.client("dynamodb", aws.REGION)
    aws.table(client, "store")
    return DynamoDbStore(client, "store")


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Package]:
    """Builds a package, once for each function and target; needs a package index."""
    pinned = re.search(r"^joserfc==\S+", build.FUNCTIONS["authorizer"].lock.read_text(), re.MULTILINE)
    assert pinned
    probe = subprocess.run(
        [*DOWNLOAD, "--dest", str(tmp_path_factory.mktemp("index")), pinned[0]],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PIP_RETRIES": "0", "PIP_TIMEOUT": "10"},
    )
    if probe.returncode and UNREACHABLE in probe.stdout + probe.stderr:
        pytest.skip("no package index can be reached, so the Lambda packages cannot be built")

    @functools.cache
    def call(function: str, target: str) -> Package:
        return build.build(build.FUNCTIONS[function], build.TARGETS[target])

    return call


@pytest.fixture(scope="session")
def unpacked(
    package: Callable[[str, str], Package], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], pathlib.Path]:
    """Unpacks the package of a function for this machine."""

    @functools.cache
    def call(function: str) -> pathlib.Path:
        folder = tmp_path_factory.mktemp(function)
        archive = folder.with_suffix(".zip")
        archive.write_bytes(package(function, "local").data)
        with zipfile.ZipFile(archive) as files:
            files.extractall(folder)
        return folder

    return call
