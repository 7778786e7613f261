"""The contexts of the kubeconfig, and which one is an environment's.

https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.cluster.errors import NoContext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Wanted(NamedTuple):
    """An environment's EKS cluster, as AWS names it."""

    environment: str
    cluster: str
    account: str
    region: str


class Context(NamedTuple):
    """A context and what it leads to. `ca` is PEM, b"" where the machine's own authorities count.

    `command` is the plugin that brings the credentials, with its arguments; `variables` its environment.
    """

    name: str
    cluster: str
    server: str
    ca: bytes
    tls_server_name: str
    command: tuple[str, ...]
    variables: Mapping[str, str]

    @property
    def title(self) -> str:
        """Its name for people: of the ARN that `aws eks update-kubeconfig` writes, the cluster's name."""
        return self.name.rpartition(":cluster/")[2] if self.name.startswith("arn:") else self.name

    @property
    def profile(self) -> str:
        """The AWS profile that the plugin uses, "" for the person's own."""
        return self.argument("--profile") or self.variables.get("AWS_PROFILE", "")

    def argument(self, *names: str) -> str:
        """Return the value of an option of the plugin, "" when it is not given."""
        for option, value in zip(self.command, (*self.command[1:], ""), strict=False):
            for name in names:
                if option == name:
                    return value
                if option.startswith(f"{name}="):
                    return option.partition("=")[2]
        return ""

    def likeness(self, wanted: Wanted) -> int:
        """Say how well the names agree: 2 with account and region, 1 without an account, 0 not at all.

        Names only choose; the cluster itself says which one it is.
        """
        arn = rf"arn:[^:]+:eks:{wanted.region}:{wanted.account}:cluster/{re.escape(wanted.cluster)}"
        if any(re.fullmatch(arn, name) for name in (self.cluster, self.name)):
            return 2  # what `aws eks update-kubeconfig` writes
        if self.cluster.startswith("arn:"):
            return 0  # of another account or region
        if self.cluster == f"{wanted.cluster}.{wanted.region}.eksctl.io":
            return 1
        region = self.argument("--region") or self.variables.get("AWS_REGION", "") or wanted.region
        named = self.argument("--cluster-name", "--cluster-id", "-i")  # aws, aws-iam-authenticator
        return int(named == wanted.cluster and region == wanted.region)


class Kubeconfig(NamedTuple):
    """What the files of KUBECONFIG have between them. `merged` is the kubernetes client's own reading."""

    files: str
    contexts: tuple[Context, ...]
    current: str
    merged: Any

    def named(self, name: str) -> Context:
        """Return a context; raises NoContext when there is none of the name."""
        for context in self.contexts:
            if context.name == name:
                return context
        known = ", ".join(sorted(c.name for c in self.contexts)) or "none"
        raise NoContext(f'there is no context "{name}" in {self.files}', f"Contexts there: {known}.")

    def choose(self, wanted: Wanted) -> Context:
        """Return the context whose names are the environment's; raises NoContext when that is not one."""
        likeness = [context.likeness(wanted) for context in self.contexts]
        best = max(likeness, default=0)
        found = [c for c, value in zip(self.contexts, likeness, strict=True) if value == best and best]
        if len(found) == 1:
            return found[0]
        if found:
            for context in found:
                if context.name == self.current:
                    return context
            names = ", ".join(context.name for context in found)
            raise NoContext(
                f"{self.files} has {len(found)} contexts for {wanted.environment}: {names}",
                f"Say which: CONTEXT={found[0].name} (--context {found[0].name}).",
            )
        raise NoContext(
            f"no context in {self.files} leads to {wanted.environment}'s cluster, {wanted.cluster} in "
            f"{wanted.region} of account {wanted.account}",
            f"{_login(wanted)}\nA context with a name of its own: CONTEXT=NAME (--context NAME).",
        )


def _login(wanted: Wanted) -> str:
    """Say how to get a context for an environment."""
    return (
        f"With credentials of its account: aws eks update-kubeconfig --name {wanted.cluster} "
        f"--region {wanted.region}"
    )


def read(wanted: Wanted, environment: Mapping[str, str] | None = None) -> Kubeconfig:
    """Read the files that KUBECONFIG lists, or ~/.kube/config, to find a context for `wanted` in them.

    Raises:
        NoContext: they are not there, or cannot be read.
    """
    import yaml  # noqa: PLC0415  (only the commands that ask a cluster pay for it)
    from kubernetes.config.config_exception import ConfigException  # noqa: PLC0415
    from kubernetes.config.kube_config import KubeConfigMerger  # noqa: PLC0415

    variables = os.environ if environment is None else environment
    listed = variables.get("KUBECONFIG") or "~/.kube/config"
    shown = "KUBECONFIG" if os.pathsep in listed else listed
    fix = "kubectl config view --minify shows what kubectl makes of it."
    try:
        merged = KubeConfigMerger(listed).config
        if merged is None:
            raise NoContext(f"there is no kubeconfig: {listed} does not exist", _login(wanted))
        content = merged.value
        contexts = tuple(_contexts(content))
    except OSError as error:
        raise NoContext(f"cannot read the kubeconfig {error.filename}: {error.strerror}", fix) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{mark.name}:{mark.line + 1}" if mark else shown
        raise NoContext(f"the kubeconfig {where} is not YAML", fix) from None
    except ConfigException as error:
        raise NoContext(f"the kubeconfig {shown}: {error}", fix) from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NoContext(f"{shown} is no kubeconfig: {_named(error)}", fix) from None
    return Kubeconfig(shown, contexts, str(content.get("current-context") or ""), merged)


def _named(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _contexts(content: Mapping[str, Any]) -> list[Context]:
    clusters = {entry.value["name"]: entry for entry in content["clusters"]}
    users = {entry.value["name"]: entry for entry in content["users"]}
    return [_context(entry.value, clusters, users) for entry in content["contexts"]]


def _context(entry: Mapping[str, Any], clusters: Mapping[str, Any], users: Mapping[str, Any]) -> Context:
    named = entry.get("context") or {}
    cluster = clusters.get(str(named.get("cluster")))
    user = users.get(str(named.get("user")))
    about = (cluster.value.get("cluster") if cluster is not None else None) or {}
    plugin = ((user.value.get("user") if user is not None else None) or {}).get("exec") or {}
    return Context(
        name=str(entry["name"]),
        cluster=str(named.get("cluster") or ""),
        server=str(about.get("server") or ""),
        ca=_authority(about, cluster.path if cluster is not None else ""),
        tls_server_name=str(about.get("tls-server-name") or ""),
        command=_command(plugin),
        variables={str(v["name"]): str(v["value"]) for v in plugin.get("env") or ()},
    )


def _command(plugin: Mapping[str, Any]) -> tuple[str, ...]:
    arguments: Sequence[Any] = plugin.get("args") or ()
    return (str(plugin["command"]), *map(str, arguments)) if plugin.get("command") else ()


def _authority(about: Mapping[str, Any], file: str) -> bytes:
    """Return the certificates; b"" also for what cannot be read: the connection will say so."""
    if about.get("certificate-authority-data"):
        try:
            return base64.b64decode(about["certificate-authority-data"])
        except (binascii.Error, ValueError):
            return b""
    if about.get("certificate-authority"):
        path = Path(file).parent / Path(about["certificate-authority"]).expanduser()
        return path.read_bytes() if path.is_file() else b""
    return b""
