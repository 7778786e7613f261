"""One environment from its merged tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model import Component, Environment, Network, Platform, Workload
from generator.model.settings import Alerts, Ingress, Registry, Sync, SyncWindow
from generator.resolve.cidr import cidr
from generator.resolve.cluster import cluster
from generator.resolve.component import component
from generator.resolve.database import database
from generator.resolve.gateway import gateway
from generator.resolve.workload import settings

if TYPE_CHECKING:
    from generator.merge import Merged, Tree
    from generator.model.workload import Settings
    from generator.problem import Finding


class Resolver:
    """Resolves environments, sharing the settings of workloads that are the same tree in several.

    `memo` maps a tree's identity to its settings; the tree stands in it so that the identity stays its own.
    """

    def __init__(self) -> None:
        """Start with nothing remembered."""
        self.memo: dict[int, tuple[Settings, Tree]] = {}

    def environment(self, name: str, platform: Platform, merged: Merged) -> Environment | list[Finding]:
        """Resolve one environment, or say which values cannot be read."""
        bad: list[Finding] = []
        tree, prefix = merged.settings, platform.prefix(name)
        zones = tree["network"]["zones"]
        environment = Environment(
            platform=platform,
            name=name,
            description=tree.get("description", ""),
            account=tree["account"],
            region=tree["region"],
            domain=tree["domain"],
            peer_group=tree["peerGroup"],
            tags=tree.get("tags", {}),
            named_owners=tuple(tree.get("owners", ())),
            deletion_protection=tree.get("deletionProtection", False),
            auto_apply=tree.get("terraform", {}).get("autoApply", False),
            makes_identity_providers=tree.get("identityProviders", True),
            network=Network(
                region=tree["region"],
                cidr=cidr(tree["network"]["cidr"], ("network", "cidr"), bad),
                zones=zones if isinstance(zones, int) else len(zones),
                named_zones=() if isinstance(zones, int) else tuple(zones),
                nat=tree["network"]["nat"],
                interface_endpoints=tree["network"].get("interfaceEndpoints", True),
            ),
            cluster=cluster(tree["cluster"], bad),
            ingress=Ingress(**tree["ingress"]),
            gateway=gateway(tree["gateway"], platform),
            database=database(tree["database"]),
            sync=Sync(
                automated=tree["sync"]["automated"],
                prune=tree["sync"]["prune"],
                self_heal=tree["sync"]["selfHeal"],
            ),
            sync_windows=tuple(
                SyncWindow(w["kind"], w["schedule"], w["duration"], w.get("timeZone", "UTC"))
                for w in tree.get("syncWindows", ())
            ),
            alerts=Alerts(
                emails=tuple(tree.get("alerts", {}).get("emails", ())),
                monthly_budget=tree.get("alerts", {}).get("monthlyBudget", 0),
            ),
            log_retention_days=tree.get("logs", {}).get("retentionDays", 90),
            registry=Registry((), ()) if tree.get("registry") else None,
            charts=merged.versions.get("charts", {}),
            functions=merged.versions.get("functions", {}),
            components=self._components(prefix, merged, bad),
            workloads=self._workloads(prefix, merged),
        )
        return bad or environment

    def _components(self, prefix: str, merged: Merged, bad: list[Finding]) -> tuple[Component, ...]:
        versions = merged.versions.get("components", {})
        return tuple(
            component(name, prefix, versions.get(name, ""), tree, bad)
            for name, tree in sorted(merged.components.items())
        )

    def _workloads(self, prefix: str, merged: Merged) -> tuple[Workload, ...]:
        versions = merged.versions.get("workloads", {})
        return tuple(
            Workload(name=name, prefix=prefix, version=versions.get(name, ""), settings=self._settings(tree))
            for name, tree in sorted(merged.workloads.items())
        )

    def _settings(self, tree: Tree) -> Settings:
        entry = self.memo.get(id(tree))
        if entry is None:
            entry = self.memo[id(tree)] = (settings(tree), tree)
        return entry[0]
