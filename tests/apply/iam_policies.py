"""What IAM says to a request, by a role's policies: of its language as much as ours use.

IAM user guide, "Policy evaluation logic": a matching Deny wins, then a matching Allow, else it is denied.
"""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Statement = Mapping[str, Any]
    Values = list[str]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What somebody asks for. A key of the context has a value or a list of them."""

    action: str
    resource: str = "*"
    context: Mapping[str, str | list[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}"


class UnknownError(Exception):
    """A policy says something that is not understood here."""


def allows(statements: Iterable[Statement], request: Request) -> bool:
    """Say whether a role with these statements may make a request."""
    effects = {statement["Effect"] for statement in statements if _matches(statement, request)}
    return effects == {"Allow"}


def _matches(statement: Statement, request: Request) -> bool:
    return (
        _element(statement, "Action", request.action, _action)
        and _element(statement, "Resource", request.resource, _like)
        and all(_condition(name, keys, request) for name, keys in statement.get("Condition", {}).items())
    )


def _element(statement: Statement, name: str, value: str, match: Callable[[str, str], bool]) -> bool:
    if name in statement:
        return any(match(value, pattern) for pattern in _list(statement[name]))
    return not any(match(value, pattern) for pattern in _list(statement[f"Not{name}"]))


def _action(value: str, pattern: str) -> bool:
    return _like(value.lower(), pattern.lower())


def _like(value: str, pattern: str) -> bool:
    """Match `*` and `?`; brackets are nothing special."""
    return re.fullmatch(fnmatch.translate(pattern.replace("[", "[[]")), value) is not None


def _condition(operator: str, keys: Mapping[str, Any], request: Request) -> bool:
    return all(_holds(operator, _context(request, key), _list(expected)) for key, expected in keys.items())


def _context(request: Request, key: str) -> Values | None:
    """Return the values of a key; keys are compared without case."""
    return next((_list(v) for name, v in request.context.items() if name.lower() == key.lower()), None)


def _holds(operator: str, values: Values | None, expected: Values) -> bool:
    if operator == "Null":
        return (values is None) == (expected == ["true"])
    if operator == "ForAllValues:StringLike":
        return all(any(_like(value, pattern) for pattern in expected) for value in values or [])
    if operator == "StringNotEquals":
        return values is None or not set(values) & set(expected)
    if operator == "ArnNotLike":
        return not any(_like(value, pattern) for value in values or [] for pattern in expected)
    if operator in ("StringEquals", "ArnEquals", "Bool"):
        return bool(set(values or []) & set(expected))
    if operator == "StringLike":
        return any(_like(value, pattern) for value in values or [] for pattern in expected)
    raise UnknownError(operator)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
