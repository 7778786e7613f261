"""From a request to an answer: who asks, whether they may, what is asked for, and the verb that does it."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from tests.cluster.emulator import (
    admission,
    deletion,
    discovery,
    errors,
    lists,
    openapi,
    patches,
    paths,
    protobuf,
    scale,
    watches,
    writes,
)
from tests.cluster.emulator.resources import REVIEWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cluster.emulator.cluster import Cluster
    from tests.cluster.emulator.faults import Denial
    from tests.cluster.emulator.paths import Place
    from tests.cluster.emulator.resources import Resource
    from tests.cluster.emulator.store import Stored

Json = dict[str, Any]
PUBLIC = ("/version", "/healthz", "/livez", "/readyz")  # without a token, as EKS has it
JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class Question:
    """A request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes
    gone: Callable[[], bool]  # whether who asked has left


@dataclass(kw_only=True)
class Reply:
    """An answer. `stream` follows the headers piece by piece."""

    code: int
    body: bytes = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    stream: Iterator[bytes] | None = None


def encoded(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()


class Router:
    """Answers questions about one cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.pages = lists.Pages()
        self.tokens = {secrets.token_urlsafe(24): "kubernetes-admin"}  # token -> user
        self.denials: list[Denial] = []
        self.git_version = discovery.GIT_VERSION
        self.url = ""

    def answer(self, question: Question) -> Reply:
        """Never raises: what goes wrong is a Status."""
        try:
            return self._answer(question)
        except errors.StatusError as error:
            return status(error)

    def _answer(self, question: Question) -> Reply:
        user = self._user(question)
        place = paths.place(question.method, question.path, question.query)
        if place is not None:
            return self._resource(question, place, user)
        if question.method != "GET":
            raise errors.no_such_path()
        return self._plain(question)

    def _user(self, question: Question) -> str:
        scheme, _, token = question.headers.get("authorization", "").partition(" ")
        user = self.tokens.get(token.strip()) if scheme.lower() == "bearer" else None
        if user is None and (token or not question.path.startswith(PUBLIC)):
            raise errors.unauthorized()
        return user or "system:anonymous"

    def _plain(self, question: Question) -> Reply:  # noqa: C901, PLR0912 - a branch a path
        path = question.path.rstrip("/")
        catalogue = self.cluster.catalogue
        if path.startswith(("/healthz", "/livez", "/readyz")):
            return Reply(code=200, body=b"ok", content_type="text/plain; charset=utf-8")
        accepts = question.headers.get("accept", "")
        if path in {"/api", "/apis"} and "as=APIGroupDiscoveryList" in accepts and "v=v2;" in accepts + ";":
            body = encoded(discovery.aggregated(catalogue, core=path == "/api"))
            return Reply(code=200, body=body, content_type=discovery.AGGREGATED)
        steps = path.strip("/").split("/")
        content: Json | None = None
        match steps:
            case ["version"]:
                content = discovery.version(self.git_version)
            case [".well-known", "openid-configuration"]:
                content = discovery.openid(self.url)
            case ["api"]:
                content = discovery.api_versions(self.url.partition("//")[2])
            case ["api", version]:
                content = discovery.resource_list(catalogue, "", version)
            case ["apis"]:
                content = discovery.group_list(catalogue)
            case ["apis", group]:
                content = discovery.group(catalogue, group)
            case ["apis", group, version]:
                content = discovery.resource_list(catalogue, group, version)
            case ["openapi", "v2"] if "protobuf" not in accepts or "json" in accepts:
                content = openapi.swagger(catalogue)
            case ["openapi", "v3"]:
                content = openapi.index(catalogue)
            case ["openapi", "v3", "api", version]:
                content = openapi.document(catalogue, "", version)
            case ["openapi", "v3", "apis", group, version]:
                content = openapi.document(catalogue, group, version)
            case _:
                pass
        if content is None:
            raise errors.no_such_path()
        return Reply(code=200, body=encoded(content))

    def _resource(self, question: Question, place: Place, user: str) -> Reply:
        resource = self.cluster.catalogue.find(place.group, place.version, place.plural)
        if (place.group, place.plural) in REVIEWS and place.verb == "create":
            return self._review(place, _read(question), user)
        self._authorize(place, resource, user)
        if resource is None:
            raise errors.no_such_path()
        if place.namespace and not resource.namespaced:
            raise errors.no_such_path()
        if (
            resource.namespaced
            and not place.namespace
            and place.verb not in {"list", "watch", "deletecollection"}
        ):
            raise errors.method_not_allowed() if place.verb == "create" else errors.no_such_path()
        if place.subresource and place.subresource not in resource.subresources | {"log"}:
            raise errors.no_such_path()
        verb = getattr(self, f"_{place.verb}", None)
        if verb is None:
            raise errors.method_not_allowed()
        admission.ask(self.cluster, resource, place.verb)
        reply: Reply = verb(question, place, resource, user)
        return reply

    def denied(self, verb: str, group: str, plural: str, namespace: str) -> bool:
        return any(denial.meets(verb, group, plural, namespace) for denial in self.denials)

    def _authorize(self, place: Place, resource: Resource | None, user: str) -> None:
        plural = f"{place.plural}/{place.subresource}" if place.subresource else place.plural
        if self.denied(place.verb, place.group, plural, place.namespace):
            from_path = resource or _unknown(place)
            raise errors.not_allowed(
                user, place.verb, from_path, place.namespace, place.name, place.subresource
            )

    def _review(self, place: Place, body: Any, user: str) -> Reply:
        kind = REVIEWS[place.group, place.plural]
        content: Json = {"kind": kind, "apiVersion": f"{place.group}/{place.version}", "metadata": {}}
        if kind == "SelfSubjectReview":
            groups = ["system:masters", "system:authenticated"]
            content["status"] = {"userInfo": {"username": user, "groups": groups}}
            return Reply(code=201, body=encoded(content))
        spec = (body or {}).get("spec") or {}
        asked = spec.get("resourceAttributes") or {}
        plural = asked.get("resource", "") + (f"/{asked['subresource']}" if asked.get("subresource") else "")
        denied = self.denied(
            asked.get("verb", ""), asked.get("group", ""), plural, asked.get("namespace", "")
        )
        content |= {"spec": spec, "status": {"allowed": not denied}}
        return Reply(code=201, body=encoded(content))

    # One method for each verb.

    def _get(self, question: Question, place: Place, resource: Resource, _user: str) -> Reply:
        stored = self.cluster.store.get(resource, place.namespace, place.name)
        if stored is None:
            raise errors.not_found(resource, place.name)
        if place.subresource == "log":
            text = self.cluster.logs.get((place.namespace, place.name), "")
            return Reply(code=200, body=text.encode(), content_type="text/plain")
        if place.subresource == "scale":
            return Reply(code=200, body=encoded(scale.read(stored)))
        return Reply(code=200, body=_whole(stored, resource, place.version, question))

    def _list(self, question: Question, place: Place, resource: Resource, _user: str) -> Reply:
        meta, items = lists.listed(
            self.cluster, self.pages, resource, place.version, place.namespace, question.query
        )
        kind, api_version = f"{resource.kind}List", resource.api_version(place.version)
        if _partial(question):
            kind, api_version = "PartialObjectMetadataList", "meta.k8s.io/v1"
        head = encoded({"kind": kind, "apiVersion": api_version, "metadata": meta})
        parts = b",".join(_item(stored, resource, place.version, question) for stored in items)
        return Reply(code=200, body=head[:-1] + b',"items":[' + parts + b"]}")

    def _watch(self, question: Question, place: Place, resource: Resource, _user: str) -> Reply:
        query = question.query
        if place.name:
            query = query | {"fieldSelector": f"metadata.name={place.name}"}
        events = watches.watch(self.cluster, resource, place.version, place.namespace, query, question.gone)
        return Reply(code=200, stream=self._streamed(events, question, place, resource))

    def _streamed(
        self,
        events: Iterator[tuple[str, Stored | Json]],
        question: Question,
        place: Place,
        resource: Resource,
    ) -> Iterator[bytes]:
        for kind, what in events:
            if isinstance(what, dict):
                content = what
                if kind == "BOOKMARK" and _partial(question):
                    content = what | {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
                body = encoded(content)
            else:
                body = _whole(what, resource, place.version, question)
            yield b'{"type":"' + kind.encode() + b'","object":' + body + b"}\n"

    def _create(self, question: Question, place: Place, resource: Resource, _user: str) -> Reply:
        if place.subresource == "eviction":
            deletion.delete(self.cluster, resource, place.namespace, place.name, {})
            return Reply(code=201, body=encoded(_success()))
        if place.subresource == "token":
            content = {
                "kind": "TokenRequest",
                "apiVersion": "authentication.k8s.io/v1",
                "status": self._token(place),
            }
            return Reply(code=201, body=encoded(content))
        if place.name:
            raise errors.method_not_allowed()
        call = self._call(question, place, resource)
        content = writes.create(call, _read(question))
        return Reply(code=201, body=_same_version(content, resource, place.version), warnings=call.warnings)

    def _token(self, place: Place) -> Json:
        token = secrets.token_urlsafe(24)
        self.tokens[token] = f"system:serviceaccount:{place.namespace}:{place.name}"
        return {"token": token, "expirationTimestamp": "2099-01-01T00:00:00Z"}

    def _update(self, question: Question, place: Place, resource: Resource, _user: str) -> Reply:
        if not place.name:
            raise errors.method_not_allowed()
        if place.subresource == "scale":
            return self._scale(place, resource, lambda _: _read(question))
        call = self._call(question, place, resource)
        content = writes.update(call, _read(question))
        return Reply(code=200, body=_same_version(content, resource, place.version), warnings=call.warnings)

    def _patch(self, question: Question, place: Place, resource: Resource, _user: str) -> Reply:
        if not place.name:
            raise errors.method_not_allowed()
        content_type = question.headers.get("content-type", "").partition(";")[0].strip()
        body = _read(question, as_yaml=content_type == patches.APPLY)
        if place.subresource == "scale":
            merge = patches.json_patch if content_type == patches.JSON else patches.merge_patch
            return self._scale(place, resource, lambda old: merge(old, body))
        call = self._call(question, place, resource)
        code, content = writes.patch(call, content_type, body)
        return Reply(code=code, body=_same_version(content, resource, place.version), warnings=call.warnings)

    def _scale(self, place: Place, resource: Resource, function: Callable[[Json], Json]) -> Reply:
        store = self.cluster.store
        with store.lock:
            stored = store.get(resource, place.namespace, place.name)
            if stored is None:
                raise errors.not_found(resource, place.name)
            wanted = function(scale.read(stored))
            version = (wanted.get("metadata") or {}).get("resourceVersion")
            if version and version != stored.meta["resourceVersion"]:
                raise errors.conflict(resource, place.name)
            self.cluster.change(resource, stored, lambda content: scale.write(content, wanted))
            fresh = store.get(resource, place.namespace, place.name)
        return Reply(code=200, body=encoded(scale.read(fresh or stored)))

    def _delete(self, question: Question, place: Place, resource: Resource, _user: str) -> Reply:
        options = self._options(question)
        code, content = deletion.delete(self.cluster, resource, place.namespace, place.name, options)
        return Reply(code=code, body=encoded(content))

    def _deletecollection(self, question: Question, place: Place, resource: Resource, _user: str) -> Reply:
        options = self._options(question)
        query: dict[str, str] = {
            key: question.query[key] for key in ("labelSelector", "fieldSelector") if key in question.query
        }
        with self.cluster.store.lock:
            meta, items = lists.listed(
                self.cluster, self.pages, resource, place.version, place.namespace, query
            )
            for stored in items:
                deletion.delete(
                    self.cluster, resource, stored.meta.get("namespace", ""), stored.meta["name"], options
                )
        head = {
            "kind": f"{resource.kind}List",
            "apiVersion": resource.api_version(place.version),
            "metadata": meta,
        }
        return Reply(code=200, body=encoded(head | {"items": [stored.content for stored in items]}))

    @staticmethod
    def _options(question: Question) -> Json:
        options = _read(question) if question.body else {}
        options = {key: value for key, value in (options or {}).items() if value is not None}
        for key in ("propagationPolicy", "gracePeriodSeconds", "dryRun"):
            if key in question.query:
                options[key] = question.query[key]
        return options

    def _call(self, question: Question, place: Place, resource: Resource) -> writes.Call:
        agent = question.headers.get("user-agent", "unknown").partition("/")[0]
        return writes.Call(
            cluster=self.cluster,
            resource=resource,
            version=place.version,
            namespace=place.namespace,
            name=place.name,
            manager=question.query.get("fieldManager") or agent,
            query=question.query,
            subresource=place.subresource,
        )


def status(error: errors.StatusError) -> Reply:
    """An error as an answer."""
    return Reply(code=error.code, body=encoded(error.body()), headers=error.headers)


def _success() -> Json:
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}


def _unknown(place: Place) -> Resource:
    from tests.cluster.emulator.resources import Resource  # noqa: PLC0415 - a name for an error only

    return Resource(group=place.group, versions=(place.version,), plural=place.plural, kind=place.plural)


def _read(question: Question, *, as_yaml: bool = False) -> Any:
    content_type = question.headers.get("content-type", JSON)
    if "protobuf" in content_type:
        return protobuf.read(question.body)
    if "cbor" in content_type:
        raise errors.unsupported([JSON, "application/yaml"])
    try:
        if as_yaml or "yaml" in content_type:
            return yaml.safe_load(question.body)
        return json.loads(question.body or b"null")
    except (ValueError, yaml.YAMLError) as problem:
        raise errors.bad_request(f"couldn't get version/kind; json parse error: {problem}") from None


def _partial(question: Question) -> bool:
    return "as=PartialObjectMetadata" in question.headers.get("accept", "").partition(",")[0]


def _whole(stored: Stored, resource: Resource, version: str, question: Question) -> bytes:
    if _partial(question):
        return _metadata(stored)
    if stored.content["apiVersion"] == resource.api_version(version):
        return stored.encoded
    return _same_version(stored.content, resource, version)


def _item(stored: Stored, resource: Resource, version: str, question: Question) -> bytes:
    """Items of built-in kinds carry no kind: the list's says it."""
    if _partial(question):
        return _metadata(stored)
    return _whole(stored, resource, version, question) if resource.custom else stored.bare


def _metadata(stored: Stored) -> bytes:
    head = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
    return encoded(head | {"metadata": stored.meta})


def _same_version(content: Json, resource: Resource, version: str) -> bytes:
    return encoded(content | {"apiVersion": resource.api_version(version)})
