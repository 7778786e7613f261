"""The kinds of objects that have an order, and who takes finalizers away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from generator.cluster.errors import NotServed

if TYPE_CHECKING:
    from generator.cluster.client import Cluster

    Document = dict[str, Any]


class Kind(NamedTuple):
    """How a kind stands in the API's paths, and in a sentence."""

    api_version: str
    plural: str
    title: str

    def all(self, cluster: Cluster, namespace: str | None = None) -> list[Document]:
        """Return every object, nothing where the API has no such kind (any more)."""
        try:
            return cluster.list(self.api_version, self.plural, namespace)
        except NotServed:
            return []

    def delete(self, cluster: Cluster, thing: Document) -> None:
        """Ask for an object to be deleted, once: asking again would only be noise in the audit log."""
        metadata = thing["metadata"]
        if not metadata.get("deletionTimestamp"):
            cluster.delete(self.api_version, self.plural, metadata["name"], metadata.get("namespace"))

    def release(self, cluster: Cluster, thing: Document) -> None:
        """Take all finalizers away: whoever would have, does not run."""
        metadata = thing["metadata"]
        if metadata.get("finalizers"):
            change = {"metadata": {"finalizers": None}}
            cluster.patch(self.api_version, self.plural, metadata["name"], change, metadata.get("namespace"))


APPLICATIONS = Kind("argoproj.io/v1alpha1", "applications", "Application")
PROJECTS = Kind("argoproj.io/v1alpha1", "appprojects", "AppProject")
BINDINGS = Kind("elbv2.k8s.aws/v1beta1", "targetgroupbindings", "TargetGroupBinding")
INGRESSES = Kind("networking.k8s.io/v1", "ingresses", "Ingress")
SERVICES = Kind("v1", "services", "Service")
CLAIMS = Kind("v1", "persistentvolumeclaims", "PersistentVolumeClaim")
VOLUMES = Kind("v1", "persistentvolumes", "PersistentVolume")
PODS = Kind("v1", "pods", "Pod")
NAMESPACES = Kind("v1", "namespaces", "Namespace")
DEFINITIONS = Kind("apiextensions.k8s.io/v1", "customresourcedefinitions", "CustomResourceDefinition")

CASCADE = "resources-finalizer.argocd.argoproj.io"
"""Has Argo CD delete what an Application has made, before it goes."""

ARGO_CD, LOAD_BALANCERS = "Argo CD's application controller", "the AWS load balancer controller"
# Who takes a finalizer away: by its beginning (argo-cd, docs/user-guide/app_deletion.md; the load balancer
# controller's pkg/shared_constants; Kubernetes docs, "Storage Object in Use Protection").
_OWNERS = (
    ("resources-finalizer.argocd.argoproj.io", ARGO_CD),
    ("post-delete-finalizer.argocd.argoproj.io", ARGO_CD),
    ("elbv2.k8s.aws/", LOAD_BALANCERS),
    ("service.k8s.aws/", LOAD_BALANCERS),
    ("ingress.k8s.aws/", LOAD_BALANCERS),
    ("group.ingress.k8s.aws/", LOAD_BALANCERS),
    ("service.kubernetes.io/load-balancer-cleanup", "the cloud controller of EKS"),
    ("kubernetes.io/pvc-protection", "the end of the pods that use it"),
    ("kubernetes.io/pv-protection", "the end of its claim"),
    ("external-provisioner.volume.kubernetes.io/", "the EBS CSI driver, which deletes the volume first"),
    ("external-attacher/", "the EBS CSI driver, which detaches the volume first"),
    ("customresourcecleanup.apiextensions.k8s.io", "the end of all objects of its kind"),
    ("foregroundDeletion", "the end of what it owns"),
)


def owner(finalizer: str) -> str:
    """Say who takes a finalizer away, or its own name for one that is not known here."""
    return next((who for start, who in _OWNERS if finalizer.startswith(start)), f"whoever set {finalizer}")


def named(thing: Document) -> str:
    """`namespace/name`, or the name alone."""
    metadata = thing["metadata"]
    return (
        f"{metadata['namespace']}/{metadata['name']}" if metadata.get("namespace") else str(metadata["name"])
    )
