"""Patches, field sets and selectors by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cluster.emulator import fields, ownership, patches, protobuf, schemas, selectors
from tests.cluster.emulator.errors import StatusError
from tests.cluster.emulator.resources import Catalogue

Json = dict[str, Any]
CATALOGUE = Catalogue()
POD = schemas.of(CATALOGUE.require("v1", "Pod"), "v1")
SERVICE = schemas.of(CATALOGUE.require("v1", "Service"), "v1")
CONFIG = schemas.of(CATALOGUE.require("v1", "ConfigMap"), "v1")


def pod(*containers: Json, **spec: Any) -> Json:
    return {"spec": {"containers": list(containers)} | spec}


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        (pod({"name": "b", "image": "2"}), pod({"name": "a", "image": "1"}, {"name": "b", "image": "2"})),
        (pod({"name": "a", "$patch": "delete"}), pod({"name": "b", "image": "1"})),
        (pod({"$patch": "replace"}, {"name": "c"}), pod({"name": "c"})),
        (
            pod({"name": "c"}) | {"spec": {"$setElementOrder/containers": [{"name": "b"}, {"name": "a"}]}},
            pod({"name": "b", "image": "1"}, {"name": "a", "image": "1"}),
        ),
        ({"spec": {"containers": None}}, {"spec": {}}),
    ],
)
def test_strategic_merge(patch: Json, expected: Json) -> None:
    live = pod({"name": "a", "image": "1"}, {"name": "b", "image": "1"})
    before = str(live)
    assert patches.strategic(live, patch, POD) == expected
    assert str(live) == before


def test_strategic_merge_of_plain_lists_and_kept_keys() -> None:
    meta = {"metadata": {"finalizers": ["a", "b"]}}
    patch: Json = {"metadata": {"finalizers": ["c"], "$deleteFromPrimitiveList/finalizers": ["a"]}}
    assert patches.strategic(meta, patch, POD) == {"metadata": {"finalizers": ["b", "c"]}}
    volume = pod(volumes=[{"name": "v", "emptyDir": {}}])
    patch = {"spec": {"volumes": [{"name": "v", "$retainKeys": ["name", "secret"], "secret": {"x": 1}}]}}
    assert patches.strategic(volume, patch, POD)["spec"]["volumes"] == [{"name": "v", "secret": {"x": 1}}]


def test_json_patch_whose_test_fails() -> None:
    with pytest.raises(StatusError) as caught:
        patches.json_patch({"a": 1}, [{"op": "test", "path": "/a", "value": 2}])
    assert caught.value.code == 422


def test_field_sets_are_written_and_read() -> None:
    content = pod({"name": "a", "image": "1", "ports": [{"containerPort": 80}]})
    paths = set(fields.leaves(content, POD))
    assert fields.encode(paths) == {
        "f:spec": {
            "f:containers": {
                'k:{"name":"a"}': {
                    ".": {},
                    "f:name": {},
                    "f:image": {},
                    "f:ports": {
                        'k:{"containerPort":80,"protocol":"TCP"}': {".": {}, "f:containerPort": {}},
                    },
                }
            }
        }
    }
    assert fields.decode(fields.encode(paths)) == paths
    assert fields.printed(max(paths, key=len)) == (
        '.spec.containers[name="a"].ports[containerPort=80,protocol="TCP"].containerPort'
    )


def applied(live: Json | None, data: Json, manager: str, *, force: bool = False) -> Json:
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": data}
    return ownership.apply(live, config, CONFIG, manager=manager, force=force)


def test_apply_removes_what_its_manager_leaves_out_and_nobody_else_has() -> None:
    live = applied(None, {"x": "1", "y": "1"}, "one")
    live = applied(live, {"y": "1"}, "two")
    assert applied(live, {"z": "1"}, "one")["data"] == {"y": "1", "z": "1"}


def test_apply_of_another_value_is_a_conflict() -> None:
    live = applied(None, {"x": "1", "y": "1"}, "one")
    with pytest.raises(StatusError) as caught:
        applied(live, {"x": "2", "y": "2"}, "two")
    assert (
        caught.value.message == 'Apply failed with 2 conflicts: conflicts with "one":\n- .data.x\n- .data.y'
    )
    causes = (caught.value.details or {})["causes"]
    assert causes[0] == {
        "reason": "FieldManagerConflict",
        "message": 'conflict with "one"',
        "field": ".data.x",
    }
    forced = applied(live, {"x": "2"}, "two", force=True)
    assert [entry["fieldsV1"] for entry in forced["metadata"]["managedFields"]] == [
        {"f:data": {"f:y": {}}},
        {"f:data": {"f:x": {}}},
    ]


def test_an_update_takes_fields_over() -> None:
    live = applied(None, {"x": "1"}, "one")
    content = live | {"metadata": dict(live["metadata"]), "data": {"x": "2"}}
    ownership.after_update(live, content, CONFIG, "kubectl-edit", "")
    assert [(e["manager"], e["operation"]) for e in content["metadata"]["managedFields"]] == [
        ("kubectl-edit", "Update")
    ]


def test_unknown_fields() -> None:
    content = pod({"name": "a", "imag": "1"}, nodename="x")
    assert schemas.unknown_fields(content, POD) == ["spec.containers[0].imag", "spec.nodename"]
    assert schemas.prune(content, POD) == pod({"name": "a"})
    assert schemas.unknown_fields({"spec": {"ports": [{"port": 1, "targetPort": "x"}]}}, SERVICE) == []


@pytest.mark.parametrize(
    ("text", "labels", "expected"),
    [
        ("a", {"a": "1"}, True),
        ("!a", {"a": "1"}, False),
        ("a=1,b==2", {"a": "1", "b": "2"}, True),
        ("a!=1", {}, True),
        ("a in (1,2)", {"a": "2"}, True),
        ("a notin (1, 2)", {"a": "2"}, False),
        ("a>3", {"a": "4"}, True),
        ("example.com/a=x-1", {"example.com/a": "x-1"}, True),
    ],
)
def test_label_selectors(text: str, labels: Json, *, expected: bool) -> None:
    assert selectors.labels(text)(labels) is expected


def test_protobuf() -> None:
    def field(number: int, value: bytes) -> bytes:
        return bytes([number << 3 | 2, len(value)]) + value

    meta = field(1, b"a") + field(11, field(1, b"k") + field(2, b"v"))
    raw = field(1, meta) + field(2, field(1, b"release") + field(2, b"\x00\xff")) + field(3, b"helm")
    body = b"k8s\x00" + field(1, field(1, b"v1") + field(2, b"Secret")) + field(2, raw)
    assert protobuf.read(body) == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "a", "labels": {"k": "v"}},
        "data": {"release": "AP8="},
        "type": "helm",
    }
    with pytest.raises(StatusError):
        protobuf.read(b"k8s\x00" + field(1, field(1, b"v1") + field(2, b"Pod")))
