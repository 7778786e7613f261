"""The verifier of docs/authentication.md when the keys cannot be read, and with claims that are lists."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
from typing import TYPE_CHECKING, Any

import pytest

from fakes import forgery, keys, world
from tests.demo.verifier import GRACE, KEPT, PAUSE, RefusedError, UnavailableError, Verifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from fakes.keys import Pair

PAIR = keys.new("one")
DOWN = urllib.error.URLError("down")


def bearer(pair: Pair = PAIR, **changed: Any) -> str:
    now = int(time.time())
    claims = forgery.claims(**{"iat": now, "nbf": now, "exp": now + 900, **changed})
    return f"Bearer {forgery.sign(pair, forgery.header(pair), claims)}"


class Endpoint:
    """Where keys are read; `fails` is what comes instead."""

    def __init__(self) -> None:
        self.asked = 0
        self.fails: Any = None

    def read(self) -> Any:
        self.asked += 1
        if isinstance(self.fails, Exception):
            raise self.fails
        return self.fails if self.fails is not None else json.loads(keys.document(PAIR))


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])

    def call(seconds: float) -> None:
        clock[0] += seconds

    return call


@pytest.mark.parametrize(
    "fails", [DOWN, TimeoutError(), ValueError("no JSON"), {"message": "x"}, {"keys": []}, {"keys": [5]}, []]
)
def test_an_outage_is_not_the_workloads(fails: Any, wait: Callable[[float], None]) -> None:
    endpoint = Endpoint()
    verifier = Verifier(world.ISSUER, world.AUDIENCE, endpoint.read)
    verifier.verify(bearer(), None)
    endpoint.fails = fails
    wait(KEPT + 1)
    for _ in range(3):  # of which one asks
        verifier.verify(bearer(), None)
    assert endpoint.asked == 2
    with pytest.raises(RefusedError):
        verifier.verify(bearer(keys.new("made up")), None)
    assert endpoint.asked == 2
    wait(PAUSE + 1)
    verifier.verify(bearer(), None)
    assert endpoint.asked == 3
    wait(GRACE)
    for _ in range(3):
        with pytest.raises(UnavailableError):
            verifier.verify(bearer(), None)
    assert endpoint.asked == 4
    endpoint.fails = None
    wait(PAUSE + 1)
    verifier.verify(bearer(), None)


def test_without_any_keys_nobody_is_let_in_and_none_is_refused(wait: Callable[[float], None]) -> None:
    endpoint = Endpoint()
    endpoint.fails = DOWN
    verifier = Verifier(world.ISSUER, world.AUDIENCE, endpoint.read)
    for _ in range(3):
        with pytest.raises(UnavailableError):
            verifier.verify(bearer(), None)
    assert endpoint.asked == 1
    endpoint.fails = None
    wait(PAUSE + 1)
    verifier.verify(bearer(), None)


def test_one_thread_reads_and_the_others_wait_only_when_they_must() -> None:
    endpoint, answering = Endpoint(), threading.Event()

    def read() -> Any:
        assert answering.wait(10)
        return endpoint.read()

    verifier = Verifier(world.ISSUER, world.AUDIENCE, read)
    told: list[Any] = []
    threads = [
        threading.Thread(target=lambda: told.append(verifier.verify(bearer(), None))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    answering.set()
    for thread in threads:
        thread.join(10)
    assert (len(told), endpoint.asked) == (8, 1)
    # The keys are old and another thread is reading them: those at hand do.
    verifier._read_at -= KEPT + 1
    verifier._tried_at -= KEPT + 1
    with verifier._reading:
        verifier.verify(bearer(), None)
    assert endpoint.asked == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": [world.AUDIENCE]},
        {"aud": [world.AUDIENCE, "another"]},
        {"aud": {world.AUDIENCE: 1}},
        {"acr": ["verified"]},
        {"acr": ["identified", "admin"]},
        {"acr": {"verified": 1}},
        {"sub": ["one"]},
    ],
)
def test_lists_are_refused(changed: dict[str, Any]) -> None:
    verifier = Verifier(world.ISSUER, world.AUDIENCE, Endpoint().read)
    verifier.verify(bearer(), None)
    with pytest.raises(RefusedError):
        verifier.verify(bearer(**changed), None)
