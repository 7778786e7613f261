"""From merged trees to the model. The trees are valid; only values that no schema can read may fail."""

from __future__ import annotations

from datetime import date
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any

from generator.catalog import known
from generator.model import Component, Environment, Network, Platform, Route, Waiver, Workload
from generator.model.cluster import Cluster, NodeGroup, Taint
from generator.model.gateway import Cors, Gateway, Throttle, Tokens
from generator.model.platform import Repository, Terraform
from generator.model.settings import Alerts, Database, Ingress, Registry, Sync, SyncWindow
from generator.model.workload import API_HOST, Egress, Settings
from generator.problem import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.merge import Merged, Tree
    from generator.problem import Path

TERRAFORM_VERSION = "1.11.4"


def platform(tree: Tree) -> Platform:
    """Resolve the `platform` section of platform.yaml."""
    terraform = tree["terraform"]
    return Platform(
        name=tree["name"],
        repository=Repository(url=tree["repository"]["url"], branch=tree["repository"]["branch"]),
        terraform=Terraform(
            backend=terraform["backend"],
            organization=terraform.get("organization", ""),
            project=terraform.get("project", tree["name"]),
            version=terraform.get("version", TERRAFORM_VERSION),
            bucket=terraform.get("bucket", ""),
            region=terraform.get("region", ""),
        ),
    )


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
        cluster, database, zones = tree["cluster"], tree["database"], tree["network"]["zones"]
        environment = Environment(
            platform=platform,
            name=name,
            description=tree.get("description", ""),
            account=tree["account"],
            region=tree["region"],
            domain=tree["domain"],
            peer_group=tree["peerGroup"],
            tags=tree.get("tags", {}),
            deletion_protection=tree.get("deletionProtection", False),
            auto_apply=tree.get("terraform", {}).get("autoApply", False),
            network=Network(
                region=tree["region"],
                cidr=_cidr(tree["network"]["cidr"], ("network", "cidr"), bad),
                zones=zones if isinstance(zones, int) else len(zones),
                named_zones=() if isinstance(zones, int) else tuple(zones),
                nat=tree["network"]["nat"],
                interface_endpoints=tree["network"].get("interfaceEndpoints", True),
            ),
            cluster=Cluster(
                kubernetes_version=cluster["kubernetesVersion"],
                service_cidr=_cidr(cluster["serviceCidr"], ("cluster", "serviceCidr"), bad),
                addons=cluster["addons"],
                ami_release=cluster.get("amiRelease", ""),
                public_access_cidrs=_cidrs(cluster, "publicAccessCidrs", bad),
                private_access_cidrs=_cidrs(cluster, "privateAccessCidrs", bad),
                admin_roles=tuple(cluster.get("adminRoles", ())),
                node_groups=tuple(_node_group(k, v) for k, v in sorted(cluster["nodeGroups"].items())),
            ),
            ingress=Ingress(**tree["ingress"]),
            gateway=_gateway(tree["gateway"], platform),
            database=Database(
                tier=database["tier"],
                version=database["version"],
                retention_days=database["backup"]["retentionDays"],
                point_in_time=database["backup"].get("pointInTime", False),
            ),
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
            _component(name, prefix, versions.get(name, ""), tree, bad)
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
            entry = self.memo[id(tree)] = (_settings(tree), tree)
        return entry[0]


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


def _settings(tree: Tree) -> Settings:
    resources = tree["resources"]
    return Settings(
        description=tree.get("description", ""),
        image=tree["image"],
        command=tuple(tree.get("command", ())),
        args=tuple(tree.get("args", ())),
        port=tree.get("port"),
        routes=tuple(
            Route(r.get("host", API_HOST), r["path"], r["auth"], _throttle(r.get("throttle")))
            for r in tree.get("routes", ())
        ),
        replicas=tree.get("replicas", 1),
        autoscaling=tree.get("autoscaling"),
        requests=resources["requests"],
        limits=resources.get("limits", {}),
        probes=tree.get("probes", {}),
        grace=tree.get("terminationGracePeriodSeconds", 30),
        database=tree.get("database", ""),
        env=tree.get("env", {}),
        secrets=tree.get("secrets", {}),
        aws=tuple(tree.get("aws", ())),
        schedule=tree.get("schedule"),
        calls=tuple(tree.get("calls", ())),
        egress=tuple(Egress(e["cidr"], tuple(e["ports"])) for e in tree.get("egress", ())),
        quota=tree.get("quota", {}),
    )


def _gateway(tree: Tree, platform: Platform) -> Gateway:
    cors, tokens = tree.get("cors"), tree.get("tokens")
    return Gateway(
        enabled=tree["enabled"],
        throttle=_throttle(tree.get("throttle")),
        cors=Cors(
            origins=tuple(cors["origins"]),
            methods=tuple(cors.get("methods", ("DELETE", "GET", "PATCH", "POST", "PUT"))),
            headers=tuple(cors.get("headers", ("authorization", "content-type"))),
            max_age=cors.get("maxAge", 3600),
        )
        if cors
        else None,
        tokens=Tokens(
            signing_keys=tuple(tokens["signingKeys"]),
            workload=tokens["customers"]["workload"],
            collection=tokens["customers"]["collection"],
            sender=tokens.get("sender", platform.name),
            throttle=_throttle(tokens.get("throttle")),
        )
        if tokens
        else None,
    )


def _throttle(tree: Tree | None) -> Throttle | None:
    return Throttle(tree["rate"], tree["burst"]) if tree else None


def _component(name: str, prefix: str, version: str, tree: Tree, bad: list[Finding]) -> Component:
    facts, span, waiver = known(name), tree.get("kubernetes", {}), tree.get("waiver")
    return Component(
        name=name,
        prefix=prefix,
        version=version,
        repository=tree["repository"].rstrip("/"),
        chart=tree.get("chart", name),
        namespace=tree["namespace"],
        wave=tree["wave"],
        values=tree.get("values") or {},
        server_side_apply=tree.get("serverSideApply", facts.server_side_apply),
        kubernetes=(span.get("min", facts.kubernetes[0]), span.get("max", facts.kubernetes[1])),
        service_account=tree.get("serviceAccount", facts.service_account),
        aws=tuple(tree.get("aws", ())),
        aws_policy=facts.aws_policy,
        pod_security=tree.get("podSecurity", facts.pod_security),
        waiver=_waiver(waiver, ("components", name, "waiver", "until"), bad) if waiver else None,
    )


def _node_group(name: str, tree: dict[str, Any]) -> NodeGroup:
    return NodeGroup(
        name=name,
        instance_types=tuple(tree["instanceTypes"]),
        minimum=tree["min"],
        maximum=tree["max"],
        capacity=tree["capacity"],
        disk_size=tree.get("diskSize", 50),
        labels=tree.get("labels", {}),
        taints=tuple(
            Taint(key=t["key"], value=t.get("value", ""), effect=t["effect"]) for t in tree.get("taints", ())
        ),
    )


def _cidr(text: str, path: Path, bad: list[Finding]) -> IPv4Network:
    try:
        return IPv4Network(text)
    except ValueError:
        pass
    try:
        network = IPv4Network(text, strict=False)
    except ValueError:
        bad.append(
            Finding(path=path, message=f'"{text}" is not an IPv4 network', fix="write as 10.30.0.0/16")
        )
        return IPv4Network("0.0.0.0/32")
    message = f"{text} is an address inside a network, not a network"
    bad.append(Finding(path=path, message=message, fix=f"write {network}"))
    return network


def _cidrs(cluster: Tree, key: str, bad: list[Finding]) -> tuple[str, ...]:
    written = enumerate(cluster.get(key, ()))
    return tuple(str(_cidr(cidr, ("cluster", key, i), bad)) for i, cidr in written)


def _waiver(tree: Tree, path: Path, bad: list[Finding]) -> Waiver | None:
    try:
        return Waiver(date.fromisoformat(tree["until"]), tree["reason"])
    except ValueError:
        bad.append(
            Finding(
                path=path,
                message=f'"{tree["until"]}" is not a day of the calendar',
                fix="write as 2027-03-31",
            )
        )
        return None
