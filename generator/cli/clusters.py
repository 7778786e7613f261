"""What the commands that ask clusters share: options, contexts, all environments at once, trouble."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from generator.cli.cluster_options import ALL, OTHER, SAME, UNASKED
from generator.cli.report import Usage, environment_named
from generator.status.text import wrapped

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Sequence

    from generator.cluster.client import Cluster
    from generator.cluster.errors import ClusterError
    from generator.cluster.kubeconfig import Wanted
    from generator.cluster.snapshot import Asked
    from generator.model import Environment, Spec

T = TypeVar("T")

_AT_ONCE = 8
_COLOURS = {"fine": "32", "moving": "33", "broken": "31", "missing": "31", "extra": "35", "error": "31"}


class Outcome(NamedTuple, Generic[T]):
    """What came of asking one environment's cluster."""

    environment: Environment
    found: T | None
    error: ClusterError | None = None


def chosen(spec: Spec, options: argparse.Namespace) -> list[Environment]:
    """Return the environments that the options mean; raises Usage when they mean none."""
    if options.timeout <= 0:
        raise Usage("--timeout wants more than 0 seconds")
    if options.env == ALL:
        if options.context:
            raise Usage("--context names one cluster, so it does not go with --env all")
        return list(spec.environments)
    name = environment_named(options.env, [e.name for e in spec.environments])
    return [e for e in spec.environments if e.name == name]


def asked(environment: Environment) -> Asked:
    """Return who the environment's cluster has to be."""
    from generator.cluster.snapshot import Asked  # noqa: PLC0415  (with the kubernetes client)

    repository = environment.platform.repository.url
    return Asked(environment.name, repository, f"rendered/{environment.name}/argocd")


def wanted(environment: Environment) -> Wanted:
    """Return the environment's cluster, as AWS names it."""
    from generator.cluster.kubeconfig import Wanted  # noqa: PLC0415  (as above)

    return Wanted(environment.name, environment.cluster_name, environment.account, environment.region)


def connect(environment: Environment, options: argparse.Namespace) -> Cluster:
    """Return the API of an environment's cluster. Raises NoContext, Expired."""
    from generator.cluster import kubeconfig  # noqa: PLC0415  (as above)
    from generator.cluster.client import Cluster  # noqa: PLC0415  (a third of a second)
    from generator.cluster.retry import Limits  # noqa: PLC0415

    named, names = options.context, wanted(environment)
    read = kubeconfig.read(names)
    context = read.named(named) if named else read.choose(names)
    limits = Limits(read=min(30.0, options.timeout), patience=options.timeout)
    return Cluster(read, context, limits, notice)


def ask(
    environments: Sequence[Environment],
    options: argparse.Namespace,
    question: Callable[[Environment, Cluster], T],
) -> list[Outcome[T]]:
    """Ask all clusters at once; what one does not answer stops no other."""
    from generator.cluster import connection  # noqa: PLC0415  (as above)
    from generator.cluster.errors import ClusterError  # noqa: PLC0415

    def one(environment: Environment) -> Outcome[T]:
        try:
            cluster = connect(environment, options)
            with closing(cluster), cluster.within(options.timeout):
                return Outcome(environment, question(environment, cluster))
        except ClusterError as error:
            return Outcome(environment, None, error)

    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        return list(pool.map(one, environments))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # after Ctrl-C nobody waits for an answer
        connection.clean()
        quiet()


def code(outcomes: Iterable[Outcome[T]], fine: Callable[[T], bool]) -> int:
    """Return the exit code."""
    return max((_code(outcome, fine) for outcome in outcomes), default=SAME)


def _code(outcome: Outcome[T], fine: Callable[[T], bool]) -> int:
    if outcome.found is None:
        return OTHER if outcome.error and outcome.error.kind == "not-bootstrapped" else UNASKED
    return SAME if fine(outcome.found) else OTHER


def trouble(environment: str, error: ClusterError | None) -> list[str]:
    """Return the lines for a cluster that could not be asked."""
    if error is None:
        return []
    first, *more = wrapped(f"{environment}: {error.message}", "")
    return [
        paint(first, "error"),
        *more,
        *(line for sentence in error.fix.splitlines() for line in wrapped(sentence, "  ")),
    ]


def as_error(environment: str, error: ClusterError | None) -> dict[str, Any]:
    """Return the same for machines."""
    told = {"kind": error.kind, "message": error.message, "fix": error.fix} if error else None
    return {"environment": environment, "error": told}


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(tz=UTC)


def paint(text: str, state: str) -> str:
    """Colour a text for a terminal, unless its owner wants none (https://no-color.org)."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty()
    colour = _COLOURS.get(state, "")
    return text if plain or not colour or state == "fine" else f"\033[{colour}m{text}\033[0m"


def notice(text: str) -> None:
    """Say why it takes long, to somebody who waits at a terminal; the next word overwrites it."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K... {text[:90]}")
        sys.stderr.flush()


def quiet() -> None:
    """Take the last notice away."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()
