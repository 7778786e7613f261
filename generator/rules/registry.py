"""What a rule is. A rule is a function that yields findings; its decorator says what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from generator.problem import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from generator.model.names import Name

Findings = Iterator[Finding]
Function = TypeVar("Function", bound=Callable[..., Findings])
Scope = Literal["workload", "environment", "spec"]


class Context(NamedTuple):
    """What a rule may ask besides the model.

    `today` is for waivers. `environments` are the names of all that have a file, also one with mistakes,
    which the model lacks. The others are by environment: `pinned` is the `versions` block as written,
    for the model only knows the versions of releases that exist; `names` is `aws_names()`, listed once.
    """

    today: date
    pinned: Mapping[str, Mapping[str, Mapping[str, str]]]
    names: Mapping[str, Sequence[Name]]
    environments: frozenset[str]


class Rule(NamedTuple):
    """A named rule and what it is called with.

    workload: `(Settings)`, once for settings that several environments share; paths below the workload.
    environment: `(Environment, Spec, Context)`; paths in that environment's merged tree.
    spec: `(Spec, Context)`; yields pairs of an environment's name and a finding.
    """

    name: str
    scope: Scope
    function: Callable[..., Any]


RULES: dict[str, Rule] = {}


def workload_rule(function: Function) -> Function:
    """Register a rule over a workload's settings."""
    return _register("workload", function)


def environment_rule(function: Function) -> Function:
    """Register a rule over one environment."""
    return _register("environment", function)


SpecFunction = TypeVar("SpecFunction", bound=Callable[..., Iterator[tuple[str, Finding]]])


def spec_rule(function: SpecFunction) -> SpecFunction:
    """Register a rule over all environments together."""
    RULES[function.__name__] = Rule(function.__name__, "spec", function)
    return function


def _register(scope: Scope, function: Function) -> Function:
    RULES[function.__name__] = Rule(function.__name__, scope, function)
    return function
