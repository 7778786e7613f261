"""What a client asks first: versions, groups, resources; one by one or aggregated
(apidiscovery.k8s.io/v2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.cluster.emulator.resources import REVIEWS, VERBS

if TYPE_CHECKING:
    from tests.cluster.emulator.resources import Catalogue, Resource

Json = dict[str, Any]
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
GIT_VERSION = "v1.34.2-eks-113cf36"
VERBS_OF = {
    "status": ("get", "patch", "update"),
    "scale": ("get", "patch", "update"),
    "log": ("get",),
}
SCALE = {"group": "autoscaling", "version": "v1", "kind": "Scale"}


def version(git_version: str) -> Json:
    """`/version`."""
    major, minor = git_version.lstrip("v").split(".")[:2]
    return {
        "major": major,
        "minor": minor,
        "emulationMajor": major,
        "emulationMinor": minor,
        "minCompatibilityMajor": major,
        "minCompatibilityMinor": str(int(minor) - 1),
        "gitVersion": git_version,
        "gitCommit": "5a1d6f2b5b8b8e2f9e6f0c4c6d0d3a9f1f4f7a10",
        "gitTreeState": "clean",
        "buildDate": "2025-11-18T05:14:34Z",
        "goVersion": "go1.24.9",
        "compiler": "gc",
        "platform": "linux/amd64",
    }


def openid(url: str) -> Json:
    """`/.well-known/openid-configuration`."""
    return {
        "issuer": "https://oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF",
        "jwks_uri": f"{url}/openid/v1/jwks",
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }


def groups(catalogue: Catalogue) -> dict[str, list[str]]:
    """The versions of every named group, preferred ones first."""
    found: dict[str, list[str]] = {}
    for resource in catalogue:
        if resource.group:
            versions = found.setdefault(resource.group, [])
            versions += [v for v in resource.versions if v not in versions]
    for group, _ in REVIEWS:
        found.setdefault(group, ["v1"])
    return dict(sorted(found.items()))


def api_versions(address: str) -> Json:
    """`/api`."""
    addresses = [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}]
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": addresses}


def group_list(catalogue: Catalogue) -> Json:
    """`/apis`."""
    items = [_group(name, versions) for name, versions in groups(catalogue).items()]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": items}


def group(catalogue: Catalogue, name: str) -> Json | None:
    """`/apis/<group>`."""
    versions = groups(catalogue).get(name)
    return {"kind": "APIGroup", "apiVersion": "v1"} | _group(name, versions) if versions else None


def _group(name: str, versions: list[str]) -> Json:
    listed = [{"groupVersion": f"{name}/{v}", "version": v} for v in versions]
    return {"name": name, "versions": listed, "preferredVersion": listed[0]}


def resource_list(catalogue: Catalogue, name: str, version: str) -> Json | None:
    """`/api/v1` or `/apis/<group>/<version>`; None when it is not served."""
    items: list[Json] = []
    for resource in _served(catalogue, name, version):
        item: Json = {
            "name": resource.plural,
            "singularName": resource.kind.lower(),
            "namespaced": resource.namespaced,
            "kind": resource.kind,
            "verbs": list(VERBS),
        }
        if resource.short:
            item["shortNames"] = list(resource.short)
        if resource.categories:
            item["categories"] = list(resource.categories)
        items.append(item)
        for sub in sorted(resource.subresources):
            kind = SCALE if sub == "scale" else {"kind": resource.kind}
            verbs = list(VERBS_OF.get(sub, ("create",)))
            plain = {
                "name": f"{resource.plural}/{sub}",
                "singularName": "",
                "namespaced": resource.namespaced,
            }
            items.append(plain | kind | {"verbs": verbs})
    for (review_group, plural), kind_name in REVIEWS.items():
        if (review_group, "v1") == (name, version):
            plain = {
                "name": plural,
                "singularName": kind_name.lower(),
                "namespaced": False,
                "kind": kind_name,
            }
            items.append(plain | {"verbs": ["create"]})
    if not items:
        return None
    group_version = f"{name}/{version}" if name else version
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": items}


def _served(catalogue: Catalogue, name: str, version: str) -> list[Resource]:
    found = [r for r in catalogue if r.group == name and version in r.versions]
    return sorted(found, key=lambda r: r.plural)


def aggregated(catalogue: Catalogue, *, core: bool) -> Json:
    """`/api` or `/apis` for those who ask for all at once."""
    wanted = {"": ["v1"]} if core else groups(catalogue)
    items = []
    for name, versions in wanted.items():
        listed = [
            {"version": v, "resources": _discovered(catalogue, name, v), "freshness": "Current"}
            for v in versions
        ]
        meta = {"name": name, "creationTimestamp": None} if name else {"creationTimestamp": None}
        items.append({"metadata": meta, "versions": listed})
    return {
        "kind": "APIGroupDiscoveryList",
        "apiVersion": "apidiscovery.k8s.io/v2",
        "metadata": {},
        "items": items,
    }


def _discovered(catalogue: Catalogue, name: str, version: str) -> list[Json]:
    items = []
    for resource in _served(catalogue, name, version):
        kind = {"group": resource.group, "version": version, "kind": resource.kind}
        item: Json = {
            "resource": resource.plural,
            "responseKind": kind,
            "scope": "Namespaced" if resource.namespaced else "Cluster",
            "singularResource": resource.kind.lower(),
            "verbs": list(VERBS),
        }
        if resource.short:
            item["shortNames"] = list(resource.short)
        if resource.categories:
            item["categories"] = list(resource.categories)
        if resource.subresources:
            item["subresources"] = [
                {
                    "subresource": sub,
                    "responseKind": SCALE if sub == "scale" else kind,
                    "verbs": list(VERBS_OF.get(sub, ("create",))),
                }
                for sub in sorted(resource.subresources)
            ]
        items.append(item)
    for (group_name, plural), kind_name in REVIEWS.items():
        if (group_name, "v1") == (name, version):
            kind = {"group": group_name, "version": "v1", "kind": kind_name}
            plain = {"resource": plural, "responseKind": kind, "scope": "Cluster"}
            items.append(plain | {"singularResource": kind_name.lower(), "verbs": ["create"]})
    return items
