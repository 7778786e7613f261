"""A cluster's Kubernetes API on plain dicts: time-outs, retries, paging, watches that survive.

https://kubernetes.io/docs/reference/using-api/api-concepts/
"""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import quote, urlencode

from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError

from generator.cluster import answers, retry
from generator.cluster.answers import What
from generator.cluster.connection import Connection
from generator.cluster.errors import ClusterError, NotServed, Refused, Untrusted
from generator.cluster.retry import Clock, Limits
from generator.cluster.watch import Listed, watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from urllib3 import BaseHTTPResponse

    from generator.cluster.kubeconfig import Context, Kubeconfig

    Document = dict[str, Any]
    Documents = list[Document]
    Resources = list["Resource"]
    T = TypeVar("T")

PAGE = 500  # kubectl's --chunk-size
MANAGER = "platform-generator"
"""Who owns the fields that `apply` sets, unless the caller says otherwise."""

_BAD, _UNAUTHORIZED, _NOT_FOUND, _GONE, _TOO_MANY = 400, 401, 404, 410, 429
_JSON = "application/json"
_CHUNK = 1 << 18
_LEAST = 0.05  # seconds: none at all would mean no limit to urllib3
_NEVER_SENT = (ConnectTimeoutError, NewConnectionError, NameResolutionError)


class Resource(NamedTuple):
    """How a kind stands in the API's paths."""

    api_version: str
    plural: str
    kind: str
    namespaced: bool

    @property
    def qualified(self) -> str:
        """`applications.argoproj.io`, `pods`: as RBAC and kubectl name it."""
        return _qualified(self.api_version, self.plural)


class Cluster:
    """The API of one context. Several threads may use it; `notice` hears why something takes long.

    Every method raises a ClusterError: Expired, Forbidden, Unreachable, Untrusted, NotServed, or Refused with
    the HTTP status; `get` and `delete` of what is not there raise nothing.
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
        self.context, self.limits = context, limits or Limits()
        self._connection = Connection(kubeconfig, context)
        self._notice = notice or (lambda _text: None)
        self._clock: Clock | None = None
        self._kinds: dict[str, dict[str, Resource]] = {}
        self.ended = Event()
        self._lock = Lock()
        self._watched: set[BaseHTTPResponse] = set()

    def close(self) -> None:
        """Close its connections; the next request opens one again."""
        self._connection.close()

    def end(self) -> None:
        """End what other threads watch and wait for, for good: watches stop, waits raise their trouble."""
        with self._lock:
            self.ended.set()
            watched = tuple(self._watched)
        for response in watched:
            _break_off(response)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Let all that is asked inside end after so many seconds, whatever the limits of one request."""
        before, self._clock = self._clock, Clock(seconds)
        try:
            yield
        finally:
            self._clock = before

    def version(self) -> Document:
        """Return what the server says of itself: `gitVersion`, `major`, `minor`."""
        return self._document("GET", "/version", What("get", "/version"))

    def list(
        self,
        api_version: str,
        plural: str,
        namespace: str | None = None,
        label_selector: str | None = None,
        field_selector: str | None = None,
    ) -> Documents:
        """Return all objects of a kind, in all namespaces or one."""
        return self.listed(api_version, plural, namespace, label_selector, field_selector).items

    def listed(
        self,
        api_version: str,
        plural: str,
        namespace: str | None = None,
        label_selector: str | None = None,
        field_selector: str | None = None,
    ) -> Listed:
        """Return all objects of a kind, page by page, and the version of the list.

        The continuation of a list that takes long expires (410): it is begun again, once.
        """
        query = _selected(label_selector, field_selector)
        try:
            return self._pages(api_version, plural, namespace, query)
        except Refused as refused:
            if refused.status != _GONE:
                raise
            return self._pages(api_version, plural, namespace, query)

    def get(self, api_version: str, plural: str, name: str, namespace: str | None = None) -> Document | None:
        """Return an object, or None when it is not there."""
        what = What("get", _qualified(api_version, plural), namespace, name)
        try:
            return self._document("GET", _path(api_version, plural, namespace, name), what)
        except Refused as refused:
            if refused.status == _NOT_FOUND:
                return None
            raise

    def apply(
        self, document: Document, manager: str = MANAGER, *, force: bool = True, dry_run: bool = False
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
        path = f"{_path(resource.api_version, resource.plural, namespace, name)}?{urlencode(query)}"
        what = What("patch", resource.qualified, namespace, name)
        body = json.dumps(document, ensure_ascii=False).encode()
        return self._document("PATCH", path, what, body, "application/apply-patch+yaml")

    def create(self, document: Document, *, dry_run: bool = False) -> Document:
        """Make an object that is not there yet; Conflict when it is.

        It is sent again only where the first request cannot have arrived.
        """
        resource, namespace, name = self._place(document)
        path = _path(resource.api_version, resource.plural, namespace, None) + (
            "?dryRun=All" if dry_run else ""
        )
        return self._document("POST", path, What("create", resource.qualified, namespace, name), document)

    def patch(
        self, api_version: str, plural: str, name: str, change: Document, namespace: str | None = None
    ) -> Document | None:
        """Merge a change into an object (RFC 7386: null removes); return it, or None when it is not there."""
        path = f"{_path(api_version, plural, namespace, name)}?{urlencode({'fieldManager': MANAGER})}"
        what = What("patch", _qualified(api_version, plural), namespace, name)
        try:
            return self._document("PATCH", path, what, change, "application/merge-patch+json")
        except Refused as refused:
            if refused.status == _NOT_FOUND:
                return None
            raise

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
        path = _path(api_version, plural, namespace, name)
        what = What("delete", _qualified(api_version, plural), namespace, name)
        try:
            self._document("DELETE", path, what, {"propagationPolicy": propagation})
        except Refused as refused:
            if refused.status == _NOT_FOUND:
                return False
            raise
        return True

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
        path = _path(api_version)
        try:
            document = self._document("GET", path, What("get", path))
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
        what = What("watch", _qualified(api_version, plural), namespace)

        def follow(query: dict[str, str]) -> BaseHTTPResponse:
            path = f"{_path(api_version, plural, namespace)}?{urlencode({**chosen, **query})}"
            silence = float(query["timeoutSeconds"]) + self.limits.read
            return self._send("GET", path, what, None, _JSON, self._followed, silence)

        chosen = _selected(label_selector, None)
        yield from watch(
            lambda: self.listed(api_version, plural, namespace, label_selector), follow, quiet, self.ended
        )

    def _followed(self, response: BaseHTTPResponse, _clock: Clock) -> BaseHTTPResponse:
        """Remember what is being watched, so that `end` can break it off."""
        with self._lock:
            self._watched = {one for one in self._watched if not one.closed} | {response}
        if self.ended.is_set():  # just now
            _break_off(response)
        return response

    def _pages(self, api_version: str, plural: str, namespace: str | None, query: dict[str, str]) -> Listed:
        what = What("list", _qualified(api_version, plural), namespace)
        kind = ""
        items: Documents = []
        more, version = "", ""
        while True:
            page = {**query, "limit": str(PAGE), **({"continue": more} if more else {})}
            document = self._document(
                "GET", f"{_path(api_version, plural, namespace)}?{urlencode(page)}", what
            )
            metadata = document.get("metadata") or {}
            kind = str(document.get("kind") or "").removesuffix("List")
            for item in document.get("items") or ():
                # In a list they stand only once, above.
                item.setdefault("apiVersion", api_version)
                item.setdefault("kind", kind)
                items.append(item)
            version = version or str(metadata.get("resourceVersion") or "")
            more = str(metadata.get("continue") or "")
            if not more:
                return Listed(items, version)

    def _place(self, document: Document) -> tuple[Resource, str | None, str | None]:
        metadata = document.get("metadata") or {}
        resource = self.resource(document["apiVersion"], document["kind"])
        namespace = str(metadata.get("namespace") or "default") if resource.namespaced else None
        return resource, namespace, metadata.get("name")

    def _document(
        self, method: str, path: str, what: What, body: Any = None, content: str = _JSON
    ) -> Document:
        """Send a request, again where that does no harm, and return the JSON of the answer."""
        data = self._send(method, path, what, body, content, _whole)
        try:
            document = json.loads(data)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            message = f"what answers at {self.context.server} is no Kubernetes API"
            raise Refused(message, "Something is in between: look at the server's address.", 200, "")
        return document

    def _send(
        self,
        method: str,
        path: str,
        what: What,
        body: Any,
        content: str,
        take: Callable[[BaseHTTPResponse, Clock], T],
        silence: float | None = None,
    ) -> T:
        """Send a request until it is answered for good; return what `take` makes of the answer.

        Twice is as good as once, but for POST: that is sent again only when it cannot have been carried out.
        """
        headers = {"Accept": _JSON, **({} if body is None else {"Content-Type": content})}
        clock = self._clock or Clock(self.limits.patience)
        waits, renewed = retry.pauses(self.limits.attempts), False
        while True:
            pause, trouble = 0.0, None
            try:
                response = self._connection.send(method, path, headers, body, self._seconds(clock, silence))
                if response.status < _BAD:
                    return take(response, clock)
                said = response.read()
            except (HTTPError, ApiException, OSError) as raised:
                error = _root(raised)
                if not clock.left:
                    raise answers.late(what, self.context, clock.limit) from None
                trouble = answers.silent(error, what, self.context)
                if isinstance(trouble, Untrusted) or (
                    method == "POST" and not isinstance(error, _NEVER_SENT)
                ):
                    raise trouble from None
            else:
                status = response.status
                if status == _UNAUTHORIZED and not renewed and self.context.command:
                    renewed = True  # the cluster may have ended a token before its time
                    self._connection.renew()
                    continue
                if status not in retry.AGAIN or (method == "POST" and status != _TOO_MANY):
                    raise answers.refused(status, said, what, self.context)
                trouble = answers.busy(status, said, what, self.context)
                pause = retry.asked(response.headers.get("Retry-After"))
            self._wait(pause, next(waits, None), clock, trouble)

    def _seconds(self, clock: Clock, silence: float | None) -> tuple[float, float]:
        """Return how long to wait for a connection, and for a byte."""
        left = max(clock.left, _LEAST)
        return min(self.limits.connect, left), silence or min(self.limits.read, left)

    def _wait(self, asked: float, pause: float | None, clock: Clock, trouble: ClusterError) -> None:
        """Wait before the next try, at least as long as asked; raises the trouble when there is none."""
        if pause is None or max(asked, pause) >= clock.left:
            raise trouble from None
        self._notice(f"{trouble.message}; trying again in {max(asked, pause):.1f} s")
        if self.ended.wait(max(asked, pause)):
            raise trouble from None


def _root(error: BaseException) -> BaseException:
    """Return what urllib3 raised where the kubernetes client put a text of its own in its place."""
    return error.__context__ if isinstance(error, ApiException) and error.__context__ else error


def _break_off(response: BaseHTTPResponse) -> None:
    """End what another thread reads of an answer."""
    with suppress(ValueError, RuntimeError, OSError):  # it has ended by itself
        response.shutdown()


def _whole(response: BaseHTTPResponse, clock: Clock) -> bytes:
    """Read an answer to its end; raises TimeoutError when that comes too late."""
    parts = []
    for part in response.stream(_CHUNK):
        parts.append(part)
        if not clock.left:
            response.close()
            raise TimeoutError
    response.release_conn()
    return b"".join(parts)


def _selected(labels: str | None, fields: str | None) -> dict[str, str]:
    chosen = {"labelSelector": labels, "fieldSelector": fields}
    return {name: value for name, value in chosen.items() if value}


def _qualified(api_version: str, plural: str) -> str:
    group, slash, _ = api_version.partition("/")
    return f"{plural}.{group}" if slash else plural


def _path(
    api_version: str, plural: str | None = None, namespace: str | None = None, name: str | None = None
) -> str:
    """Return the path of a group and version, a collection in it, or an object."""
    parts = ["apis" if "/" in api_version else "api", *api_version.split("/")]
    parts += ["namespaces", namespace] if namespace else []
    parts += [part for part in (plural, name) if part]
    return "".join(f"/{quote(part, safe='')}" for part in parts)
