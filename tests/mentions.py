"""What in rendered/ looks like something in AWS, and whether the model knows it: pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.model import aws_names, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.model import Environment
    from generator.model.names import Kind

WORD = re.compile(r"[^\s\"'`,;|=<>()\[\]{}]+")
ACCOUNT = re.compile(r"(?<!\w)\d{12}(?!\w)")
# What AWS gives an id when it makes it: 8 digits until 2016, 17 since.
_KINDS = (
    *("acl", "ami", "cgw", "dopt", "eigw", "eipalloc", "eipassoc", "eni", "fs", "fsap", "i", "igw", "lt"),
    *("nat", "pcx", "pl", "r", "rtb", "sg", "sgr", "snap", "subnet", "tgw", "tgw-attach", "tgw-rtb", "vgw"),
    *("vol", "vpc", "vpce", "vpce-svc", "vpn"),
)
RESOURCE = re.compile(rf"(?<![\w-])(?:{'|'.join(_KINDS)})-(?:[0-9a-f]{{17}}|[0-9a-f]{{8}})(?![\w-])")
HOST = re.compile(r"(?<![\w.*@-])(?:[\w*-]+\.)+[a-z]+(?![\w.-])")  # not of an e-mail address
OF_AWS = re.compile(r"(^|\.)(amazonaws\.com(\.cn)?|on\.aws|cloudfront\.net|awsglobalaccelerator\.com)$")
ECR = re.compile(r"^\d+\.dkr\.ecr\.")
OWNED_BY_AWS = re.compile(r"arn:aws[a-z-]*:(iam::aws:policy|eks::aws:cluster-access-policy)/[\w/-]+")
# A service, or one in a region, and the one service principal that is two words.
SERVICE = re.compile(
    r"(pods\.eks|[a-z][a-z0-9-]*(\.(?P<region>[a-z]{2}(-[a-z]+)+-\d))?)\.amazonaws\.com(\.cn)?"
)

# Argo CD wants an address of its own; people reach it by a forwarded port, so there is no such host.
UNSERVED = ("argocd",)

# What kind of name a key holds, in tfvars and in values: by the end of its path, `*` for any step.
KINDS: dict[str, set[Kind]] = {
    "access.atlas_credentials_secret_name": {names.SECRET},
    "access.packages_bucket": {names.BUCKET},
    "access.roles.*.*.name": {names.ROLE},
    "alerts.budget.name": {names.BUDGET},
    "atlas.credentials_secret_name": {names.SECRET},
    "customer_key.alias": {names.KEY_ALIAS},
    "customer_key.role_name": {names.ROLE},
    "cluster.name": {names.CLUSTER, names.ATLAS_CLUSTER},
    "clusterName": {names.CLUSTER},
    "customers_reader.secret_name": {names.SECRET},
    "flow_log_role_name": {names.ROLE},
    "hmac_secret_name": {names.SECRET},
    "gateway.api_host": {names.HOST},
    "gateway.apis.*.name": {names.API},
    "gateway.functions.*.name": {names.FUNCTION},
    "gateway.packages.bucket": {names.BUCKET},
    "gateway.sender.identity": {names.SENDER},
    "gateway.signing_keys.*.alias": {names.KEY_ALIAS},
    "gateway.table_name": {names.TABLE},
    "ingress.domain": {names.HOST},
    "ingress.hosts.*": {names.HOST},
    "key_alias": {names.KEY_ALIAS},
    "load_balancer_name": {names.LOAD_BALANCER},
    "log_group_name": {names.LOG_GROUP},
    "logs.groups.*": {names.LOG_GROUP},
    "network.name": {names.VPC},
    "node_role_name": {names.ROLE},
    "packages.bucket": {names.BUCKET},
    "packages.uploader_role_name": {names.ROLE},
    "project_name": {names.ATLAS_PROJECT},
    "registry.repositories.*": {names.REPOSITORY},
    "role_name": {names.ROLE},
    "secret_name": {names.SECRET},
    "secret_readers.*.secrets.*": {names.SECRET},
    "secrets.keys.*": {names.SECRET},
    "secrets.names.*": {names.SECRET},
    "secrets_key_alias": {names.KEY_ALIAS},
    "targetGroupName": {names.TARGET_GROUP},
    "target_group_name": {names.TARGET_GROUP},
    "topic_name": {names.TOPIC},
    "network.vpc_name": {names.VPC},
    "permissions_boundary_name": {names.POLICY},
}


class Known(NamedTuple):
    """What may be mentioned: `names` are whole words. Of hosts below `domains`, only those in `names`."""

    names: frozenset[str]
    looks: tuple[str, ...]  # what has one of these in it is a name
    domains: frozenset[str]
    accounts: frozenset[str]
    images: frozenset[str]
    regions: frozenset[str]


def in_an_environment(environment: Environment, everybody: Iterable[Environment]) -> Known:
    """Return what the files of an environment may mention; the names of the others are strange there."""
    everybody = tuple(everybody)
    own = {name.value for name in aws_names(environment)}
    roles = {environment.role_arn(name.value) for name in aws_names(environment) if name.kind == names.ROLE}
    images = {workload.settings.image for workload in environment.workloads}
    pulling = environment.registry.pull_accounts if environment.registry else ()
    unserved = {f"{host}.{environment.domain}" for host in UNSERVED}
    runs = {subject for role in environment.run_roles for subject in role.subjects}
    prefixes = {environment.secret_name("")}
    return Known(
        names=frozenset(
            {
                *(own | roles | runs | prefixes | unserved),
                *environment.cluster.admin_roles,
                *_resources(environment),
            }
        ),
        looks=tuple(look for e in everybody for look in (e.prefix, f"{e.platform.name}/{e.name}/")),
        domains=frozenset(e.domain for e in everybody),
        accounts=frozenset({environment.account, *pulling, *ACCOUNT.findall(" ".join(images))}),
        images=frozenset(images),
        regions=frozenset({environment.region}),
    )


def in_shared(everybody: Iterable[Environment]) -> Known:
    """Return what may be mentioned where all environments are."""
    everybody = tuple(everybody)
    known = [in_an_environment(environment, everybody) for environment in everybody]
    workspaces = {e.workspace_name(stack) for e in everybody for stack in e.stacks}
    return Known(
        names=frozenset().union(workspaces, *(k.names for k in known)),
        looks=known[0].looks,
        domains=known[0].domains,
        accounts=frozenset().union(*(k.accounts for k in known)),
        images=frozenset().union(*(k.images for k in known)),
        regions=frozenset().union(*(k.regions for k in known)),
    )


def _resources(environment: Environment) -> Iterator[str]:
    """Yield what the spec's own AWS statements are about."""
    permissions = [c.aws for c in environment.components] + [w.settings.aws for w in environment.workloads]
    return (
        resource
        for statements in permissions
        for statement in statements
        for resource in statement["resources"]
    )


def strangers(known: Known, text: str) -> set[str]:
    """Return what a text has that looks like a name, an id, an account or a host in AWS, and is not known."""
    accounts = set(ACCOUNT.findall(text)) - known.accounts
    return {*_words(known, text), *RESOURCE.findall(text), *accounts, *_hosts(known, text)}


def _words(known: Known, text: str) -> Iterator[str]:
    looks = ("arn:aws", *known.looks)
    for word in WORD.findall(text):
        if any(look in word for look in looks) and word not in known.names:
            if not OWNED_BY_AWS.fullmatch(word):
                yield word
        elif ECR.match(word) and word.partition(":")[0] not in known.images:
            yield word


def _hosts(known: Known, text: str) -> Iterator[str]:
    for found in HOST.finditer(text):
        host = found[0]
        if OF_AWS.search(host):
            service = SERVICE.fullmatch(host)
            fine = service and service["region"] in (None, *known.regions)
            if not fine and not ECR.match(host):  # whose whole words are judged
                yield host
        elif host in known.domains and text[found.end() : found.end() + 1] == "/":
            continue  # the prefix of a label
        elif any(f".{host}".endswith(f".{domain}") for domain in known.domains) and host not in known.names:
            yield host


def misnamed(environment: Environment, document: Any) -> list[str]:
    """Return which keys of a file hold no name of their kind: `path: value`."""
    values: dict[Kind, set[str]] = {}
    for name in aws_names(environment):
        values.setdefault(name.kind, set()).add(name.value)
    found = []
    for path, value in leaves(document):
        kinds = kinds_of(path)
        if kinds and value not in set().union(*(values.get(kind, set()) for kind in kinds)):
            found.append(f"{'.'.join(path)}: {value}")
    return found


def kinds_of(path: Sequence[str]) -> set[Kind]:
    """Return the kinds of name that a key may hold, none if it holds no name."""
    return next((kinds for key, kinds in KINDS.items() if is_at(key, path)), set())


def is_at(key: str, path: Sequence[str]) -> bool:
    """Whether a path ends as a key of `KINDS` says."""
    steps = key.split(".")
    end = path[-len(steps) :]
    return len(end) == len(steps) and all(s in ("*", e) for s, e in zip(steps, end, strict=True))


def leaves(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every value of a file that is no collection, with its path."""
    if not isinstance(node, dict | list):
        yield path, node
        return
    for step, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield from leaves(value, (*path, str(step)))
