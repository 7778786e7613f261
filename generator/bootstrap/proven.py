"""Has helm go to the cluster that was proven, whatever becomes of the kubeconfig meanwhile.

Helm reads the kubeconfig itself, later than the checks did, and merges several files in its own way. So it is
told the server, and whose certificate counts: to another cluster it cannot even say hello.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.cluster.kubeconfig import Context


@contextmanager
def options(context: Context) -> Iterator[tuple[str, ...]]:
    """Yield helm's options for a context; credentials and proxy stay those of the kubeconfig.

    The certificate authority, which is no secret, is in a file for as long.
    """
    with tempfile.TemporaryDirectory(prefix="cluster-") as folder:
        authority = Path(folder) / "ca.pem"
        authority.write_bytes(context.ca)
        name = ("--kube-tls-server-name", context.tls_server_name) if context.tls_server_name else ()
        yield (
            *("--kube-context", context.name),
            *("--kube-apiserver", context.server),
            *("--kube-ca-file", str(authority)),
            *name,
        )
