"""Read what a newer version of a provider has otherwise, and change a recovered schema by it.

An attribute is `required`, `optional` and `computed` as it is, `replaces` where a change makes another
one, then its type: `optional computed list(string)`. What holds attributes of its own is a mapping with
`is`, of which the type is the nesting, and `attributes`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.terraform.stub.schema import Attribute, Block, Nested

if TYPE_CHECKING:
    from tests.terraform.stub.schema import Schema, Type

FLAGS = {"required", "optional", "computed", "replaces"}
COLLECTION = re.compile(r"(list|set|map)\((.+)\)")
SCALARS = {"string", "number", "bool"}


def correct(schema: Schema, document: dict[str, Any]) -> None:
    """Change a schema in place: what is written is added or replaced, and what is under `without` goes."""
    schema.version = document["version"]
    _change(schema.provider, document.get("provider", {}))
    for kind in ("resources", "data_sources"):
        places: dict[str, Block] = getattr(schema, kind)
        for name, change in document.get(kind, {}).items():
            known = Block() if change.get("whole") else places.get(name, Block())
            places[name] = known
            _change(known, change)


def _change(block: Block, change: dict[str, Any]) -> None:
    for name in change.get("without", []):
        del block.attributes[name]
    for name, text in change.get("attributes", {}).items():
        block.attributes[name] = attribute(text)
    for name, inner in change.get("blocks", {}).items():
        nested = block.blocks.setdefault(name, Nested(nesting=inner.get("nesting", "list"), block=Block()))
        nested.most = inner.get("most", nested.most)
        nested.least = inner.get("least", nested.least)
        _change(nested.block, inner)
    for name in change.get("replaces", []):
        block.attributes[name].replaces = True


def attribute(text: str | dict[str, Any]) -> Attribute:
    """Return an attribute as it is written.

    Raises:
        ValueError: it is written wrongly.
    """
    words = (text["is"] if isinstance(text, dict) else text).split()
    flags, kind = set(words[:-1]), words[-1]
    if not flags or not flags <= FLAGS or ("required" in flags) == bool(flags & {"optional", "computed"}):
        raise ValueError(
            f"{text}: say required, or optional, computed or both, and perhaps replaces; then a type"
        )
    found = Attribute()
    for flag in flags:
        setattr(found, flag, True)
    if isinstance(text, dict):
        inner = Block(attributes={name: attribute(part) for name, part in text["attributes"].items()})
        found.nested = Nested(nesting=kind, block=inner)
    else:
        found.type = _type(kind)
    return found


def _type(text: str) -> Type:
    if match := COLLECTION.fullmatch(text):
        return [match[1], _type(match[2])]
    if text not in SCALARS:
        raise ValueError(
            f"{text} is no type: write string, number, bool, or list, set or map of one: list(string)"
        )
    return text
