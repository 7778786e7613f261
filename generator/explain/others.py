"""Other valid values for a leaf: what it might say instead, so that one sees what hangs on it.

"Valid" is what the schema says of the key. Values that the rules refuse may be among them: the version of
Kubernetes has no other one that fits the add-ons. Every value varies another part of a text, for a registry's
host and the repository in it have different readers.
"""

from __future__ import annotations

import re
from collections import Counter
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any

from generator import schema
from generator.explain.leaves import PLATFORM, at, leaves, replaced
from generator.schema.bundle import bundle

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from generator.explain.leaves import Leaf
    from generator.problem import Path
    from generator.schema.bundle import Kind, Schema
    from generator.source import Document

MOST = 4
"""How many other values of a leaf are tried."""

KNOWN = {
    # A region of another partition too: its ARNs and hosts are others.
    "an AWS region, as us-east-1": ("us-east-2", "eu-west-1", "cn-north-1"),
    # Of both processor architectures.
    "an EC2 instance type, as m7g.large": ("c7g.2xlarge", "m7i.xlarge"),
    "an IANA time zone, as America/Sao_Paulo": ("Europe/London", "Asia/Tokyo"),
}
"""Values of which not all that fit the pattern exist, by what the schema expects."""

_SAMPLES = (
    *("x", "X", "/x", "x/x", "1.0.0", "1.34", "10.9.0.0/16", "x.example", "x@x.example", "0 3 * * *", "1h"),
    *("100m", "2030-01-31", "123456789012", "arn:aws:iam::123456789012:role/x", "x:X", "us-east-1"),
    *("us-east-1a", "m7i.large", "v1.0.0-eksbuild.1", "1.34.1-20251112", "https://x.example/x.git"),
)


class Others:
    """Finds other values for the leaves of one spec."""

    def __init__(self, platform: Document, environments: Iterable[Document]) -> None:
        """Look at the names that the spec refers to."""
        documents = [platform, *environments]
        self.trees = {document.file: document.tree for document in documents}
        sections = [
            layer for d in documents for layer in (d.tree, *(d.tree.get("profiles") or {}).values()) if layer
        ]
        self.names: dict[str, Collection[str]] = {
            "profile": list(platform.tree.get("profiles") or ()),
            "calls": list(dict.fromkeys(n for s in sections for n in s.get("workloads") or ())),
            "controller": list(dict.fromkeys(n for s in sections for n in s.get("components") or ())),
        }
        # A namespace that others share differs from one that nobody has.
        self.shared = Counter(
            component["namespace"]
            for section in sections
            for component in (section.get("components") or {}).values()
            if isinstance(component, dict) and isinstance(component.get("namespace"), str)
        )

    def of(self, document: Document) -> dict[Leaf, list[Any]]:
        """Return the leaves of a document, each with the values to try instead, which may be none."""
        kind: Kind = "platform" if document.file == PLATFORM else "environment"
        found = {leaf: list(self._propose(kind, document.tree, leaf))[:MOST] for leaf in leaves(document)}
        for turn in range(MOST):
            trial = {leaf: values[turn] for leaf, values in found.items() if turn < len(values)}
            for leaf in _refused(kind, document.tree, trial):
                # Those of a list may only be refused together, for being the same.
                if len(trial) > 1 and not _refused(kind, document.tree, {leaf: trial[leaf]}):
                    continue
                found[leaf][turn] = leaf.value
        return {leaf: [v for v in values if v != leaf.value] for leaf, values in found.items()}

    def _propose(self, kind: Kind, tree: dict[str, Any], leaf: Leaf) -> Iterator[Any]:
        siblings: list[Any] = at(tree, leaf.path[:-1]) if isinstance(leaf.path[-1], int) else []
        taken = [leaf.value, *(s for s in siblings if isinstance(s, str))]
        key = next(part for part in reversed(leaf.path) if isinstance(part, str))
        names = self.names.get(key, ()) if leaf.path[-2:] != ("workloads", key) else ()
        definition = _schema(kind, leaf.path)
        if names and (key != "profile" or len(leaf.path) == 1) and not definition.get("x-free"):
            strangers = [name for name in names if name not in taken and name not in leaf.path]
            # A release's own name comes last: no sense in it, but it is there where others may be removed.
            yield from [*strangers[: MOST - 1], *(n for n in names if n in leaf.path and n not in taken)]
            return
        seen: list[Any] = [leaf.value]
        proposals = list(_values(definition, leaf.value, taken))
        if key == "namespace":
            proposals += [name for name, _ in self.shared.most_common(2)]
        for value in proposals:
            if value not in seen or type(value) is not type(leaf.value):
                seen.append(value)
                yield value


def _refused(kind: Kind, tree: dict[str, Any], trial: dict[Leaf, Any]) -> list[Leaf]:
    """Return the leaves that the schema refuses, or something around them, when all have their new values."""
    changed = replaced(tree, [(leaf.path, value) for leaf, value in trial.items()])
    refused = {finding.path for finding in schema.findings(kind, changed)}
    return [leaf for leaf in trial if any(leaf.path[: len(path)] == path for path in refused)]


def _values(definition: Schema, value: Any, taken: Collection[Any]) -> Iterator[Any]:
    if "enum" in definition:
        options = definition["enum"]
        start = options.index(value) + 1 if value in options else 0
        yield from (o for o in (*options[start:], *options[:start]) if o == value or o not in taken)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        bounds = definition.get("minimum", value - 1), definition.get("maximum", value + 1)
        yield from (v for v in (value + 1, value - 1, *bounds) if bounds[0] <= v <= bounds[1])
    elif isinstance(value, str):
        yield from _texts(definition, value, taken)
    elif value is None and definition.get("type") == "object":
        yield {}  # what the layers below say comes back
        yield _sample(definition)
    else:
        yield _sample({"type": "array", **definition} if value == [] else definition)


def _texts(definition: Schema, text: str, taken: Collection[Any]) -> Iterator[str]:
    expected = definition.get("x-expected", "")
    if expected in KNOWN:
        yield from (known for known in KNOWN[expected] if known not in taken)
    elif expected.startswith("an IPv4 network"):
        yield from _networks(text)
    elif expected.startswith("five fields"):
        minute, hour, *rest = text.split(" ")
        yield " ".join([str((int(minute) + 1) % 60) if minute.isdecimal() else "7", hour, *rest])
        yield " ".join([minute, str((int(hour) + 1) % 24) if hour.isdecimal() else "5", *rest])
    else:
        fits = re.compile(definition.get("pattern", "")).search
        if "\n" in text:  # each of its lines is one of the file
            *above, last = text.split("\n")
            every = "\n".join([*(f"{line}x" for line in above), f"{last}x" if last else ""])
            yield from (t for t in [every] if fits(t))
        signs = [i for i, sign in enumerate(text) if sign.isascii() and sign.isalnum()]
        for way in (reversed(signs), signs):  # near its end, near its start
            turned = (turn for i in way for turn in _turned(text, i))
            yield from (t for t in [next((t for t in turned if fits(t) and t not in taken), "")] if t)
        yield text + "x"


def _turned(text: str, index: int) -> Iterator[str]:
    """Yield the text with one letter or digit replaced by the next ones of its alphabet."""
    sign = text[index]
    alphabet = "0123456789" if sign.isdigit() else "abcdefghijklmnopqrstuvwxyz"
    at = alphabet.index(sign.lower())
    for step in (1, 2, 3, 4):
        other = alphabet[(at + step) % len(alphabet)]
        yield text[:index] + (other.upper() if sign.isupper() else other) + text[index + 1 :]


def _networks(text: str) -> Iterator[str]:
    network = IPv4Network(text)
    start, size = int(network.network_address), network.num_addresses
    yield from (
        str(IPv4Network((at, network.prefixlen))) for at in (start + size, start - size) if 0 <= at < 2**32
    )
    length = network.prefixlen + (1 if network.prefixlen < network.max_prefixlen else -1)
    yield str(IPv4Network((start, length), strict=False))


def _sample(definition: Schema) -> Any:
    """Return something small that is valid and not empty."""
    definition = _resolved(definition)
    if "enum" in definition:
        return definition["enum"][0]
    match definition.get("type"):
        case "boolean":
            return False
        case "integer" | "number":
            return max(definition.get("minimum", 1), 1)
        case "array" | ["integer", "array"]:
            return [_sample(definition.get("items", {}))]
        case "object":
            return _map(definition)
    fits = re.compile(definition.get("pattern", "")).search
    return next((text for text in _SAMPLES if fits(text)), "x")


def _map(definition: Schema) -> dict[str, Any]:
    properties = definition.get("properties")
    if properties:
        wanted = definition.get("required") or list(properties)[:1]
        return {name: _sample(properties[name]) for name in wanted}
    names, values = definition.get("propertyNames", {}), definition.get("additionalProperties", {})
    return {_sample(names): _sample(values if isinstance(values, dict) else {})}


def _schema(kind: Kind, path: Path) -> Schema:
    """Return what the schema says of a path, and `x-free` for what stands below Helm's values."""
    definition: Schema = bundle(kind)
    for part in path:
        definition = _resolved(definition)
        if definition.get("x-free"):
            return {"x-free": True}
        if isinstance(part, int):
            definition = definition.get("items", {})
        else:
            properties = definition.get("properties", {})
            definition = properties[part] if part in properties else definition["additionalProperties"]
    return _resolved(definition)


def _resolved(definition: Schema) -> Schema:
    """Follow `$ref`; what stands beside it goes on top. Both layers' schemas have the same definitions."""
    while "$ref" in definition:
        target: Any = bundle("platform")
        for part in definition["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        definition = {**target, **{k: v for k, v in definition.items() if k != "$ref"}}
    return definition
