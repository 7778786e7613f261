"""The environment at a glance, for people. Prose and tables: nothing reads this page back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.banner import markdown_banner
from generator.model.gateway import FUNCTIONS
from generator.model.kubernetes import EDGE, EDGE_WAVE, WORKLOAD_WAVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import Environment
    from generator.model.gateway import Throttle
    from generator.model.settings import SyncWindow


def render(environment: Environment) -> Iterator[tuple[str, str]]:
    """Yield `README.md`."""
    sections = (_head, _picture, _facts, _routes, _workloads, _components)
    text = "\n".join("\n".join(section(environment)) + "\n" for section in sections)
    yield "README.md", markdown_banner(f"environments/{environment.name}.yaml") + text


def _head(environment: Environment) -> Iterator[str]:
    yield f"# {environment.name}"
    yield ""
    yield environment.description or f"The environment {environment.name} of {environment.platform.name}."


def _picture(environment: Environment) -> Iterator[str]:
    network, database = environment.network, environment.database
    entrance = "gateway --> nlb" if environment.gateway.enabled else "client --> nlb"
    yield "```mermaid"
    yield "flowchart LR"
    yield '  client(["clients"])'
    if environment.gateway.enabled:
        yield f'  client --> gateway["API Gateway<br/>{environment.api_host}"]'
    yield f'  subgraph vpc["VPC {network.cidr}, {len(network.zone_names)} zones, {environment.region}"]'
    yield f'    nlb["NLB<br/>{environment.load_balancer_name}"]'
    kubernetes = environment.cluster.kubernetes_version
    yield f'    subgraph eks["EKS {environment.cluster_name}, Kubernetes {kubernetes}"]'
    yield f'      ingress["{environment.ingress.controller}"]'
    for workload in environment.workloads:
        shape = '(["{}"])' if workload.settings.is_job else '["{}"]'
        yield f"      {_id(workload.name)}{shape.format(workload.name)}"
        if workload.settings.routes:
            yield f"      ingress --> {_id(workload.name)}"
    yield "    end"
    yield "  end"
    yield f"  {entrance}"
    yield "  nlb --> ingress"
    yield f'  atlas[("MongoDB Atlas {database.tier}<br/>{environment.atlas_cluster_name}")]'
    for workload in environment.workloads:
        for called in workload.settings.calls:
            yield f"  {_id(workload.name)} --> {_id(called)}"
        if workload.settings.database:
            yield f"  {_id(workload.name)} --> atlas"
    yield "```"


def _id(name: str) -> str:
    """Mermaid reads some plain words, as `end`, as its own; a prefix keeps names apart from them."""
    return f"w_{name.replace('-', '_')}"


def _facts(environment: Environment) -> Iterator[str]:
    sync, groups = environment.sync, environment.cluster.node_groups
    nodes = "; ".join(f"{g.name}: {g.minimum} to {g.maximum} x {', '.join(g.instance_types)}" for g in groups)
    automated = [w for w, on in (("prune", sync.prune), ("self-heal", sync.self_heal)) if on]
    synced = "automatic" + (f" with {' and '.join(automated)}" if automated else "")
    yield from _table(
        ("", ""),
        (
            *(
                (("Owners", ", ".join(f"`{owner}`" for owner in environment.owners)),)
                if environment.owners
                else ()
            ),
            ("AWS account, region", f"{environment.account}, {environment.region}"),
            ("Domain", environment.domain),
            ("Network", f"{environment.network.cidr}, NAT {environment.network.nat}"),
            ("Nodes", nodes),
            ("Database", f"{environment.database.tier}, MongoDB {environment.database.version}"),
            *_gateway(environment),
            ("Argo CD sync", synced if sync.automated else "by hand"),
            *(("Sync window", _window(window)) for window in environment.sync_windows),
            ("Terraform apply", "automatic" if environment.auto_apply else "after a person's approval"),
            ("Deletion protection", "on" if environment.deletion_protection else "off"),
        ),
    )


def _gateway(environment: Environment) -> Iterator[tuple[str, str]]:
    gateway = environment.gateway
    if not gateway.enabled or gateway.tokens is None:
        return
    signing, *others = (f"`{key}`" for key in gateway.tokens.signing_keys)
    published = f"; published too: {', '.join(others)}" if others else ""
    yield "API Gateway", _limit(gateway.throttle)
    whose = f"from `{environment.issuer}` for `{environment.audience}`"
    yield "Tokens", f"{whose}, signed by {signing}{published}"
    yield "Functions", ", ".join(f"{f} `{environment.functions[f][:12]}`" for f in FUNCTIONS)


def _limit(throttle: Throttle | None) -> str:
    return f"{throttle.rate} requests a second, {throttle.burst} at once" if throttle else ""


def _window(window: SyncWindow) -> str:
    allowed = "allowed" if window.kind == "allow" else "held back"
    return f"{allowed} for {window.duration} from `{window.schedule}` ({window.time_zone})"


def _routes(environment: Environment) -> Iterator[str]:
    yield "## Hosts and routes"
    yield ""
    rows = [
        (environment.host(route), route.path, route.auth, workload.name, _limit(route.throttle))
        for workload, _, route in environment.routes
    ]
    yield from _table(("Host", "Path", "Authentication", "Workload", "Limit"), sorted(rows))


def _workloads(environment: Environment) -> Iterator[str]:
    yield "## Workloads"
    yield ""
    if environment.workloads:
        yield f"Chart `workload` `{environment.charts['workload']}`, at wave {WORKLOAD_WAVE}."
        yield ""
    rows = []
    for workload in environment.workloads:
        settings = workload.settings
        scaling, schedule = settings.autoscaling, settings.schedule
        many = f"{scaling['min']} to {scaling['max']}" if scaling else str(settings.replicas)
        pods = f"{many} pod" if many == "1" else f"{many} pods"
        runs = f"`{schedule['cron']}`" if schedule else pods
        rows.append((workload.name, f"`{workload.version}`", runs, settings.database, settings.description))
    yield from _table(("Workload", "Version", "Runs", "Database", "What it does"), rows)


def _components(environment: Environment) -> Iterator[str]:
    yield "## Components"
    yield ""
    rows = [(c.wave, c.name, f"`{c.version}`", c.namespace) for c in environment.components]
    edge = (EDGE_WAVE, EDGE, f"`{environment.charts[EDGE]}`", environment.ingress_namespace)
    yield from _table(("Wave", "Component", "Chart version", "Namespace"), sorted([*rows, edge]))


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    yield _row(head)
    yield _row(["---"] * len(head))
    for row in rows:
        yield _row(row)


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |"
