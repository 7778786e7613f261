"""What a schema makes of a resource's values: what is left open in a plan, and what fills it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.terraform.stub.schema import Block, Type

Values = dict[str, Any]


class _Unknown:
    """What only the apply tells."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __copy__(self) -> _Unknown:
        return self

    def __deepcopy__(self, memo: object) -> _Unknown:
        return self


UNKNOWN: Final = _Unknown()


def opened(block: Block, values: Values) -> Values:
    """Return the values of a new resource, with everything open that the provider is to tell."""
    found: Values = {}
    for name, value in values.items():
        attribute = block.attributes.get(name)
        if attribute is None:
            found[name] = _each(block.blocks[name].block, value)
        elif value is None and attribute.computed:
            found[name] = UNKNOWN
        elif attribute.nested:
            found[name] = _each(attribute.nested.block, value)
        else:
            found[name] = value
    return found


def _each(block: Block, value: Any) -> Any:
    if isinstance(value, list):
        return [opened(block, item) for item in value]
    if isinstance(value, dict) and value.keys() <= {*block.attributes, *block.blocks}:
        return opened(block, value)
    if isinstance(value, dict):
        return {key: opened(block, item) for key, item in value.items()}
    return value


def fit(shape: Type, value: Any) -> Any:
    """Return a value with everything that its type has: what is missing is null.

    Raises:
        KeyError: the value has what the type has not.
    """
    if value is None or value is UNKNOWN or isinstance(shape, str):
        return value
    kind, inner = shape
    if kind == "object":
        if more := value.keys() - inner.keys():
            raise KeyError(f"not in the schema: {sorted(more)}")
        return {name: fit(part, value.get(name)) for name, part in inner.items()}
    if kind == "map":
        return {key: fit(inner, item) for key, item in value.items()}
    return [fit(inner, item) for item in value]


def fill(shape: Type, planned: Any, answer: Any) -> Any:
    """Return what was planned with the answer where it is open, and nothing where there is none either."""
    if planned is UNKNOWN:
        return fit(shape, answer) if answer is not None else nothing(shape)
    if planned is None or isinstance(shape, str):
        return planned
    kind, inner = shape
    if kind == "object":
        given = answer if isinstance(answer, dict) else {}
        return {name: fill(inner[name], value, given.get(name)) for name, value in planned.items()}
    if kind == "map":
        return {key: fill(inner, value, None) for key, value in planned.items()}
    answers = answer if isinstance(answer, list) and len(answer) == len(planned) else [None] * len(planned)
    return [fill(inner, *pair) for pair in zip(planned, answers, strict=True)]


def nothing(shape: Type) -> Any:
    """Return what a provider says where there is nothing to say."""
    if isinstance(shape, str):
        return {"string": "", "number": 0, "bool": False}[shape]
    kind, inner = shape
    if kind == "object":
        return {name: nothing(part) for name, part in inner.items()}
    return {} if kind == "map" else []


def merged(below: Values, above: Values) -> Values:
    """Return values with others on top, objects merged."""
    found = copy.deepcopy(below)
    for name, value in above.items():
        under = found.get(name)
        found[name] = merged(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return found
