"""What is the same in every cluster: names and the order of releases."""

ARGOCD_NAMESPACE = "argocd"
EDGE = "edge"  # the release of our own chart that makes what the workloads find ready
EDGE_WAVE = 30  # after the components whose kinds and Services it uses
WORKLOAD_WAVE = 100
POD_SECURITY = ("", "privileged", "baseline", "restricted")  # levels, the strictest last
