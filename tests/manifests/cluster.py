"""What a new EKS cluster has before this repository adds to it, and what Kubernetes knows by itself."""

from __future__ import annotations

SERVER = "https://kubernetes.default.svc"  # the cluster itself, as Argo CD in it says
NAMESPACES = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})

# Made in every namespace by Kubernetes.
SERVICE_ACCOUNTS = frozenset({"default"})
CONFIG_MAPS = frozenset({"kube-root-ca.crt"})

PRIORITY_CLASSES = frozenset({"system-cluster-critical", "system-node-critical"})

# In kube-system, read by every aggregated API server (kubernetes.io, "Configure the aggregation layer").
CONFIGURATION_ROLES = frozenset({"extension-apiserver-authentication-reader"})
# Discoverable by everybody (kubernetes.io, "Using RBAC authorization").
CLUSTER_ROLES = frozenset({"system:auth-delegator", "view", "edit", "admin", "cluster-admin"})

# Pods of EKS add-ons that policies name: namespace, labels, (protocol, port) on which they listen.
ADD_ON_PODS = (("kube-system", {"k8s-app": "kube-dns"}, frozenset({("UDP", 53), ("TCP", 53)})),)

# Kinds of Kubernetes itself without a namespace; a custom resource's definition says where it belongs.
CLUSTER_KINDS = frozenset(
    {
        "APIService",
        "ClusterRole",
        "ClusterRoleBinding",
        "CSIDriver",
        "CustomResourceDefinition",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "RuntimeClass",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttributesClass",
    }
)
