"""Registries hold what all environments run from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.settings import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.model import Environment


def with_registries(environments: Iterable[Environment]) -> tuple[Environment, ...]:
    """Fill the registries with what all environments run from them."""
    every = tuple(environments)
    return tuple(e._replace(registry=_registry(e, every)) if e.registry else e for e in every)


def _registry(holder: Environment, every: Iterable[Environment]) -> Registry:
    start, repositories, accounts = f"{holder.registry_host}/", set(), set()
    for environment in every:
        for workload in environment.workloads:
            if workload.settings.image.startswith(start):
                repositories.add(workload.settings.image.removeprefix(start))
                accounts.add(environment.account)
    return Registry(tuple(sorted(repositories)), tuple(sorted(accounts - {holder.account})))
