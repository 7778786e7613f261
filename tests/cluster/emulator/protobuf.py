"""Reads the protobuf bodies that Go clients send for built-in kinds: helm its releases, kubectl namespaces.

Only the kinds that they send so; the numbers are those of the `generated.proto` files of k8s.io/api and
k8s.io/apimachinery. Answers are always JSON, which these clients accept.
"""

from __future__ import annotations

import base64
import datetime as dt
from typing import TYPE_CHECKING, Any

from tests.cluster.emulator.errors import bad_request, unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
MAGIC = b"k8s\x00"

# message -> number -> name and type; `[]` is repeated, `{}` a map from strings.
MESSAGES: dict[str, dict[int, tuple[str, str]]] = {
    "Unknown": {1: ("typeMeta", "TypeMeta"), 2: ("raw", "raw")},
    "TypeMeta": {1: ("apiVersion", "string"), 2: ("kind", "string")},
    "ObjectMeta": {
        1: ("name", "string"),
        2: ("generateName", "string"),
        3: ("namespace", "string"),
        5: ("uid", "string"),
        6: ("resourceVersion", "string"),
        7: ("generation", "int"),
        8: ("creationTimestamp", "Time"),
        9: ("deletionTimestamp", "Time"),
        10: ("deletionGracePeriodSeconds", "int"),
        11: ("labels", "{}string"),
        12: ("annotations", "{}string"),
        13: ("ownerReferences", "[]OwnerReference"),
        14: ("finalizers", "[]string"),
    },
    "OwnerReference": {
        1: ("kind", "string"),
        3: ("name", "string"),
        4: ("uid", "string"),
        5: ("apiVersion", "string"),
        6: ("controller", "bool"),
        7: ("blockOwnerDeletion", "bool"),
    },
    "Secret": {
        1: ("metadata", "ObjectMeta"),
        2: ("data", "{}bytes"),
        3: ("type", "string"),
        4: ("stringData", "{}string"),
        5: ("immutable", "bool"),
    },
    "ConfigMap": {
        1: ("metadata", "ObjectMeta"),
        2: ("data", "{}string"),
        3: ("binaryData", "{}bytes"),
        4: ("immutable", "bool"),
    },
    "ServiceAccount": {1: ("metadata", "ObjectMeta"), 4: ("automountServiceAccountToken", "bool")},
    "Namespace": {
        1: ("metadata", "ObjectMeta"),
        2: ("spec", "NamespaceSpec"),
        3: ("status", "NamespaceStatus"),
    },
    "NamespaceSpec": {1: ("finalizers", "[]string")},
    "NamespaceStatus": {1: ("phase", "string")},
    "SelfSubjectAccessReview": {
        1: ("metadata", "ObjectMeta"),
        2: ("spec", "AccessSpec"),
        3: ("status", "skip"),
    },
    "SelfSubjectReview": {1: ("metadata", "ObjectMeta"), 2: ("status", "skip")},
    "AccessSpec": {1: ("resourceAttributes", "Attributes"), 2: ("nonResourceAttributes", "PathAttributes")},
    "Attributes": {
        1: ("namespace", "string"),
        2: ("verb", "string"),
        3: ("group", "string"),
        4: ("version", "string"),
        5: ("resource", "string"),
        6: ("subresource", "string"),
        7: ("name", "string"),
    },
    "PathAttributes": {1: ("path", "string"), 2: ("verb", "string")},
    "DeleteOptions": {
        1: ("gracePeriodSeconds", "int"),
        2: ("preconditions", "Preconditions"),
        3: ("orphanDependents", "bool"),
        4: ("propagationPolicy", "string"),
        5: ("dryRun", "[]string"),
    },
    "Preconditions": {1: ("uid", "string"), 2: ("resourceVersion", "string")},
    "Scale": {1: ("metadata", "ObjectMeta"), 2: ("spec", "ScaleSpec"), 3: ("status", "skip")},
    "ScaleSpec": {1: ("replicas", "int")},
    "Eviction": {1: ("metadata", "ObjectMeta"), 2: ("deleteOptions", "DeleteOptions")},
    "TokenRequest": {1: ("metadata", "ObjectMeta"), 2: ("spec", "skip"), 3: ("status", "skip")},
}


def read(body: bytes) -> Json:
    """The object in a body.

    Raises:
        StatusError: 415, a kind that is not read here; 400, no such body.
    """
    if not body.startswith(MAGIC):
        raise bad_request("the body does not start with the magic number of protobuf")
    envelope = _message(body[len(MAGIC) :], "Unknown")
    kind = envelope["typeMeta"].get("kind", "")
    if kind not in MESSAGES:
        raise unsupported(["application/json", "application/yaml"])
    return dict(envelope["typeMeta"]) | _message(envelope.get("raw", b""), kind)


def _message(data: bytes, name: str) -> Json:
    known = MESSAGES[name]
    found: Json = {}
    for number, value in _fields(data):
        if number not in known:
            continue
        key, kind = known[number]
        if kind == "skip":
            continue
        if kind.startswith("[]"):
            found.setdefault(key, []).append(_value(value, kind[2:]))
        elif kind.startswith("{}"):
            entry = dict(_fields(value))
            name_of = entry.get(1, b"").decode()
            found.setdefault(key, {})[name_of] = _value(entry.get(2, b""), kind[2:])
        else:
            found[key] = _value(value, kind)
    # Go writes empty strings too; JSON leaves them out.
    return {key: value for key, value in found.items() if value not in ("", None)}


def _value(value: Any, kind: str) -> Any:  # noqa: PLR0911 - one a type
    if kind == "string":
        return value.decode()
    if kind == "bytes":
        return base64.b64encode(value).decode()
    if kind == "raw":
        return value
    if kind == "bool":
        return bool(value)
    if kind == "int":
        return int(value)
    if kind == "Time":
        seconds = dict(_fields(value)).get(1)
        if seconds is None:
            return None
        return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _message(value, kind)


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    position = 0
    while position < len(data):
        tag, position = _varint(data, position)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, position = _varint(data, position)
            yield number, value
        elif wire == 2:
            length, position = _varint(data, position)
            yield number, data[position : position + length]
            position += length
        else:
            position += {1: 8, 5: 4}[wire]


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, position
