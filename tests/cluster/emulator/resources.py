"""Which resources are served: the built-in ones, a line each, and what custom resource definitions add."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource. `versions`: the preferred one first."""

    group: str
    versions: tuple[str, ...]
    plural: str
    kind: str
    namespaced: bool = True
    subresources: frozenset[str] = frozenset()
    short: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    custom: bool = False
    schema: dict[str, Json] = field(default_factory=dict, compare=False, hash=False)  # by version, of a CRD

    @property
    def key(self) -> tuple[str, str]:
        return self.group, self.plural

    @property
    def qualified(self) -> str:
        """As errors name it: `deployments.apps`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def qualified_kind(self) -> str:
        """As errors about content name it: `Deployment.apps`."""
        return f"{self.kind}.{self.group}" if self.group else self.kind

    def api_version(self, version: str | None = None) -> str:
        chosen = version or self.versions[0]
        return f"{self.group}/{chosen}" if self.group else chosen


# Below its group: versions, plural, kind, scope (N namespaced, C cluster), subresources, short names,
# categories.
TABLE = """
[]
v1  namespaces              Namespace              C  status,finalize  ns      -
v1  nodes                   Node                   C  status           no      -
v1  persistentvolumes       PersistentVolume       C  status           pv      -
v1  bindings                Binding                N  -                -       -
v1  configmaps              ConfigMap              N  -                cm      -
v1  endpoints               Endpoints              N  -                ep      -
v1  events                  Event                  N  -                ev      -
v1  limitranges             LimitRange             N  -                limits  -
v1  persistentvolumeclaims  PersistentVolumeClaim  N  status           pvc     -
v1  pods                    Pod                    N  status,eviction  po      all
v1  podtemplates            PodTemplate            N  -                -       -
v1  replicationcontrollers  ReplicationController  N  status,scale     rc      all
v1  resourcequotas          ResourceQuota          N  status           quota   -
v1  secrets                 Secret                 N  -                -       -
v1  serviceaccounts         ServiceAccount         N  token            sa      -
v1  services                Service                N  status           svc     all
[admissionregistration.k8s.io]
v1  mutatingwebhookconfigurations      MutatingWebhookConfiguration      C  -       -  api-extensions
v1  validatingwebhookconfigurations    ValidatingWebhookConfiguration    C  -       -  api-extensions
v1  validatingadmissionpolicies        ValidatingAdmissionPolicy         C  status  -  api-extensions
v1  validatingadmissionpolicybindings  ValidatingAdmissionPolicyBinding  C  -       -  api-extensions
[apiextensions.k8s.io]
v1  customresourcedefinitions  CustomResourceDefinition  C  status  crd,crds  api-extensions
[apiregistration.k8s.io]
v1  apiservices  APIService  C  status  -  api-extensions
[apps]
v1  controllerrevisions  ControllerRevision  N  -             -       -
v1  daemonsets           DaemonSet           N  status        ds      all
v1  deployments          Deployment          N  status,scale  deploy  all
v1  replicasets          ReplicaSet          N  status,scale  rs      all
v1  statefulsets         StatefulSet         N  status,scale  sts     all
[autoscaling]
v2,v1  horizontalpodautoscalers  HorizontalPodAutoscaler  N  status  hpa  all
[batch]
v1  cronjobs  CronJob  N  status  cj  all
v1  jobs      Job      N  status  -   all
[certificates.k8s.io]
v1  certificatesigningrequests  CertificateSigningRequest  C  status  csr  -
[coordination.k8s.io]
v1  leases  Lease  N  -  -  -
[discovery.k8s.io]
v1  endpointslices  EndpointSlice  N  -  -  -
[events.k8s.io]
v1  events  Event  N  -  ev  -
[flowcontrol.apiserver.k8s.io]
v1  flowschemas                  FlowSchema                  C  status  -  -
v1  prioritylevelconfigurations  PriorityLevelConfiguration  C  status  -  -
[networking.k8s.io]
v1  ingressclasses   IngressClass   C  -       -       -
v1  ingresses        Ingress        N  status  ing     -
v1  networkpolicies  NetworkPolicy  N  -       netpol  -
[node.k8s.io]
v1  runtimeclasses  RuntimeClass  C  -  -  -
[policy]
v1  poddisruptionbudgets  PodDisruptionBudget  N  status  pdb  -
[rbac.authorization.k8s.io]
v1  clusterrolebindings  ClusterRoleBinding  C  -  -  -
v1  clusterroles         ClusterRole         C  -  -  -
v1  rolebindings         RoleBinding         N  -  -  -
v1  roles                Role                N  -  -  -
[scheduling.k8s.io]
v1  priorityclasses  PriorityClass  C  -  pc  -
[storage.k8s.io]
v1  csidrivers            CSIDriver           C  -       -   -
v1  csinodes              CSINode             C  -       -   -
v1  storageclasses        StorageClass        C  -       sc  -
v1  volumeattachments     VolumeAttachment    C  status  -   -
v1  csistoragecapacities  CSIStorageCapacity  N  -       -   -
"""

# Asked by a POST and kept nowhere.
REVIEWS = {
    ("authorization.k8s.io", "selfsubjectaccessreviews"): "SelfSubjectAccessReview",
    ("authentication.k8s.io", "selfsubjectreviews"): "SelfSubjectReview",
}


def _words(text: str) -> tuple[str, ...]:
    return () if text == "-" else tuple(text.split(","))


def built_in() -> list[Resource]:
    """The table as resources."""
    found = []
    group = ""
    for line in TABLE.strip().splitlines():
        if line.startswith("["):
            group = line.strip("[]")
            continue
        versions, plural, kind, scope, subresources, short, categories = line.split()
        found.append(
            Resource(
                group=group,
                versions=_words(versions),
                plural=plural,
                kind=kind,
                namespaced=scope == "N",
                subresources=frozenset(_words(subresources)),
                short=_words(short),
                categories=_words(categories),
            )
        )
    return found


class Catalogue:
    """What is served now; custom kinds come and go with their definitions."""

    def __init__(self) -> None:
        self._by_plural = {resource.key: resource for resource in built_in()}

    def __iter__(self) -> Any:
        return iter(list(self._by_plural.values()))

    def find(self, group: str, version: str, plural: str) -> Resource | None:
        """The resource of a path, or None when it is not served at that version."""
        resource = self._by_plural.get((group, plural))
        return resource if resource and version in resource.versions else None

    def of_kind(self, api_version: str, kind: str) -> Resource | None:
        group, _, version = api_version.rpartition("/")
        for resource in self._by_plural.values():
            if (resource.group, resource.kind) == (group, kind) and version in resource.versions:
                return resource
        return None

    def require(self, api_version: str, kind: str) -> Resource:
        """As `of_kind`; for tests, so that a typo there is loud.

        Raises:
            LookupError: the kind is not served.
        """
        resource = self.of_kind(api_version, kind)
        if resource is None:
            raise LookupError(
                f"{kind} of {api_version} is not served; load its CustomResourceDefinition first"
            )
        return resource

    def has(self, group: str, plural: str) -> Resource | None:
        return self._by_plural.get((group, plural))

    def add(self, resource: Resource) -> None:
        self._by_plural[resource.key] = resource

    def drop(self, group: str, plural: str) -> None:
        self._by_plural.pop((group, plural), None)


def of_definition(crd: Json) -> Resource:
    """What a CustomResourceDefinition makes served."""
    spec = crd["spec"]
    served = [v for v in spec["versions"] if v.get("served", True)]
    served.sort(key=lambda v: not v.get("storage", False))
    names = spec["names"]
    subresources = {name for version in served for name in version.get("subresources") or {}}
    return Resource(
        group=spec["group"],
        versions=tuple(v["name"] for v in served),
        plural=names["plural"],
        kind=names["kind"],
        namespaced=spec.get("scope") == "Namespaced",
        subresources=frozenset(subresources),
        short=tuple(names.get("shortNames") or ()),
        categories=tuple(names.get("categories") or ()),
        custom=True,
        schema={v["name"]: (v.get("schema") or {}).get("openAPIV3Schema") or {} for v in served},
    )
