"""What MongoDB Atlas does, and what it refuses, as far as terraform/ relies on it."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any, ClassVar

from tests.terraform.stub.provider import RefusedError, Rules, digest
from tests.terraform.stub.values import merged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.terraform.stub.values import Values
    from tests.terraform.stub.world import Kinds

    Make = Callable[[Kinds, Values], Values]

PROJECT = "mongodbatlas_project"
CLUSTER = "mongodbatlas_advanced_cluster"
USER = "mongodbatlas_database_user"
SCHEDULE = "mongodbatlas_cloud_backup_schedule"
LINK = "mongodbatlas_privatelink_endpoint"
ENDPOINT = "mongodbatlas_privatelink_endpoint_service"
AUDITING = "mongodbatlas_auditing"
SETUP = "mongodbatlas_cloud_provider_access_setup"
AUTHORIZATION = "mongodbatlas_cloud_provider_access_authorization"
ENCRYPTION = "mongodbatlas_encryption_at_rest"

ROLE_ARN = re.compile(r"arn:aws[\w-]*:iam::\d{12}:role/.+")
SMALLEST_WITH_LINK = 10  # M10

# Not Terraform's: what Atlas runs, when autoscaling has moved away from what it was told.
EFFECTIVE = "mongodbatlas_effective_tier"


class Atlas(Rules):
    """MongoDB Atlas behind its provider."""

    # internal/service/advancedcluster/plan_modifier.go: never copied from the state.
    volatile: ClassVar[dict[str, set[str]]] = {
        CLUSTER: {"connection_strings", "state_name", "mongo_db_version", "config_server_type"},
        "mongodbatlas_alert_configuration": {"updated"},
    }

    def configure(self, config: Values) -> None:
        if not config["client_id"] or not config["client_secret"]:
            raise RefusedError(
                "Error getting credentials for provider: client_id and client_secret are needed"
            )

    def key(self, kind: str, values: Values) -> str:
        if kind == CLUSTER:
            return f"{values['project_id']}-{values['name']}"
        if kind == USER:
            return f"{values['project_id']}-{values['username']}-{values['auth_database_name']}"
        return super().key(kind, values)

    def create(self, kinds: Kinds, kind: str, planned: Values) -> Values:
        if kind != PROJECT and planned["project_id"] not in kinds.get(PROJECT, {}):
            raise RefusedError(f"GROUP_NOT_FOUND: there is no project {planned['project_id']}")
        made: dict[str, Make] = {
            PROJECT: _project,
            CLUSTER: _cluster,
            USER: _user,
            SCHEDULE: _schedule,
            LINK: _link,
            ENDPOINT: _endpoint,
            AUDITING: lambda _, values: {"id": values["project_id"]},
            SETUP: _setup,
            AUTHORIZATION: _authorization,
            ENCRYPTION: _encryption,
        }
        answer = made[kind](kinds, planned) if kind in made else {}
        return super().create(kinds, kind, _identity(planned)) | answer

    def update(self, kinds: Kinds, kind: str, prior: Values, planned: Values) -> Values:
        if kind == CLUSTER:
            return merged(prior, _changed_cluster(kinds, prior, planned))
        if kind == USER:
            _user(kinds, planned)
        if kind == SCHEDULE:
            _schedule(kinds, planned)
        return super().update(kinds, kind, prior, planned)

    def delete(self, kinds: Kinds, kind: str, stored: Values) -> None:
        if kind == CLUSTER and stored["termination_protection_enabled"]:
            raise RefusedError(
                f"CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED: {stored['name']}"
            )
        if kind == LINK and any(
            e["private_link_id"] == stored["private_link_id"] for e in kinds.get(ENDPOINT, {}).values()
        ):
            raise RefusedError("CANNOT_DELETE_PRIVATE_ENDPOINT_SERVICE_WITH_ENDPOINTS")
        if kind == PROJECT and any(c["project_id"] == stored["id"] for c in kinds.get(CLUSTER, {}).values()):
            raise RefusedError("CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS: the project has a cluster")

    def read(self, kinds: Kinds, kind: str, stored: Values) -> Values:
        return _seen(kinds, stored) if kind == CLUSTER else stored

    def search(self, kinds: Kinds, kind: str, config: Values) -> Values:
        if kind == "mongodbatlas_projects":
            found = [_project_result(project) for project in kinds.get(PROJECT, {}).values()]
            return {"id": "projects", "results": found, "total_count": len(found)}
        of_project = {
            kind: [v for v in kinds.get(kind, {}).values() if v["project_id"] == config["project_id"]]
            for kind in (CLUSTER, USER, SCHEDULE)
        }
        if kind == "mongodbatlas_advanced_clusters":
            return {"results": [_cluster_result(kinds, cluster) for cluster in of_project[CLUSTER]]}
        if kind == "mongodbatlas_database_users":
            hidden = {"password"}
            users = [{n: v for n, v in u.items() if n not in hidden} for u in of_project[USER]]
            return {"id": "users", "results": users}
        if kind == SCHEDULE:
            return _schedule_result(config, of_project)
        return super().search(kinds, kind, config)


def _identity(planned: Values) -> Values:
    """Return what tells resources of a kind apart; the rest may change."""
    names = (
        "project_id",
        "name",
        "username",
        "cluster_name",
        "region",
        "event_type",
        "metric_threshold_config",
    )
    return {name: planned.get(name) for name in (*names, "org_id", "endpoint_service_id", "notification")}


def _id(*parts: object) -> str:
    return digest(*parts)[:24]


def _project(kinds: Kinds, planned: Values) -> Values:
    if any(p["name"] == planned["name"] for p in kinds.get(PROJECT, {}).values()):
        raise RefusedError(f"GROUP_ALREADY_EXISTS: {planned['name']}")
    return {"with_default_alerts_settings": True, "is_data_explorer_enabled": True}


def _project_result(project: Values) -> Values:
    found = {name: project[name] for name in ("id", "name", "org_id", "cluster_count", "created")}
    return found | {"project_id": project["id"]}


# --- The cluster ---


def size(tier: str) -> int:
    """Return the number in M30, R40, M50_NVME."""
    return int(re.sub(r"\D*(\d+).*", r"\1", tier))


def _region(cluster: Values) -> Values:
    region: Values = cluster["replication_specs"][0]["region_configs"][0]
    return region


def _scales(cluster: Values) -> Values:
    scaling = _region(cluster)["auto_scaling"]
    return scaling if isinstance(scaling, dict) else {}


def _cluster(kinds: Kinds, planned: Values) -> Values:
    _key_is_there(kinds, planned)
    _backup_is_on(planned)
    key = Atlas().key(CLUSTER, planned)
    kinds.setdefault(EFFECTIVE, {})[key] = {"tier": _region(planned)["electable_specs"]["instance_size"]}
    return {
        "cluster_id": _id(CLUSTER, key),
        "mongo_db_version": f"{planned['mongo_db_major_version']}.4",
        "state_name": "IDLE",
        "connection_strings": _strings(kinds, planned),
        "replication_specs": [
            {"region_configs": [{"electable_specs": {"disk_size_gb": 10, "disk_iops": 3000}}]}
        ],
    }


def _changed_cluster(kinds: Kinds, prior: Values, planned: Values) -> Values:
    old, new = (str(c["mongo_db_major_version"]).split(".") for c in (prior, planned))
    if [int(n) for n in new] < [int(n) for n in old]:
        raise RefusedError(f"CANNOT_DOWNGRADE_MONGODB: from {'.'.join(old)} to {'.'.join(new)}")
    _key_is_there(kinds, planned)
    _backup_is_on(planned)
    effective = kinds[EFFECTIVE][Atlas().key(CLUSTER, prior)]
    told, scaling = _region(planned)["electable_specs"]["instance_size"], _scales(planned)
    # docs/resources/advanced_cluster.md, "Manually Updating Specs with use_effective_fields".
    ignored = planned["use_effective_fields"] and (scaling["compute_enabled"] or scaling["disk_gb_enabled"])
    if not ignored:
        effective["tier"] = told
    if scaling.get("compute_enabled"):
        least, most = (size(scaling[f"compute_{end}_instance_size"]) for end in ("min", "max"))
        if not least <= size(effective["tier"]) <= most:
            raise RefusedError(f"COMPUTE_AUTO_SCALING_RANGE: it does not contain {effective['tier']}")
    return {
        "mongo_db_version": f"{planned['mongo_db_major_version']}.4",
        "connection_strings": _strings(kinds, planned),
    }


def _key_is_there(kinds: Kinds, planned: Values) -> None:
    if planned["encryption_at_rest_provider"] == "AWS" and planned["project_id"] not in kinds.get(
        ENCRYPTION, {}
    ):
        raise RefusedError("ENCRYPTION_AT_REST_NOT_ENABLED: the project has no key of the customer")


def _backup_is_on(planned: Values) -> None:
    if planned["pit_enabled"] is True and planned["backup_enabled"] is not True:
        raise RefusedError("CANNOT_ENABLE_PIT_WITHOUT_BACKUP")


def _strings(kinds: Kinds, cluster: Values) -> Values:
    """Return the connection strings: private ones once an endpoint is accepted, and from M10 on."""
    host = f"{cluster['name']}.{_id(cluster['project_id'])[:5]}.mongodb.net"
    endpoints = [e for e in kinds.get(ENDPOINT, {}).values() if e["project_id"] == cluster["project_id"]]
    if size(_region(cluster)["electable_specs"]["instance_size"]) < SMALLEST_WITH_LINK:
        endpoints = []
    return {
        "standard": f"mongodb://{host}:27017",
        "standard_srv": f"mongodb+srv://{host}",
        "private": "",
        "private_srv": "",
        "private_endpoint": [
            {
                "connection_string": f"mongodb://pl-{number}-{host}:1024",
                "srv_connection_string": f"mongodb+srv://{cluster['name']}-pl-{number}.{host.partition('.')[2]}",
                "srv_shard_optimized_connection_string": "",
                "type": "MONGOD",
                "endpoints": [
                    {
                        "endpoint_id": endpoint["endpoint_service_id"],
                        "provider_name": "AWS",
                        "region": _region(cluster)["region_name"],
                    }
                ],
            }
            for endpoint in endpoints
            for number in [_id(endpoint["endpoint_service_id"])[:3]]
        ],
    }


def _seen(kinds: Kinds, cluster: Values) -> Values:
    """Return a cluster as the provider reads it: the tier that it was told, or the one that runs."""
    seen = copy.deepcopy(cluster)
    seen["connection_strings"] = _strings(kinds, cluster)
    if not cluster["use_effective_fields"]:
        _region(seen)["electable_specs"]["instance_size"] = _effective(kinds, cluster)
    return seen


def _effective(kinds: Kinds, cluster: Values) -> str:
    return str(kinds[EFFECTIVE][Atlas().key(CLUSTER, cluster)]["tier"])


def _cluster_result(kinds: Kinds, cluster: Values) -> Values:
    plain = (
        "name",
        "cluster_id",
        "backup_enabled",
        "pit_enabled",
        "mongo_db_major_version",
        "mongo_db_version",
    )
    region = _region(cluster)
    kept = ("provider_name", "region_name", "auto_scaling", "electable_specs")
    effective = region["electable_specs"] | {"instance_size": _effective(kinds, cluster)}
    read = {name: region[name] for name in kept} | {"effective_electable_specs": effective}
    return {name: cluster[name] for name in (*plain, "state_name", "termination_protection_enabled")} | {
        "connection_strings": _strings(kinds, cluster),
        "replication_specs": [{"region_configs": [read]}],
    }


# --- Who gets in ---


def _user(kinds: Kinds, planned: Values) -> Values:
    del kinds
    if planned["aws_iam_type"] == "ROLE":
        if planned["auth_database_name"] != "$external":
            raise RefusedError("INVALID_ATTRIBUTE: users of AWS IAM are in the database $external")
        if not ROLE_ARN.fullmatch(planned["username"]):
            raise RefusedError(f"INVALID_ATTRIBUTE: {planned['username']} is not the ARN of a role")
    return {"aws_iam_type": "NONE", "x509_type": "NONE", "oidc_auth_type": "NONE", "ldap_auth_type": "NONE"}


def _link(kinds: Kinds, planned: Values) -> Values:
    del kinds
    region = planned["region"].lower().replace("_", "-")
    service = f"vpce-svc-{digest(planned['project_id'])[:17]}"
    return {
        "private_link_id": _id(LINK, planned["project_id"], region),
        "endpoint_service_name": f"com.amazonaws.vpce.{region}.{service}",
        "region_name": planned["region"],
        "status": "AVAILABLE",
    }


def _endpoint(kinds: Kinds, planned: Values) -> Values:
    links = {link["private_link_id"] for link in kinds.get(LINK, {}).values()}
    if planned["private_link_id"] not in links:
        raise RefusedError(f"ENDPOINT_SERVICE_NOT_FOUND: {planned['private_link_id']}")
    return {"aws_connection_status": "AVAILABLE", "interface_endpoint_id": planned["endpoint_service_id"]}


# --- Backups ---


def _schedule(kinds: Kinds, planned: Values) -> Values:
    clusters = kinds.get(CLUSTER, {})
    cluster = clusters.get(f"{planned['project_id']}-{planned['cluster_name']}")
    if cluster is None or not cluster["backup_enabled"]:
        raise RefusedError("BACKUP_CONFIG_NOT_FOUND: the cluster is not there, or its backup is off")
    hourly, daily = (_days(planned[f"policy_item_{often}"]) for often in ("hourly", "daily"))
    if hourly and daily and hourly > daily:
        raise RefusedError("INVALID_POLICY: what is taken less often must be kept at least as long")
    window = planned["restore_window_days"]
    if isinstance(window, int) and hourly and window > hourly:
        raise RefusedError("INVALID_RESTORE_WINDOW: hourly snapshots must be kept as long as the window")
    return {"id_policy": _id(SCHEDULE, planned["cluster_name"]), "update_snapshots": False}


def _days(items: Iterable[Values]) -> int:
    return max((item["retention_value"] for item in items if item["retention_unit"] == "days"), default=0)


def _schedule_result(config: Values, of_project: dict[str, list[Values]]) -> Values:
    ours = [s for s in of_project[SCHEDULE] if s["cluster_name"] == config["cluster_name"]]
    names = ("id", "cluster_name", "restore_window_days", "policy_item_hourly", "policy_item_daily")
    if ours:
        return {name: ours[0][name] for name in names}
    if any(c["name"] == config["cluster_name"] and c["backup_enabled"] for c in of_project[CLUSTER]):
        # What Atlas itself sets up with a new cluster.
        daily = {"frequency_interval": 1, "retention_unit": "days", "retention_value": 7}
        return {"id": "default", "restore_window_days": 0, "policy_item_daily": [daily]}
    raise RefusedError(f"BACKUP_CONFIG_NOT_FOUND: {config['cluster_name']}")


# --- The customer's key ---


def _setup(kinds: Kinds, planned: Values) -> Values:
    del kinds
    role = _id(SETUP, planned["project_id"])
    external = digest(role)[:32]
    config = {
        "atlas_aws_account_arn": "arn:aws:iam::536727724300:root",
        "atlas_assumed_role_external_id": external,
    }
    return {"role_id": role, "aws_config": [config]}


def _authorization(kinds: Kinds, planned: Values) -> Values:
    if planned["role_id"] not in {setup["role_id"] for setup in kinds.get(SETUP, {}).values()}:
        raise RefusedError(f"CLOUD_PROVIDER_ACCESS_ROLE_NOT_FOUND: {planned['role_id']}")
    return {"authorized_date": "2026-01-01T00:00:00Z"}


def _encryption(kinds: Kinds, planned: Values) -> Values:
    (config,) = planned["aws_kms_config"]
    authorized: set[Any] = {a["role_id"] for a in kinds.get(AUTHORIZATION, {}).values()}
    if config["role_id"] not in authorized:
        raise RefusedError(f"CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED: {config['role_id']}")
    return {"id": planned["project_id"], "aws_kms_config": [{"valid": True}]}
