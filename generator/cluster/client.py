"""A cluster's Kubernetes API on plain dicts: its verbs.

https://kubernetes.io/docs/reference/using-api/api-concepts/
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from generator.cluster import lists
from generator.cluster.answers import What
from generator.cluster.connection import NAME
from generator.cluster.errors import NotServed, Refused
from generator.cluster.exchange import Exchange
from generator.cluster.resources import Resource, path, qualified, selected
from generator.cluster.watch import watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from threading import Event

    from urllib3 import BaseHTTPResponse

    from generator.cluster.kubeconfig import Context, Kubeconfig
    from generator.cluster.lists import Listed
    from generator.cluster.retry import Limits

    Document = dict[str, Any]
    Documents = list[Document]
    Resources = list[Resource]


class Cluster:
    """The API of one context. Several threads may use it; `notice` hears why something takes long.

    Every method raises a ClusterError: Expired, Forbidden, Unreachable, Untrusted, NotServed, or Refused with
    the HTTP status; `get`, `patch` and `delete` of what is not there raise nothing.
    """

    def __init__(
        self,
        kubeconfig: Kubeconfig,
        context: Context,
        limits: Limits | None = None,
        notice: Callable[[str], None] | None = None,
    ) -> None:
        """Read the context's credentials; nothing is sent yet.

        Raises:
            NoContext: the context is not usable as it stands.
            Expired: the plugin that brings the credentials brought none.
        """
        self.context = context
        self._exchange = Exchange(kubeconfig, context, limits, notice)
        self._kinds: dict[str, dict[str, Resource]] = {}

    def close(self) -> None:
        """Close its connections; the next request opens one again."""
        self._exchange.close()

    def end(self) -> None:
        """End what other threads watch and wait for, for good: watches stop, waits raise their trouble."""
        self._exchange.end()

    @property
    def ended(self) -> Event:
        """Whether `end` was called, to wait for."""
        return self._exchange.ended

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Let all that is asked inside end after so many seconds, whatever the limits of one request."""
        return self._exchange.within(seconds)

    def version(self) -> Document:
        """Return what the server says of itself: `gitVersion`, `major`, `minor`."""
        return self._exchange.document("GET", "/version", What("get", "/version"))

    def list(
        self,
        api_version: str,
        plural: str,
        namespace: str | None = None,
        label_selector: str | None = None,
        field_selector: str | None = None,
    ) -> Documents:
        """Return all objects of a kind, in all namespaces or one."""
        return self._listed(api_version, plural, namespace, selected(label_selector, field_selector)).items

    def get(self, api_version: str, plural: str, name: str, namespace: str | None = None) -> Document | None:
        """Return an object, or None when it is not there."""
        what = What("get", qualified(api_version, plural), namespace, name)
        return self._if_there("GET", path(api_version, plural, namespace, name), what)

    def apply(
        self, document: Document, manager: str = NAME, *, force: bool = True, dry_run: bool = False
    ) -> Document:
        """Make an object, or the named fields of it, as they stand here (server-side apply); return it.

        With `force` the fields become the manager's even where another one set them; without it that is a
        Conflict. Nothing is written by a dry run, which is judged all the same.
        """
        resource, namespace, name = self._place(document)
        query = {
            "fieldManager": manager,
            "force": str(force).lower(),
            **({"dryRun": "All"} if dry_run else {}),
        }
        place = f"{path(resource.api_version, resource.plural, namespace, name)}?{urlencode(query)}"
        what = What("patch", resource.qualified, namespace, name)
        body = json.dumps(document, ensure_ascii=False).encode()
        return self._exchange.document("PATCH", place, what, body, "application/apply-patch+yaml")

    def create(self, document: Document) -> Document:
        """Make an object that is not there yet; Conflict when it is.

        It is sent again only where the first request cannot have arrived.
        """
        resource, namespace, name = self._place(document)
        place = path(resource.api_version, resource.plural, namespace)
        return self._exchange.document(
            "POST", place, What("create", resource.qualified, namespace, name), document
        )

    def patch(
        self, api_version: str, plural: str, name: str, change: Document, namespace: str | None = None
    ) -> Document | None:
        """Merge a change into an object (RFC 7386: null removes); return it, or None when it is not there."""
        place = f"{path(api_version, plural, namespace, name)}?{urlencode({'fieldManager': NAME})}"
        what = What("patch", qualified(api_version, plural), namespace, name)
        return self._if_there("PATCH", place, what, change, "application/merge-patch+json")

    def delete(
        self,
        api_version: str,
        plural: str,
        name: str,
        namespace: str | None = None,
        propagation: str = "Background",
    ) -> bool:
        """Ask for an object to be deleted; False when it was not there.

        It may be there for long: finalizers come first. `propagation`: Background, Foreground or Orphan.
        """
        place = path(api_version, plural, namespace, name)
        what = What("delete", qualified(api_version, plural), namespace, name)
        return self._if_there("DELETE", place, what, {"propagationPolicy": propagation}) is not None

    def resource(self, api_version: str, kind: str) -> Resource:
        """Return how a kind is called in paths; raises NotServed when the API has none."""
        if kind not in self._kinds.get(api_version, {}):  # a definition may be new
            self._kinds[api_version] = {r.kind: r for r in self.resources(api_version)}
        found = self._kinds[api_version].get(kind)
        if found is None:
            message = f"the cluster of context {self.context.title} has no {kind} of {api_version}"
            raise NotServed(message, "Its custom resource definition is missing.")
        return found

    def resources(self, api_version: str) -> Resources:
        """Return what the API has of a group and version, nothing when it does not have it."""
        place = path(api_version)
        try:
            document = self._exchange.document("GET", place, What("get", place))
        except NotServed:
            return []
        return [
            Resource(api_version, r["name"], r["kind"], bool(r["namespaced"]))
            for r in document.get("resources") or ()
            if "/" not in r["name"]
        ]

    def watch(
        self,
        api_version: str,
        plural: str,
        namespace: str | None = None,
        label_selector: str | None = None,
        quiet: float = 300.0,
    ) -> Iterator[tuple[str, Any]]:
        """Yield what there is, then what happens to it, for ever.

        ("LISTED", [objects]) first, and again whenever the server has forgotten where the watch was (410);
        ("ADDED" | "MODIFIED" | "DELETED", object); ("QUIET", None) when nothing came for `quiet` seconds.
        A connection that ends is opened again, with growing pauses; Unreachable after the last.
        `end` ends all of it.
        """
        chosen = selected(label_selector)
        what = What("watch", qualified(api_version, plural), namespace)

        def follow(query: dict[str, str]) -> BaseHTTPResponse:
            place = f"{path(api_version, plural, namespace)}?{urlencode({**chosen, **query})}"
            return self._exchange.stream(place, what, float(query["timeoutSeconds"]))

        yield from watch(
            lambda: self._listed(api_version, plural, namespace, chosen), follow, quiet, self.ended
        )

    def _listed(self, api_version: str, plural: str, namespace: str | None, chosen: dict[str, str]) -> Listed:
        what = What("list", qualified(api_version, plural), namespace)
        place = path(api_version, plural, namespace)

        def page(query: dict[str, str]) -> Document:
            return self._exchange.document("GET", f"{place}?{urlencode({**chosen, **query})}", what)

        return lists.read(page, api_version)

    def _if_there(self, method: str, place: str, what: What, *body: Any) -> Document | None:
        try:
            return self._exchange.document(method, place, what, *body)
        except Refused as refused:
            if refused.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    def _place(self, document: Document) -> tuple[Resource, str | None, str | None]:
        metadata = document.get("metadata") or {}
        resource = self.resource(document["apiVersion"], document["kind"])
        namespace = str(metadata.get("namespace") or "default") if resource.namespaced else None
        return resource, namespace, metadata.get("name")
