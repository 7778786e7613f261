"""An environment's cluster over its Kubernetes API: contexts of the kubeconfig -> one client -> plain dicts.

Nothing else in this package talks to a cluster. It needs what requirements/commands.txt brings, and importing
that takes a third of a second: the commands import it when they run.
"""
