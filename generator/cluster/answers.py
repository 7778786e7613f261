"""What the API server's refusals and silences mean for people."""

from __future__ import annotations

import json
import socket
import ssl
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
)

from generator.cluster.errors import (
    ClusterError,
    Conflict,
    Expired,
    Forbidden,
    NotServed,
    Refused,
    Unreachable,
    Untrusted,
)
from generator.cluster.words import one_line, sign_in

if TYPE_CHECKING:
    from generator.cluster.kubeconfig import Context

READERS = "argocd/bootstrap/readers.yaml"
_READING = ("get", "list", "watch")


class What(NamedTuple):
    """What was asked: verb and resource in the words of RBAC, as `list`, `applications.argoproj.io`."""

    verb: str
    resource: str
    namespace: str | None = None
    name: str | None = None

    def __str__(self) -> str:
        name = f" {self.name}" if self.name else ""
        return f"{self.verb} {self.resource}{name}" + (
            f" in namespace {self.namespace}" if self.namespace else ""
        )


def refused(status: int, body: bytes, what: What, context: Context) -> ClusterError:
    """Return the error that an answer of 400 or more means."""
    reason, words = _status(body)
    if status == HTTPStatus.UNAUTHORIZED:
        message = f"the cluster of context {context.title} does not take the credentials (401)"
        return Expired(message, sign_in(context))
    if status == HTTPStatus.FORBIDDEN:
        return Forbidden(f"context {context.title} may not {what}: {words or 'forbidden'}", _grant(what))
    if status == HTTPStatus.NOT_FOUND and not what.name:
        message = f"the cluster of context {context.title} has no {what.resource}"
        return NotServed(message, "Its custom resource definition is missing: is Argo CD installed?")
    conflict = status == HTTPStatus.CONFLICT
    why = f"{words or 'no reason given'} ({status})"
    message = f"the cluster of context {context.title} refuses to {what}: {why}"
    fix = "Somebody else changes it too: look, and try again." if conflict else "The reason is the API's own."
    kind = Conflict if conflict else Refused
    return kind(message, fix, status, reason)


def busy(status: int, body: bytes, what: What, context: Context) -> Unreachable:
    """Return the error of an API server that only said to come back."""
    words = _status(body)[1]
    message = f"the API of context {context.title} answers {status} to {what}"
    return Unreachable(f"{message}: {words}" if words else message, "Try again in a minute.")


def late(what: What, context: Context, seconds: float) -> Unreachable:
    """Return the error of an answer that did not come in time."""
    message = f"the API of context {context.title} did not answer to {what} within {seconds:g} s"
    return Unreachable(message, "Try again, with more time if the command has --timeout.")


def silent(error: BaseException, what: What, context: Context) -> ClusterError:
    """Return the error that no answer at all means."""
    verified = _cause(error, ssl.SSLCertVerificationError)
    if verified is not None:
        why = one_line(getattr(verified, "verify_message", "") or str(verified))
        message = f"{context.server} is not the cluster that context {context.title} knows: {why}"
        fix = (
            "Nothing was sent. A cluster that was made anew has another certificate: aws eks "
            "update-kubeconfig writes it.\nElsewhere somebody is in between."
        )
        return Untrusted(message, fix)
    message = f"{context.server} of context {context.title} does not answer to {what}: {_why(error)}"
    return Unreachable(message, _unreachable(error))


def _why(error: BaseException) -> str:
    if isinstance(error, NameResolutionError):
        return "its name is not known here"
    found = _cause(error, OSError)
    if found is not None and found.strerror:
        return str(found.strerror)
    if isinstance(error, ConnectTimeoutError):
        return "no connection in time"
    if isinstance(error, ReadTimeoutError | TimeoutError):
        return "nothing came in time"
    if isinstance(error, ProtocolError):
        return "it ended the connection in the middle"
    return one_line(str(error)) or type(error).__name__


def _unreachable(error: BaseException) -> str:
    if isinstance(error, ProxyError):
        return "Look at HTTPS_PROXY and at proxy-url in the kubeconfig."
    if isinstance(error, NameResolutionError) or _cause(error, socket.gaierror):
        return (
            "Is the address that of a cluster that is gone, or is the VPN off? aws eks describe-cluster says."
        )
    return "Look at your network and VPN, and whether your address may reach the cluster's endpoint."


def _cause(error: BaseException, kind: type[Any]) -> Any:
    """Return the first of a kind among an error, its arguments and what it came from."""
    seen: list[BaseException] = []
    pending: list[object] = [error]
    while pending:
        one = pending.pop(0)
        if not isinstance(one, BaseException) or one in seen:
            continue
        if isinstance(one, kind) and not isinstance(one, HTTPError):
            return one
        seen.append(one)
        pending += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
    return None


def _status(body: bytes) -> tuple[str, str]:
    """Return reason and message of a `Status`, or what somebody in between wrote."""
    try:
        document = json.loads(body)
    except ValueError:
        return "", one_line(body.decode(errors="replace")) if body[:1] not in (b"<", b"") else ""
    if not isinstance(document, dict):
        return "", ""
    return str(document.get("reason") or ""), one_line(str(document.get("message") or ""))


def _grant(what: What) -> str:
    if what.verb in _READING:
        return (
            f"{READERS} grants it to the group platform:readers; docs/status.md says how a role gets into "
            f"that group.\nMissing: verb {what.verb} on {what.resource}"
            + (f", namespace {what.namespace}." if what.namespace else ", all namespaces.")
        )
    return "The roles of cluster.adminRoles in environments/<environment>.yaml may: sign in as one of them."
