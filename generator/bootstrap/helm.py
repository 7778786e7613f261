"""The helm on this machine: which one, and what it says when it is run."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generator.cluster.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Sequence

OLDEST = (3, 19)
"""What Argo CD 3.3 and 3.4 render charts with; older ones know less of Kubernetes than the charts want."""

_ON_THE_SERVER = (4,)
"""From there on it applies on the server, where fields have owners (helm 4 release notes)."""

_ELSEWHERE = ("HELM_KUBE", "HELM_NAMESPACE", "HELM_DRIVER")
"""How variables begin that would lead helm to another cluster than the one that was looked at."""


class HelmFailed(ClusterError):  # noqa: N818  (reads as what it is)
    """Helm ran and ended with an error; the message has its own words."""

    kind = "helm"


class Helm(NamedTuple):
    """An executable and its version, as (4, 2, 3)."""

    path: Path
    version: tuple[int, ...]

    @property
    def shown(self) -> str:
        """`4.2.3`."""
        return ".".join(map(str, self.version))

    @property
    def recent(self) -> bool:
        """Whether it is one that this works with."""
        return self.version[:2] >= OLDEST

    @property
    def taking(self) -> tuple[str, ...]:
        """Options that let it write over fields that are Argo CD's by now, or somebody's who tried."""
        return ("--server-side=true", "--force-conflicts") if self.version >= _ON_THE_SERVER else ()

    def run(self, *arguments: str, what: str) -> str:
        """Run it and return what it prints. An interrupt reaches it too, and it is waited for.

        Raises:
            HelmFailed: it ends with an error; `what` says what it was to do.
        """
        variables = {name: value for name, value in os.environ.items() if not name.startswith(_ELSEWHERE)}
        with subprocess.Popen(  # noqa: S603  (arguments are ours; no shell)
            [self.path, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env=variables,
            start_new_session=True,  # a Ctrl-C comes by way of this process, once
        ) as process:
            try:
                out, err = process.communicate()
            except KeyboardInterrupt:
                # Helm writes down that the release was cut off, so that the next run knows.
                process.send_signal(signal.SIGINT)
                try:
                    process.communicate(timeout=_GOODBYE)
                except subprocess.TimeoutExpired:
                    process.kill()
                raise
        if process.returncode:
            raise HelmFailed(f"helm cannot {what}: {_last_words(err)}", _fix(err))
        return out


_GOODBYE = 20.0


def find(root: Path) -> Helm | None:
    """Return the helm on PATH, else the one that `make tools` has put into the checkout; None for neither."""
    beside = root / ".tools" / "bin" / "helm"
    on_path = shutil.which("helm")
    found = [Helm(p, _version(p)) for p in (on_path and Path(on_path), beside) if p and p.is_file()]
    return next((helm for helm in found if helm.recent), next(iter(found), None))


def _version(path: Path) -> tuple[int, ...]:
    try:
        said = subprocess.run(  # noqa: S603  (as above)
            [path, "version", "--template", "{{.Version}}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0,)
    number = re.match(r"v?(\d+)\.(\d+)\.(\d+)", said)
    return tuple(map(int, number.groups())) if number else (0,)


def _last_words(text: str) -> str:
    """Helm's error, without warnings and its log before it."""
    lines: Sequence[str] = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line.removeprefix("Error: ") for line in lines if line.startswith("Error: ")]
    return (errors or lines or ["it says nothing"])[-1]


def _fix(text: str) -> str:
    unreachable = ("no such host", "connection refused", "i/o timeout", "TLS handshake", "looks like")
    if any(words in text for words in unreachable) and ("repo" in text or "index.yaml" in text):
        return (
            "The chart's repository does not answer from here. Look at your network and HTTPS_PROXY, or "
            "fetch the archive elsewhere and run this again with CHART=path/to/it.tgz."
        )
    return "Run this again: it goes on from here. If it stays so, its words above say what is wrong."
