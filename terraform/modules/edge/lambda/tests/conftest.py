"""The world of the functions: in memory, and on the AWS emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fakes import world
from tests.terraform.emulator.process import running
from tokens.adapters.dynamodb import DynamoDbStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fakes.world import World
    from tests.terraform.emulator.process import Emulator

ACCOUNT, REGION = "111111111111", "us-east-1"


@pytest.fixture
def world_() -> World:
    """Both functions over the world in memory."""
    return world.new()


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """An empty account."""
    with running(ACCOUNT) as started:
        yield started


@pytest.fixture(scope="session")
def table(emulator: Emulator) -> str:
    """A table as the module `edge` has to make it."""
    client: Any = emulator.client("dynamodb", REGION)
    client.create_table(
        TableName="tokens",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "key", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "key", "KeyType": "HASH"}],
    )
    client.update_time_to_live(
        TableName="tokens", TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"}
    )
    return "tokens"


@pytest.fixture(scope="session")
def dynamodb(emulator: Emulator, table: str) -> DynamoDbStore:
    """The Store port over that table."""
    return DynamoDbStore(emulator.client("dynamodb", REGION), table)
