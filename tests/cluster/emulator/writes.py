"""Creating and changing: what the server checks and fills in, and the five ways of saying a change."""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.cluster.emulator import changes, defaults, errors, names, ownership, patches, schemas

if TYPE_CHECKING:
    from tests.cluster.emulator.cluster import Cluster
    from tests.cluster.emulator.resources import Resource
    from tests.cluster.emulator.store import Stored

Json = dict[str, Any]
LETTERS = "bcdfghjklmnpqrstvwxz2456789"  # of generated names (apimachinery/pkg/util/rand)
TRUE = {"true", "1"}


@dataclass
class Call:
    """Where a write goes, how it is to be done, and the warnings that go back with it."""

    cluster: Cluster
    resource: Resource
    version: str
    namespace: str
    name: str
    manager: str
    query: dict[str, str]
    subresource: str = ""

    def __post_init__(self) -> None:
        self.warnings: list[str] = []

    @property
    def dry(self) -> bool:
        return self.query.get("dryRun") == "All"

    @property
    def schema(self) -> schemas.Schema:
        return schemas.of(self.resource, self.version)

    @property
    def api_version(self) -> str:
        return self.resource.api_version(self.version)


def suffix() -> str:
    """Five letters as the server adds to `generateName`."""
    return "".join(random.choices(LETTERS, k=5))  # noqa: S311 - no secret


def create(call: Call, body: Json) -> Json:
    """POST.

    Raises:
        StatusError: what the server refuses, as it words it.
    """
    content = _taken(call, body)
    meta = content["metadata"]
    if not meta.get("name") and meta.get("generateName"):
        meta["name"] = meta["generateName"] + suffix()
    if meta.get("resourceVersion"):
        raise errors.bad_request("resourceVersion should not be set on objects to be created")
    for key in (
        "uid",
        "creationTimestamp",
        "deletionTimestamp",
        "selfLink",
        "generation",
        "deletionGracePeriodSeconds",
    ):
        meta.pop(key, None)
    with call.cluster.store.lock:
        _check_namespace(call, meta.get("name", ""))
        problems = names.problems(call.resource, meta.get("name", ""))
        if problems:
            raise errors.invalid(call.resource, meta.get("name", ""), problems)
        if call.cluster.store.get(call.resource, call.namespace, meta["name"]):
            raise errors.already_exists(call.resource, meta["name"])
        _begin(call, content)
        ownership.after_update(None, content, call.schema, call.manager, "")
        return _kept(call, content)


def update(call: Call, body: Json) -> Json:
    """PUT, also of a subresource `status`.

    Raises:
        StatusError: as `create`; 409, the resourceVersion is not the current one.
    """
    content = _taken(call, body)
    with call.cluster.store.lock:
        stored = _found(call)
        version = content["metadata"].get("resourceVersion")
        if version and version != stored.meta["resourceVersion"]:
            raise errors.conflict(call.resource, call.name)
        if not version and call.resource.custom:
            problem = errors.invalid_value("metadata.resourceVersion", 0, "must be specified for an update")
            raise errors.invalid(call.resource, call.name, [problem])
        return _replace(call, stored, content)


def patch(call: Call, content_type: str, body: Any) -> tuple[int, Json]:
    """PATCH of all four kinds: code and object.

    Raises:
        StatusError: as `update`; 415, an unknown kind of patch.
    """
    if content_type == patches.APPLY:
        return _apply(call, body)
    if content_type == patches.STRATEGIC and call.resource.custom:
        raise errors.unsupported([patches.JSON, patches.MERGE, patches.APPLY])
    with call.cluster.store.lock:
        stored = _found(call)
        live = copy.deepcopy(stored.content)
        if content_type == patches.JSON:
            patched = patches.json_patch(live, body)
        elif not isinstance(body, dict):
            raise errors.bad_request("error decoding patch: the patch is no object")
        elif content_type == patches.MERGE:
            patched = patches.merge_patch(live, body)
        elif content_type == patches.STRATEGIC:
            patched = patches.strategic(live, body, call.schema)
        else:
            raise errors.unsupported([patches.JSON, patches.MERGE, patches.STRATEGIC, patches.APPLY])
        content = _taken(call, patched)
        if content["metadata"].get("resourceVersion") not in {None, stored.meta["resourceVersion"]}:
            raise errors.conflict(call.resource, call.name)
        return 200, _replace(call, stored, content)


def _apply(call: Call, body: Any) -> tuple[int, Json]:
    if not call.query.get("fieldManager"):
        raise errors.StatusError(
            422,
            "Invalid",
            'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply '
            "patch",
        )
    if not isinstance(body, dict):
        raise errors.bad_request("error decoding YAML: the body is no object")
    config = _taken(call, body, applied=True)
    force = call.query.get("force") in TRUE
    manager = call.query["fieldManager"]
    with call.cluster.store.lock:
        stored = call.cluster.store.get(call.resource, call.namespace, call.name)
        if stored is None:
            return 201, _apply_new(call, config)
        live = copy.deepcopy(stored.content) | {"apiVersion": call.api_version}
        version = config["metadata"].pop("resourceVersion", None)
        if version and version != stored.meta["resourceVersion"]:
            raise errors.conflict(call.resource, call.name)
        if call.subresource == "status":
            config = {key: value for key, value in config.items() if key != "spec"}
        elif "status" in call.resource.subresources:
            config.pop("status", None)
        content = ownership.apply(
            live, config, call.schema, manager=manager, force=force, subresource=call.subresource
        )
        return 200, _replace(call, stored, content, owned=True)


def _apply_new(call: Call, config: Json) -> Json:
    if call.subresource:
        raise errors.not_found(call.resource, call.name)
    if uid := config["metadata"].get("uid"):
        why = f"uid mismatch: the provided object specified uid {uid}, and no existing object was found"
        raise errors.conflict(call.resource, call.name, why)
    _check_namespace(call, call.name)
    problems = names.problems(call.resource, call.name)
    if problems:
        raise errors.invalid(call.resource, call.name, problems)
    if "status" in call.resource.subresources:
        config.pop("status", None)
    content = ownership.apply(None, config, call.schema, manager=call.query["fieldManager"], force=True)
    _begin(call, content)
    return _kept(call, content)


def _taken(call: Call, body: Any, *, applied: bool = False) -> Json:
    """The body, when it is such an object at all; without fields that the kind does not have."""
    if not isinstance(body, dict):
        raise errors.bad_request(
            "the object provided is unrecognized (must be of type "
            f"{call.resource.kind}): the body is no object"
        )
    content = copy.deepcopy(body)
    kind, api_version = (
        content.setdefault("kind", call.resource.kind),
        content.setdefault("apiVersion", call.api_version),
    )
    if kind != call.resource.kind or api_version.rpartition("/")[0] != call.resource.group:
        raise errors.bad_request(
            f'{kind} in version "{api_version.rpartition("/")[2]}" cannot be handled as a '
            f'{call.resource.kind}: no kind "{kind}" is registered for version "{api_version}"'
        )
    if api_version != call.api_version:
        raise errors.bad_request(
            f"the API version in the data ({api_version}) does not match the expected API version "
            f"({call.api_version})"
        )
    meta = content.get("metadata") or {}
    if not isinstance(meta, dict):
        raise errors.bad_request(
            f'{kind} in version "{call.version}" cannot be handled as a {kind}: json: cannot '
            "unmarshal into Go struct field .metadata of type v1.ObjectMeta"
        )
    content["metadata"] = meta
    if call.name and meta.setdefault("name", call.name) != call.name:
        raise errors.bad_request(
            f"the name of the object ({meta['name']}) does not match the name on the URL ({call.name})"
        )
    _check_place(call, meta)
    return _known(call, content, applied=applied)


def _check_place(call: Call, meta: Json) -> None:
    if not call.resource.namespaced:
        meta.pop("namespace", None)
        return
    if meta.get("namespace") and meta["namespace"] != call.namespace:
        if call.name:
            raise errors.bad_request(
                f"the namespace of the object ({meta['namespace']}) does not match the namespace on "
                f"the request ({call.namespace})"
            )
        raise errors.bad_request(
            "the namespace of the provided object does not match the namespace sent on the request"
        )
    meta["namespace"] = call.namespace


def _known(call: Call, content: Json, *, applied: bool) -> Json:
    unknown = schemas.unknown_fields(content, call.schema)
    if not unknown:
        return content
    said = ", ".join(f'unknown field "{path}"' for path in unknown)
    if applied:
        where = f"{call.namespace}/{call.name}" if call.namespace else call.name
        first = unknown[0]
        raise errors.StatusError(
            500,
            "",
            f"failed to create typed patch object ({where}; {call.api_version}, Kind="
            f"{call.resource.kind}): .{first}: field not declared in schema",
        )
    how = call.query.get("fieldValidation", "Warn")
    if how == "Strict":
        if call.resource.custom:
            raise errors.bad_request(f"strict decoding error: {said}")
        raise errors.bad_request(
            f'{call.resource.kind} in version "{call.version}" cannot be handled as a '
            f"{call.resource.kind}: strict decoding error: {said}"
        )
    if how == "Warn":
        call.warnings += [f'unknown field "{path}"' for path in unknown]
    pruned: Json = schemas.prune(content, call.schema)
    return pruned


def _check_namespace(call: Call, name: str) -> None:
    if not call.resource.namespaced:
        return
    namespaces = call.cluster.catalogue.require("v1", "Namespace")
    stored = call.cluster.store.get(namespaces, "", call.namespace)
    if stored is None:
        raise errors.not_found(namespaces, call.namespace)
    if (stored.content.get("status") or {}).get("phase") == "Terminating":
        why = f"unable to create new content in namespace {call.namespace} because it is being terminated"
        error = errors.forbidden(call.resource, name, why)
        message = f"namespace {call.namespace} is being terminated"
        error.details = (error.details or {}) | {
            "causes": [errors.cause("NamespaceTerminating", "metadata.namespace", message)]
        }
        raise error


def _begin(call: Call, content: Json) -> None:
    """What a new object has."""
    resource = call.resource
    if "status" in resource.subresources:
        content.pop("status", None)
    counted = resource.custom or ("status" in resource.subresources and resource.group)
    if counted or resource.key == ("", "pods"):
        content["metadata"]["generation"] = 1
    defaults.begin(resource, content)
    defaults.fill(resource, content)


def _found(call: Call) -> Stored:
    stored = call.cluster.store.get(call.resource, call.namespace, call.name)
    if stored is None:
        raise errors.not_found(call.resource, call.name)
    return stored


def _replace(call: Call, stored: Stored, content: Json, *, owned: bool = False) -> Json:
    """Put `content` in the place of `stored`; `owned` says that its managedFields are made already."""
    old = stored.meta
    changes.system_fields(call.resource, stored, content)
    content = changes.part(call.resource, stored, content, call.subresource)
    defaults.fill(call.resource, content)
    if not call.subresource:
        changes.check_immutable(call.resource, stored, content)
    if not owned:
        ownership.after_update(stored.content, content, call.schema, call.manager, call.subresource)
    content["metadata"]["resourceVersion"] = old["resourceVersion"]
    if content == stored.content:  # the server writes nothing then, and the version stays
        return stored.content
    if "generation" in old and _judged(content) != _judged(stored.content):
        content["metadata"]["generation"] = old["generation"] + 1
    return _kept(call, content)


def _judged(content: Json) -> Json:
    return {key: value for key, value in content.items() if key not in {"metadata", "status", "apiVersion"}}


def _kept(call: Call, content: Json) -> Json:
    if call.dry:
        meta = content["metadata"]
        meta.setdefault("uid", "00000000-0000-4000-8000-000000000000")
        return content
    return call.cluster.persist(call.resource, content)
