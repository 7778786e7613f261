"""What is wrong with a text's nodes, one after the other: keys, tags, numbers, aliases."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from generator.problem import did_you_mean
from generator.source import scalar
from generator.source.mistake import Mistake, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.source.locate import Composition, Node

_TAG = re.compile(r"(?:&[\w-]+(?:\s|#.*)*)?(?P<tag>![^\s,\[\]{}]*)")

# All values that a file's aliases stand for, each counted as often as it is repeated: far more than
# any honest use. A hundred per value written stays below ryaml's own limit, which names no place.
_MOST_REPEATED = 100_000
_MOST_REPEATED_PER_VALUE = 100


def check(text: str, composition: Composition) -> Iterator[Mistake]:
    """Yield the mistakes in the nodes of a text, as far as it could be read."""
    keys = [node for node in composition.nodes if node.is_key]
    yield from _duplicates(keys)
    for key in keys:
        yield from _key(key)
    for node in composition.nodes:
        yield from _tag(text, node)
        if node.plain and not node.is_key:
            yield from _number(node)
    yield from _aliases(composition)


def _duplicates(keys: list[Node]) -> Iterator[Mistake]:
    first: dict[tuple[Node | None, str], Node] = {}
    for key in keys:
        if not isinstance(key.name, str):
            continue
        earlier = first.setdefault((key.parent, key.name), key)
        if earlier is not key:
            yield Mistake(
                key.start, "this key is there already", "keep one of them", key.path, other=earlier.start
            )


def _key(key: Node) -> Iterator[Mistake]:
    actual = key.actual
    if actual.kind in ("list", "map"):
        yield Mistake(
            key.start,
            f"a {actual.kind} cannot be a key",
            "put text that begins with a brace or bracket, as a {{ template }}, in quotes",
            key.path,
        )
    elif actual.plain and actual.text == "<<":
        yield Mistake(key.start, "merge keys are not supported", "use profiles or defaults", key.path)
    elif actual.plain and not actual.text:
        yield Mistake(key.start, "a key is missing here", 'write it before the ":"', key.path[:-1])
    elif actual.plain and (kind := scalar.kind(actual.text)) != "text":
        words = {"null": "as nothing", "bool": "as true or false"}.get(kind, "as a number")
        yield Mistake(
            key.start,
            f"the key is read {words}, not as text",
            f"write {quote(actual.text)} in quotes",
            key.path,
        )


def _tag(text: str, node: Node) -> Iterator[Mistake]:
    # An empty value has the offset of what follows it, and a tag there belongs to that.
    found = _TAG.match(text, node.start) if node.start != node.end else None
    if found:
        yield Mistake(
            found.start("tag"),
            f"tags are not supported: {quote(found['tag'])}",
            "remove it; text that begins with an exclamation mark, or is to stay text, goes in quotes",
            node.path,
        )


def _number(node: Node) -> Iterator[Mistake]:
    kind = scalar.kind(node.text)
    if kind == "int" and not scalar.is_exact(node.text):
        message = "an integer beyond 2^53 loses its last digits in Helm"
    elif kind == "float" and not scalar.is_finite(node.text):
        message = f"{quote(node.text)} is no number that JSON can hold"
    else:
        return
    yield Mistake(node.start, message, f"quote it: {quote(node.text)}", node.path)


def _aliases(composition: Composition) -> Iterator[Mistake]:
    """Judge aliases; children come before their parents, and an anchor's value before its aliases."""
    limit = min(_MOST_REPEATED, _MOST_REPEATED_PER_VALUE * len(composition.nodes))
    size: dict[Node, int] = {}  # values in a finished node, its aliases written out
    within: dict[Node | None, int] = defaultdict(int)  # the same of the children finished so far
    repeated = 0
    for node in composition.nodes:
        size[node] = 1 + within.pop(node, 0)
        if node.kind == "alias":
            if node.target is None:
                yield _unknown(node, composition.anchors)
            elif node.target not in size:
                yield Mistake(
                    node.start, "the alias stands inside its own anchor", "write the value out", node.path
                )
            else:
                size[node] = size[node.target]
                repeated += size[node]
        if repeated > limit:
            yield Mistake(
                node.start,
                f"up to this alias, aliases repeat more than {limit:,} values",
                "write the values out, or use profiles and defaults",
                node.path,
            )
            return
        within[node.parent] += size[node]


def _unknown(alias: Node, anchors: set[str]) -> Mistake:
    return Mistake(
        alias.start,
        f'no anchor "&{alias.text}" stands before this alias',
        did_you_mean(alias.text, anchors) or f'put it in quotes if it is text: "*{alias.text}"',
        alias.path,
    )
