"""The stand-in itself: what tests hold in their hands."""

from __future__ import annotations

import contextlib
import copy
import pathlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.cluster.emulator import certificates, defaults, definitions, deletion, faults, kubeconfig, server
from tests.cluster.emulator.cluster import Cluster
from tests.cluster.emulator.router import Router

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cluster.emulator.controllers.base import Controller
    from tests.cluster.emulator.faults import Fault
    from tests.cluster.emulator.router import Question
    from tests.cluster.emulator.server import Handler

Json = dict[str, Any]
NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")


@dataclass(kw_only=True)
class Request:
    """What was asked. `status` is 0 until it is answered, and when it never is."""

    method: str
    path: str
    query: dict[str, str]
    user_agent: str
    status: int = 0

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"


class Emulator:
    """A Kubernetes API server on loopback."""

    def __init__(self, controllers: list[Controller]) -> None:
        self.cluster = Cluster()
        self.requests: list[Request] = []
        self._tls, self.ca = certificates.context()
        self._router = Router(self.cluster)
        self._faults = faults.Faults()
        self._lock = threading.Lock()
        self._server: server.Server | None = server.listen(0, self._tls, self._exchange)
        self._port = self._server.port
        self._router.url = self.url
        self.load(
            [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in NAMESPACES]
        )
        self.controllers = controllers
        for controller in controllers:
            controller.start(self.cluster)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._port}"

    @property
    def token(self) -> str:
        """Who has it is `kubernetes-admin`, or whoever `tokens` says."""
        return next(iter(self._router.tokens))

    @property
    def tokens(self) -> dict[str, str]:
        """Token -> user. Edit it to add users, or to make a token expire."""
        return self._router.tokens

    @property
    def logs(self) -> dict[tuple[str, str], str]:
        """(namespace, pod) -> what `kubectl logs` prints."""
        return self.cluster.logs

    @property
    def git_version(self) -> str:
        """What `/version` says."""
        return self._router.git_version

    @git_version.setter
    def git_version(self, text: str) -> None:
        self._router.git_version = text

    def kubeconfig(
        self,
        path: pathlib.Path | str,
        *,
        context: str = "dev",
        server: str | None = None,
        namespace: str | None = None,
        **extra_user_fields: Any,
    ) -> pathlib.Path:
        """Add a context to a kubeconfig file, which is made when it is not there.

        `server` is written instead of this one's address; another way to log in, such as `exec`, replaces
        the token.
        """
        return kubeconfig.add(
            pathlib.Path(path),
            context,
            server=server or self.url,
            ca=self.ca,
            token=self.token,
            user=extra_user_fields,
            namespace=namespace,
        )

    # What is there.

    def load(self, objects: list[Json]) -> None:
        """Put objects in as they are, status and all. uid, resourceVersion and creationTimestamp come
        when absent.

        A namespace that is not there is made. An object of that name is replaced.

        Raises:
            LookupError: a kind is not served; load its CustomResourceDefinition first.
        """
        with self.cluster.store.lock:
            for given in objects:
                content = copy.deepcopy(given)
                resource = self.cluster.catalogue.require(content["apiVersion"], content["kind"])
                meta = content["metadata"]
                if not resource.namespaced:
                    meta.pop("namespace", None)
                    if resource.key == ("", "namespaces"):
                        defaults.fill(resource, content)
                else:
                    self._make_namespace(meta.setdefault("namespace", "default"))
                self.cluster.persist(resource, content)

    def _make_namespace(self, name: str) -> None:
        namespaces = self.cluster.catalogue.require("v1", "Namespace")
        if self.cluster.store.get(namespaces, "", name) is None:
            self.load([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}])

    def crds(self, *kinds: tuple[str, str, str, str, str] | tuple[str, str, str, str]) -> None:
        """Serve custom kinds: (group, version, kind, plural, scope), namespaced when no scope is said."""
        self.load([definitions.write(*kind) for kind in kinds])

    def objects(self, api_version: str, kind: str, namespace: str | None = None) -> list[Json]:
        """Copies of all of a kind, sorted by namespace and name."""
        resource = self.cluster.catalogue.require(api_version, kind)
        return [
            copy.deepcopy(stored.content) for stored in self.cluster.store.items(resource, namespace or "")
        ]

    def get(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> Json | None:
        """A copy of one, or None."""
        resource = self.cluster.catalogue.require(api_version, kind)
        stored = self.cluster.store.get(
            resource, (namespace or "default") if resource.namespaced else "", name
        )
        return copy.deepcopy(stored.content) if stored else None

    def change(
        self,
        api_version: str,
        kind: str,
        name: str,
        namespace: str | None,
        function: Callable[[Json], object],
    ) -> Json:
        """Edit one in place; watchers see it.

        Raises:
            LookupError: it is not there.
        """
        resource = self.cluster.catalogue.require(api_version, kind)
        with self.cluster.store.lock:
            stored = self.cluster.store.get(
                resource, (namespace or "default") if resource.namespaced else "", name
            )
            if stored is None:
                raise LookupError(f"{kind} {namespace or ''}/{name} is not there")
            return copy.deepcopy(self.cluster.change(resource, stored, function))

    def remove(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> None:
        """Take one away at once, whatever its finalizers say."""
        resource = self.cluster.catalogue.require(api_version, kind)
        self.cluster.discard(resource, (namespace or "default") if resource.namespaced else "", name)

    def delete(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> None:
        """Delete one as a client would: finalizers hold it."""
        resource = self.cluster.catalogue.require(api_version, kind)
        deletion.delete(
            self.cluster, resource, (namespace or "default") if resource.namespaced else "", name, {}
        )

    # What goes wrong.

    def fault(self, fault: Fault) -> Fault:
        """Put a fault in force."""
        self._faults.add(fault)
        return fault

    def mend(self, fault: Fault | None = None) -> None:
        """Take a fault away, or all of them."""
        self._faults.remove(fault)

    def forbid(self, verb: str, what: str, namespace: str = "") -> None:
        """Let RBAC refuse a verb on `group/resource` (`*` is any)."""
        self._router.denials.append(faults.denial(verb, what, namespace))

    def allow(self) -> None:
        """Forget all that `forbid` said."""
        self._router.denials.clear()

    def compact(self) -> None:
        """Forget history: watches from old versions and unfinished lists are answered with 410."""
        self.cluster.store.compact()
        self._router.pages.expire()

    def down(self) -> None:
        """Refuse connections, and break those that are open."""
        with self._lock:
            running, self._server = self._server, None
        if running is not None:
            running.close()

    def up(self) -> None:
        """Listen again on the same port."""
        with self._lock:
            if self._server is None:
                self._server = server.listen(self._port, self._tls, self._exchange)

    def close(self) -> None:
        """End all threads.

        Raises:
            BaseException: what a controller failed of, for a test must not pass on one that died.
        """
        self.cluster.store.close()
        for controller in self.controllers:
            controller.stop()
        self.down()
        for controller in self.controllers:
            if controller.failure is not None:
                raise controller.failure

    def _exchange(self, handler: Handler, question: Question) -> None:
        request = Request(
            method=question.method,
            path=question.path,
            query=question.query,
            user_agent=question.headers.get("user-agent", ""),
        )
        self.requests.append(request)

        server.answer(handler, question, self._router, self._faults, self.down, request)


@contextlib.contextmanager
def running(controllers: list[Controller | str] | None = None) -> Iterator[Emulator]:
    """A stand-in for the length of a `with`.

    `controllers` act on what is there. Without the argument: namespaces and garbage collection, for no
    cluster is
    without them. With it they are added when they are not named.
    """
    from tests.cluster.emulator.controllers import chosen  # noqa: PLC0415 - they know this module

    api = Emulator(chosen(controllers or []))
    try:
        yield api
    finally:
        api.close()
