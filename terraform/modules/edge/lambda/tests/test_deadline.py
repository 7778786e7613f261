"""A request ends before Lambda ends it, so that its line is in the log."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tokens.adapters import aws, mongodb
from tokens.adapters.dynamodb import DynamoDbStore
from tokens.adapters.secrets import SecretText
from tokens.ports import Dependency, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

FUNCTIONS = Path(__file__).parents[2] / "functions.tf"


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """An endpoint that takes connections and never answers; nobody waits for long."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        named = {"AWS_ENDPOINT_URL": url, "AWS_DEFAULT_REGION": "us-east-1"}
        for name, value in (named | {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}).items():
            monkeypatch.setenv(name, value)
        quick = aws.Config(read_timeout=0.1, retries={"mode": "standard", "total_max_attempts": 2})
        monkeypatch.setattr(aws, "CONFIG", quick)
        yield listening


@pytest.fixture(autouse=True)
def _without_end() -> Iterator[None]:
    token = aws._ends.set(float("inf"))
    yield
    aws._ends.reset(token)


def taken(listening: socket.socket) -> int:
    """Return how many connections were made."""
    listening.settimeout(0.05)
    count = 0
    try:
        while True:
            listening.accept()[0].close()
            count += 1
    except TimeoutError:
        return count


def test_the_longest_request_is_shorter_than_the_function_may_run() -> None:
    attempt = aws.CONFIG.connect_timeout + aws.CONFIG.read_timeout
    longest = aws.LONGEST + attempt + 2 * mongodb.MILLISECONDS / 1000
    limits = [int(found) for found in re.findall(r"timeout +=\s+(\d+)", FUNCTIONS.read_text())]
    assert longest == 22
    assert longest < max(limits) - 5


def test_a_service_that_does_not_answer_is_asked_twice(deaf: socket.socket) -> None:
    aws.begin()
    with pytest.raises(UnavailableError):
        SecretText(aws.client("secretsmanager"), "x").read()
    assert taken(deaf) == 2


def test_when_the_time_is_over_nobody_is_asked(deaf: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = time.monotonic()
    aws.begin()
    clients: list[Any] = [aws.client("secretsmanager"), aws.client("dynamodb")]
    monkeypatch.setattr(time, "monotonic", lambda: begun + aws.LONGEST + 1)
    with pytest.raises(UnavailableError) as secrets:
        SecretText(clients[0], "x").read()
    with pytest.raises(UnavailableError) as store:
        DynamoDbStore(clients[1], "t").count("k", most=1, expires=1)
    assert [secrets.value.dependency, store.value.dependency] == [Dependency.SECRETS, Dependency.STORE]
    assert taken(deaf) == 0


def test_an_attempt_that_took_the_rest_of_the_time_has_no_second(
    deaf: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws, "LONGEST", 0.05)
    client = aws.client("secretsmanager")
    aws.begin()
    with pytest.raises(UnavailableError):
        SecretText(client, "x").read()
    assert taken(deaf) == 1
