"""What the spec says of an environment, as it stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model.cluster import Cluster
    from generator.model.component import Component
    from generator.model.gateway import Gateway
    from generator.model.network import Network
    from generator.model.platform import Platform
    from generator.model.workload import Workload


class Ingress(NamedTuple):
    """Which component receives requests, and the generation of its target group."""

    controller: str
    generation: int


class TierRange(NamedTuple):
    """The smallest and the largest tier that Atlas may take by itself."""

    least: str
    most: str


class Database(NamedTuple):
    """The Atlas cluster's settings. `shrink_from` is the tier that may be left for a smaller one, or "".

    `retired` are databases that no workload uses any more.
    """

    organization: str
    tier: str
    version: str
    autoscaling: TierRange | None
    shrink_from: str
    retention_days: int
    point_in_time: bool
    auditing: bool
    customer_key: bool
    retired: tuple[str, ...]


class Sync(NamedTuple):
    """How Argo CD follows Git."""

    automated: bool
    prune: bool
    self_heal: bool


class SyncWindow(NamedTuple):
    """When Argo CD may ("allow") or may not ("deny") sync by itself; `duration` as 3h or 1h30m."""

    kind: str
    schedule: str
    duration: str
    time_zone: str


class Registry(NamedTuple):
    """ECR repositories of one account, and the other accounts that pull from them; both sorted."""

    repositories: tuple[str, ...]
    pull_accounts: tuple[str, ...]


class Alerts(NamedTuple):
    """Who hears of alarms; the budget in US dollars a month, zero for none."""

    emails: tuple[str, ...]
    monthly_budget: int


class EnvironmentSettings(NamedTuple):
    """The fields of an environment; `charts` and `functions` are versions of our own charts and functions."""

    platform: Platform
    name: str
    description: str
    account: str
    region: str
    domain: str
    peer_group: str
    tags: Mapping[str, str]
    named_owners: tuple[str, ...]
    deletion_protection: bool
    auto_apply: bool
    makes_identity_providers: bool
    network: Network
    cluster: Cluster
    ingress: Ingress
    gateway: Gateway
    database: Database
    sync: Sync
    sync_windows: tuple[SyncWindow, ...]
    alerts: Alerts
    log_retention_days: int
    registry: Registry | None
    charts: Mapping[str, str]
    functions: Mapping[str, str]
    components: tuple[Component, ...]
    workloads: tuple[Workload, ...]
