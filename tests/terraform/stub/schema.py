"""A provider's schema: what may be written in a block, and what comes back. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Type = Any  # as Terraform writes it in JSON: "string", ["list", "string"], ["object", {"name": "string"}]


@dataclass(kw_only=True)
class Attribute:
    """An argument, or what is read. One of `type` and `nested` says what it holds."""

    type: Type = None
    nested: Nested | None = None
    required: bool = False
    optional: bool = False
    computed: bool = False
    replaces: bool = False  # a change makes another one of the resource

    @property
    def shape(self) -> Type:
        """Return the type of its values, nested or not."""
        return self.nested.shape if self.nested else self.type


@dataclass(kw_only=True)
class Block:
    """Attributes and the blocks in it."""

    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: dict[str, Nested] = field(default_factory=dict)

    @property
    def shape(self) -> Type:
        """Return the type of its values."""
        inner: dict[str, Attribute | Nested] = {**self.attributes, **self.blocks}
        return ["object", {name: part.shape for name, part in inner.items()}]


@dataclass(kw_only=True)
class Nested:
    """A block inside of another, or the object that an attribute holds."""

    nesting: str  # single, list, set or map
    block: Block
    least: int = 0
    most: int = 0  # 0: any number

    @property
    def shape(self) -> Type:
        """Return the type of its values."""
        return self.block.shape if self.nesting == "single" else [self.nesting, self.block.shape]


@dataclass(kw_only=True)
class Schema:
    """All that a provider has."""

    source: str  # registry.terraform.io/mongodb/mongodbatlas
    version: str
    provider: Block
    resources: dict[str, Block] = field(default_factory=dict)
    data_sources: dict[str, Block] = field(default_factory=dict)


def encode(part: Any) -> Any:
    """Return a schema, or a part of one, as JSON; what is not set is left out."""
    if isinstance(part, dict):
        return {name: encode(value) for name, value in part.items()}
    if isinstance(part, Attribute | Block | Nested | Schema):
        return {name: encode(value) for name, value in vars(part).items() if value not in (None, False, 0)}
    return part


def decode(document: dict[str, Any]) -> Schema:
    """Return the schema that `encode` made this of."""
    return Schema(
        source=document["source"],
        version=document["version"],
        provider=_block(document["provider"]),
        resources={name: _block(body) for name, body in document["resources"].items()},
        data_sources={name: _block(body) for name, body in document["data_sources"].items()},
    )


def _block(body: dict[str, Any]) -> Block:
    return Block(
        attributes={name: _attribute(part) for name, part in body.get("attributes", {}).items()},
        blocks={name: _nested(part) for name, part in body.get("blocks", {}).items()},
    )


def _attribute(part: dict[str, Any]) -> Attribute:
    nested = _nested(part["nested"]) if "nested" in part else None
    return Attribute(**{**part, "nested": nested})


def _nested(part: dict[str, Any]) -> Nested:
    return Nested(**{**part, "block": _block(part["block"])})
