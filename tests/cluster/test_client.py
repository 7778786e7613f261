"""The client core against an API server that stumbles, forgets, refuses and lies."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from generator.cluster import connection, kubeconfig, retry
from generator.cluster.client import Cluster
from generator.cluster.errors import (
    ClusterError,
    Conflict,
    Expired,
    Forbidden,
    NotServed,
    Refused,
    Unreachable,
    Untrusted,
)
from generator.cluster.lists import PAGE
from generator.cluster.retry import Limits
from tests.cluster.emulator import Emulator, Fault, running
from tests.cluster.live import WANTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Json = dict[str, Any]
SETTINGS = ("v1", "configmaps")


@pytest.fixture(scope="module")
def served() -> Iterator[Emulator]:
    with running() as api:
        yield api


@pytest.fixture
def api(served: Emulator) -> Iterator[Emulator]:
    yield served
    served.mend()
    served.allow()
    for one in served.objects("v1", "ConfigMap"):
        served.remove("v1", "ConfigMap", one["metadata"]["name"], one["metadata"]["namespace"])


@pytest.fixture
def connect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Cluster]]:
    monkeypatch.setattr(retry, "_FIRST", 0.01)
    made = []

    def connected(api: Emulator, limits: Limits | None = None, **user: Any) -> Cluster:
        path = api.kubeconfig(tmp_path / f"kubeconfig-{len(made)}", context="dev", **user)
        read = kubeconfig.read(WANTED, {"KUBECONFIG": str(path)})
        notices: list[str] = []
        made.append(Cluster(read, read.named("dev"), limits, notices.append))
        made[-1].notices = notices  # type: ignore[attr-defined]
        return made[-1]

    yield connected
    for cluster in made:
        cluster.close()
    connection.clean()


def setting(name: str, **data: str) -> Json:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": "default"},
        "data": data,
    }


def asked(api: Emulator, before: int) -> list[Any]:
    return [r for r in api.requests[before:] if r.path.endswith("configmaps")]


def test_a_list_comes_in_pages_and_every_item_says_what_it_is(
    api: Emulator, connect: Callable[..., Cluster]
) -> None:
    api.load([setting(f"s{number:04d}") for number in range(2 * PAGE + 1)])
    before = len(api.requests)
    found = connect(api).list(*SETTINGS, "default")
    assert [one["metadata"]["name"] for one in found] == [f"s{n:04d}" for n in range(2 * PAGE + 1)]
    assert {(one["apiVersion"], one["kind"]) for one in found} == {("v1", "ConfigMap")}
    pages = asked(api, before)
    assert [page.query["limit"] for page in pages] == [str(PAGE)] * 3
    assert ["continue" in page.query for page in pages] == [False, True, True]


def test_selectors_are_the_servers_to_judge(api: Emulator, connect: Callable[..., Cluster]) -> None:
    api.load(
        [
            setting("a"),
            {**setting("b"), "metadata": {"name": "b", "namespace": "default", "labels": {"x": "1"}}},
        ]
    )
    cluster = connect(api)
    assert [one["metadata"]["name"] for one in cluster.list(*SETTINGS, label_selector="x=1")] == ["b"]
    chosen = cluster.list(*SETTINGS, "default", field_selector="metadata.name=a")
    assert [one["metadata"]["name"] for one in chosen] == ["a"]


def test_a_list_whose_continuation_expires_is_begun_again_once(
    api: Emulator, connect: Callable[..., Cluster]
) -> None:
    api.load([setting(f"s{number:04d}") for number in range(PAGE + 1)])
    cluster = connect(api)
    api.fault(Fault(path="configmaps", status=410, first=2, times=1))
    assert len(cluster.list(*SETTINGS, "default")) == PAGE + 1
    api.mend()
    api.fault(Fault(path="configmaps", status=410))
    with pytest.raises(Refused) as refused:
        cluster.list(*SETTINGS, "default")
    assert refused.value.status == 410


def test_what_is_not_there_is_none_and_a_kind_that_is_not_served_is_an_error(
    api: Emulator, connect: Callable[..., Cluster]
) -> None:
    cluster = connect(api)
    assert cluster.get(*SETTINGS, "nothing", "default") is None
    assert cluster.patch(*SETTINGS, "nothing", {"data": {}}, "default") is None
    assert cluster.delete(*SETTINGS, "nothing", "default") is False
    with pytest.raises(NotServed, match=r"dev has no widgets\.example\.com"):
        cluster.list("example.com/v1", "widgets")
    with pytest.raises(NotServed, match=r"no Widget of example\.com/v1"):
        cluster.apply({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "x"}})


def test_changes(api: Emulator, connect: Callable[..., Cluster]) -> None:
    cluster = connect(api)
    assert cluster.apply(setting("a", x="1"), dry_run=True)["data"] == {"x": "1"}
    assert cluster.get(*SETTINGS, "a", "default") is None
    cluster.apply(setting("a", x="1"))
    cluster.patch(*SETTINGS, "a", {"data": {"x": None, "y": "2"}}, "default")
    found = cluster.get(*SETTINGS, "a", "default")
    assert found
    assert found["data"] == {"y": "2"}
    managers = {entry["manager"] for entry in found["metadata"]["managedFields"]}
    assert managers == {"platform-generator"}
    with pytest.raises(Conflict) as conflict:
        cluster.apply(setting("a", y="3"), "somebody-else", force=False)
    assert conflict.value.status == 409
    assert cluster.apply(setting("a", y="3"), "somebody-else")["data"] == {"y": "3"}
    with pytest.raises(Conflict):
        cluster.create(setting("a"))
    assert cluster.create(setting("b"))["metadata"]["uid"]
    assert cluster.delete(*SETTINGS, "a", "default") is True
    assert cluster.get(*SETTINGS, "a", "default") is None


def test_a_new_definition_is_found(api: Emulator, connect: Callable[..., Cluster]) -> None:
    cluster = connect(api)
    with pytest.raises(NotServed):
        cluster.resource("example.org/v1", "Gadget")
    api.crds(("example.org", "v1", "Gadget", "gadgets"))
    assert cluster.resource("example.org/v1", "Gadget").qualified == "gadgets.example.org"
    assert cluster.apply(
        {"apiVersion": "example.org/v1", "kind": "Gadget", "metadata": {"name": "g", "namespace": "default"}}
    )


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_an_answer_that_says_to_come_back_is_followed(
    api: Emulator, connect: Callable[..., Cluster], status: int
) -> None:
    cluster = connect(api)
    api.fault(Fault(path="configmaps", status=status, times=2))
    assert cluster.list(*SETTINGS) == []
    notices: list[str] = cluster.notices  # type: ignore[attr-defined]
    assert len(notices) == 2
    assert f"answers {status} to list configmaps" in notices[0]


def test_retry_after_is_the_least_pause(api: Emulator, connect: Callable[..., Cluster]) -> None:
    cluster = connect(api)
    api.fault(Fault(path="configmaps", status=429, retry_after=1, times=1))
    start = time.monotonic()
    assert cluster.list(*SETTINGS) == []
    assert time.monotonic() - start >= 1


def test_the_tries_end(api: Emulator, connect: Callable[..., Cluster]) -> None:
    before = len(api.requests)
    cluster = connect(api, Limits(attempts=3))
    api.fault(Fault(path="configmaps", status=503, message="overloaded"))
    with pytest.raises(Unreachable, match="answers 503 to list configmaps: overloaded"):
        cluster.list(*SETTINGS)
    assert len(asked(api, before)) == 3


def test_a_change_that_may_have_arrived_is_repeated_only_where_that_does_no_harm(
    api: Emulator, connect: Callable[..., Cluster]
) -> None:
    cluster = connect(api)
    cluster.resource("v1", "ConfigMap")
    api.fault(Fault(method="PATCH", path="configmaps", close=True, after=True, times=1))
    assert cluster.apply(setting("a", x="1"))["data"] == {"x": "1"}
    before = len(api.requests)
    api.fault(Fault(method="POST", path="configmaps", close=True, after=True))
    with pytest.raises(Unreachable, match="ended the connection"):
        cluster.create(setting("b"))
    assert len(asked(api, before)) == 1
    assert cluster.get(*SETTINGS, "b", "default"), "it had been carried out"


def test_nothing_lasts_longer_than_it_may(api: Emulator, connect: Callable[..., Cluster]) -> None:
    cluster = connect(api)
    api.fault(Fault(path="configmaps", delay=2))
    start = time.monotonic()
    with cluster.within(0.3), pytest.raises(Unreachable, match=r"within 0\.3 s"):
        cluster.list(*SETTINGS)
    assert time.monotonic() - start < 1.5


def test_forbidden_names_the_verb_and_who_grants_it(api: Emulator, connect: Callable[..., Cluster]) -> None:
    cluster = connect(api)
    api.forbid("list", "configmaps")
    api.forbid("patch", "configmaps")
    with pytest.raises(Forbidden) as reading:
        cluster.list(*SETTINGS, "default")
    assert "Missing: verb list on configmaps, namespace default." in reading.value.fix
    assert "readers.yaml" in reading.value.fix
    with pytest.raises(Forbidden) as writing:
        cluster.patch(*SETTINGS, "a", {}, "default")
    assert "cluster.adminRoles" in writing.value.fix


def plugin(folder: Path, *outputs: str) -> Json:
    """A plugin that brings another token each time it is asked, the last one from then on."""
    for number, output in enumerate(outputs):
        (folder / f"{number}.json").write_text(output)
    script = folder / "plugin"
    script.write_text(
        f'#!/bin/sh\ncd "{folder}"\necho x >> calls\nn=$(($(wc -l < calls) - 1))\n'
        f"[ $n -lt {len(outputs)} ] || n={len(outputs) - 1}\ncat $n.json\n"
    )
    script.chmod(0o755)
    return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(script)}}


def credential(token: str, **more: str) -> str:
    kind = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential"}
    return json.dumps({**kind, "status": {"token": token, **more}})


def test_a_token_that_is_not_taken_is_renewed_once(
    api: Emulator, connect: Callable[..., Cluster], tmp_path: Path
) -> None:
    user = plugin(tmp_path, credential("stale"), credential(api.token))
    cluster = connect(api, **user)
    assert cluster.list(*SETTINGS) == []
    assert cluster.list(*SETTINGS) == []
    assert (tmp_path / "calls").read_text() == "x\nx\n"


def test_credentials_that_are_never_taken_are_expired(
    api: Emulator, connect: Callable[..., Cluster], tmp_path: Path
) -> None:
    cluster = connect(api, **plugin(tmp_path, credential("stale")))
    with pytest.raises(Expired, match="does not take the credentials"):
        cluster.list(*SETTINGS)
    assert (tmp_path / "calls").read_text() == "x\nx\n"


def test_a_token_is_renewed_before_it_ends(
    api: Emulator, connect: Callable[..., Cluster], tmp_path: Path
) -> None:
    over = credential(api.token, expirationTimestamp="2020-01-01T00:00:00Z")
    cluster = connect(
        api, **plugin(tmp_path, over, credential(api.token, expirationTimestamp="2120-01-01T00:00:00Z"))
    )
    for _ in range(3):
        cluster.list(*SETTINGS)
    assert (tmp_path / "calls").read_text() == "x\nx\n"


@pytest.mark.parametrize(
    ("printed", "says"),
    [
        ("nonsense", "did not print an ExecCredential"),
        (credential(""), "brought neither token nor certificate"),
    ],
)
def test_a_plugin_that_brings_nothing(
    api: Emulator, connect: Callable[..., Cluster], tmp_path: Path, printed: str, says: str
) -> None:
    with pytest.raises(ClusterError, match=says):
        connect(api, **plugin(tmp_path, printed))


def test_somebody_else_at_the_address_gets_nothing(api: Emulator, tmp_path: Path) -> None:
    with running() as other:
        path = api.kubeconfig(tmp_path / "kubeconfig", context="dev", server=other.url)
        read = kubeconfig.read(WANTED, {"KUBECONFIG": str(path)})
        with pytest.raises(Untrusted, match="is not the cluster that context dev knows") as untrusted:
            Cluster(read, read.named("dev")).list(*SETTINGS)
        assert "Nothing was sent" in untrusted.value.fix
        assert other.requests == []


def test_what_is_no_api_at_all(api: Emulator, connect: Callable[..., Cluster]) -> None:
    with pytest.raises(NotServed):
        connect(api)._exchange.document("GET", "/nowhere", answers_what("get"))
    assert connect(api).version()["gitVersion"].startswith("v1.")


def answers_what(verb: str) -> Any:
    from generator.cluster.answers import What  # noqa: PLC0415

    return What(verb, "/nowhere")


def test_a_watch_says_what_is_there_and_what_happens(api: Emulator, connect: Callable[..., Cluster]) -> None:
    api.load([setting("a")])
    events = connect(api).watch(*SETTINGS, "default", quiet=1)
    kind, listed = next(events)
    assert (kind, [one["metadata"]["name"] for one in listed]) == ("LISTED", ["a"])
    api.load([setting("b")])
    assert _told(next(events)) == ("ADDED", "b")
    api.change("v1", "ConfigMap", "b", "default", lambda one: one.update(data={"x": "1"}))
    assert _told(next(events)) == ("MODIFIED", "b")
    api.remove("v1", "ConfigMap", "a", "default")
    assert _told(next(events)) == ("DELETED", "a")
    assert next(e for e in events if e[0] == "QUIET") == ("QUIET", None)


def test_a_watch_goes_on_after_it_broke_and_reads_the_list_again_when_it_was_forgotten(
    api: Emulator, connect: Callable[..., Cluster]
) -> None:
    events = connect(api).watch(*SETTINGS, "default", quiet=1)
    assert next(events) == ("LISTED", [])
    api.fault(Fault(verb="watch", close=True, times=2))
    api.load([setting("a")])
    assert _told(next(events)) == ("ADDED", "a")
    api.mend()
    api.fault(Fault(verb="watch", status=410, times=1))
    kind, thing = next(event for event in events if event[0] != "QUIET")
    assert (kind, [one["metadata"]["name"] for one in thing]) == ("LISTED", ["a"])


def _told(event: tuple[str, Json]) -> tuple[str, str]:
    return event[0], event[1]["metadata"]["name"]
