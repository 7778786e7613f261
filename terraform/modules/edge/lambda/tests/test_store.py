"""What a Store does, in memory and in DynamoDB."""

from __future__ import annotations

import dataclasses
import threading
import uuid
from typing import TYPE_CHECKING

import pytest

from fakes.store import MemoryStore
from tokens.ports import PendingCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from tokens.ports import Store

NOW = 1_794_596_638
CODE = PendingCode(mac="a" * 64, customer="3f0c2a52-6a8f-4d0c-9b1e-2f7d1c9a4e10", expires=NOW + 300)


@pytest.fixture(params=["memory", pytest.param("dynamodb", marks=pytest.mark.offline)])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return MemoryStore()
    made: Store = request.getfixturevalue("dynamodb")
    return made


@pytest.fixture
def subject() -> str:
    """Each test has a subject of its own, so that one table is enough."""
    return uuid.uuid4().hex


def together(times: int, act: Callable[[], object]) -> list[object]:
    """Return what came of doing the same thing at the same time."""
    barrier, found = threading.Barrier(times), []

    def run() -> None:
        barrier.wait()
        found.append(act())

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == times
    return found


def test_it_counts_up_to_the_limit(store: Store, subject: str) -> None:
    counted = [store.count(f"limit#{subject}", most=3, expires=NOW + 60) for _ in range(5)]
    assert counted == [True] * 3 + [False] * 2
    assert store.count(f"limit#{subject}-another", most=3, expires=NOW + 60)


def test_a_race_does_not_pass_the_limit(store: Store, subject: str) -> None:
    counted = together(8, lambda: store.count(f"limit#{subject}", most=3, expires=NOW + 60))
    assert counted.count(True) == 3


def test_a_code_is_there_until_it_is_consumed(store: Store, subject: str) -> None:
    assert store.attempt(subject, now=NOW, most=5) is None
    store.save(subject, CODE)
    assert store.attempt(subject, now=NOW, most=5) == CODE
    assert store.attempt(f"{subject}-another", now=NOW, most=5) is None
    assert store.consume(subject, CODE.mac, now=NOW)
    assert store.attempt(subject, now=NOW, most=5) is None
    assert not store.consume(subject, CODE.mac, now=NOW)


def test_a_code_is_tried_so_often_and_no_more(store: Store, subject: str) -> None:
    store.save(subject, CODE)
    tried = [store.attempt(subject, now=NOW, most=5) for _ in range(7)]
    assert tried == [CODE] * 5 + [None] * 2


def test_a_race_of_tries_does_not_pass_the_limit(store: Store, subject: str) -> None:
    store.save(subject, CODE)
    tried = together(8, lambda: store.attempt(subject, now=NOW, most=5))
    assert tried.count(None) == 3


def test_an_expired_code_is_none_though_it_is_still_there(store: Store, subject: str) -> None:
    store.save(subject, CODE)
    assert store.attempt(subject, now=CODE.expires, most=5) is None
    assert not store.consume(subject, CODE.mac, now=CODE.expires)
    assert store.attempt(subject, now=CODE.expires - 1, most=5) == CODE


def test_a_new_code_starts_afresh(store: Store, subject: str) -> None:
    store.save(subject, CODE)
    for _ in range(5):
        store.attempt(subject, now=NOW, most=5)
    following = dataclasses.replace(CODE, mac="b" * 64)
    store.save(subject, following)
    assert store.attempt(subject, now=NOW, most=5) == following
    assert not store.consume(subject, CODE.mac, now=NOW), "another code than the one that was tried"
    assert store.consume(subject, following.mac, now=NOW)


def test_of_those_who_use_a_code_at_once_one_wins(store: Store, subject: str) -> None:
    store.save(subject, CODE)
    won = together(4, lambda: store.consume(subject, CODE.mac, now=NOW))
    assert won.count(True) == 1
