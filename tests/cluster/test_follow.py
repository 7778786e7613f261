"""Lists that are kept current end when they are told to, whatever they are at."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from generator.cluster import kubeconfig
from generator.cluster.client import Cluster
from generator.cluster.errors import Unreachable
from generator.cluster.follow import Followed
from tests.cluster.emulator import Emulator, Fault, running
from tests.cluster.live import WANTED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NODES, SETTINGS = ("v1", "nodes", None), ("v1", "configmaps", None)
SOON = 2.0  # seconds; a watch of its own ends after 300


@pytest.fixture
def api() -> Iterator[Emulator]:
    with running() as found:
        yield found


def cluster(api: Emulator, folder: Path) -> Cluster:
    read = kubeconfig.read(WANTED, {"KUBECONFIG": str(api.kubeconfig(folder / "config", context="dev"))})
    return Cluster(read, read.contexts[0])


def ended(before: set[threading.Thread]) -> bool:
    """Whether no thread of the client is left; those of the emulator end with their connections."""
    return not [t for t in set(threading.enumerate()) - before if "_follow" in t.name]


def test_it_ends_in_the_middle_of_watches(api: Emulator, tmp_path: Path) -> None:
    before, changed = set(threading.enumerate()), threading.Condition()
    with Followed(cluster(api, tmp_path), (SETTINGS, NODES), changed) as followed:
        with changed:
            assert changed.wait_for(lambda: followed.version >= 2, 10)
        api.load(
            [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "default"}}]
        )
        with changed:
            assert changed.wait_for(lambda: followed.objects(SETTINGS), 10)
        assert not ended(before)
        while sum(r.query.get("watch") == "1" for r in api.requests) < 2:
            time.sleep(0.01)
        start = time.monotonic()
    assert time.monotonic() - start < SOON
    assert ended(before)
    known = followed.objects(SETTINGS)
    assert known is not None
    assert [one["metadata"]["name"] for one in known] == ["a"]


@pytest.mark.parametrize("what", ["refused", "busy"])
def test_it_ends_while_it_waits(api: Emulator, tmp_path: Path, what: str) -> None:
    """Between two tries of a request, and after all of them have failed."""
    before, changed = set(threading.enumerate()), threading.Condition()
    api.fault(Fault(status=403) if what == "refused" else Fault(status=503, retry_after=30))
    followed = Followed(cluster(api, tmp_path), (SETTINGS,), changed)
    while not api.requests:
        time.sleep(0.01)
    time.sleep(0.1)
    start = time.monotonic()
    followed.close()
    assert time.monotonic() - start < SOON
    assert ended(before)


def test_what_waits_says_why(api: Emulator, tmp_path: Path) -> None:
    api.fault(Fault(status=503, retry_after=30))
    asked = cluster(api, tmp_path)
    threading.Timer(0.1, asked.end).start()
    with pytest.raises(Unreachable, match="answers 503"):
        asked.list(*SETTINGS)
