"""The errors of an API server, worded as k8s.io/apimachinery/pkg/api/errors/errors.go and
k8s.io/apiserver do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.cluster.emulator.resources import Resource

Json = dict[str, Any]

LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start "
    "and end "
    "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and "
    "must start "
    "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    r"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"
TOO_OLD_LIST = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new "
    "list "
    "without the continue parameter, or use the continue token in this response to retrieve the remainder "
    "of the "
    "results. Continuing with the provided token results in an inconsistent list - objects that were "
    "created, "
    "modified, or deleted between the time the first chunk was returned and now may show up in the list."
)

# status code -> reason and message of an error that comes from no particular place
REASONS = {
    400: ("BadRequest", "the server rejected our request for an unknown reason"),
    401: ("Unauthorized", "Unauthorized"),
    403: ("Forbidden", "forbidden"),
    404: ("NotFound", "the server could not find the requested resource"),
    405: ("MethodNotAllowed", "the server does not allow this method on the requested resource"),
    409: ("Conflict", "the server reported a conflict"),
    410: ("Expired", "The resourceVersion for the provided list is too old."),
    415: ("UnsupportedMediaType", "the body of the request was in an unknown format"),
    422: ("Invalid", "the server rejected our request due to an error in our request"),
    429: ("TooManyRequests", "Too many requests, please try again later."),
    500: ("InternalError", "Internal error occurred: etcdserver: request timed out"),
    503: ("ServiceUnavailable", "apiserver is shutting down"),
    504: ("Timeout", "Timeout: request did not complete within the allotted timeout"),
}


class StatusError(Exception):
    """An answer that is a `Status` object."""

    def __init__(self, code: int, reason: str, message: str, *, details: Json | None = None) -> None:
        super().__init__(message)
        self.code, self.reason, self.message, self.details = code, reason, message, details
        self.metadata: Json = {}
        self.headers: dict[str, str] = {}

    def body(self) -> Json:
        """The Status, without the keys that Go's `omitempty` leaves out."""
        status: Json = {"kind": "Status", "apiVersion": "v1", "metadata": self.metadata, "status": "Failure"}
        status |= {"message": self.message, "reason": self.reason}
        if self.details:
            status["details"] = {
                key: value for key, value in self.details.items() if value not in ("", [], 0)
            }
        return status | {"code": self.code}


def _details(resource: Resource, name: str) -> Json:
    return {"name": name, "group": resource.group, "kind": resource.plural}


def not_found(resource: Resource, name: str) -> StatusError:
    message = f'{resource.qualified} "{name}" not found'
    return StatusError(404, "NotFound", message, details=_details(resource, name))


def no_such_path() -> StatusError:
    """Of a path that nothing serves, also a kind whose definition is not there."""
    return StatusError(404, "NotFound", REASONS[404][1], details={})


def already_exists(resource: Resource, name: str) -> StatusError:
    message = f'{resource.qualified} "{name}" already exists'
    return StatusError(409, "AlreadyExists", message, details=_details(resource, name))


def conflict(resource: Resource, name: str, why: str = MODIFIED) -> StatusError:
    message = f'Operation cannot be fulfilled on {resource.qualified} "{name}": {why}'
    return StatusError(409, "Conflict", message, details=_details(resource, name))


def forbidden(resource: Resource, name: str, why: str) -> StatusError:
    quoted = f' "{name}"' if name else ""
    message = f"{resource.qualified}{quoted} is forbidden: {why}"
    return StatusError(403, "Forbidden", message, details=_details(resource, name))


def not_allowed(user: str, verb: str, resource: Resource, namespace: str, name: str, sub: str) -> StatusError:
    """What RBAC answers (endpoints/handlers/responsewriters/errors.go)."""
    where = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
    what = f"{resource.plural}/{sub}" if sub else resource.plural
    why = f'User "{user}" cannot {verb} resource "{what}" in API group "{resource.group}" {where}'
    return forbidden(resource, name, why)


def unauthorized() -> StatusError:
    return StatusError(401, "Unauthorized", "Unauthorized")


def bad_request(message: str) -> StatusError:
    return StatusError(400, "BadRequest", message)


def expired(message: str) -> StatusError:
    return StatusError(410, "Expired", message)


def method_not_allowed() -> StatusError:
    return StatusError(405, "MethodNotAllowed", REASONS[405][1], details={})


def unsupported(accepted: list[str]) -> StatusError:
    listed = ", ".join(accepted)
    message = f"the body of the request was in an unknown format - accepted media types include: {listed}"
    return StatusError(415, "UnsupportedMediaType", message)


def cause(kind: str, field: str, body: str) -> Json:
    return {"reason": kind, "message": body, "field": field}


def invalid_value(field: str, value: Any, why: str) -> Json:
    """`Invalid value: ...` as field.Invalid words it."""
    shown = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return cause("FieldValueInvalid", field, f"Invalid value: {shown}: {why}")


def required(field: str, why: str = "") -> Json:
    return cause("FieldValueRequired", field, "Required value" + (f": {why}" if why else ""))


def invalid(resource: Resource, name: str, causes: list[Json]) -> StatusError:
    """422 with its causes; several are a list in brackets, as an aggregate of errors prints."""
    parts = [f"{c['field']}: {c['message']}" for c in causes]
    text = parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"
    details = {"name": name, "group": resource.group, "kind": resource.kind, "causes": causes}
    return StatusError(
        422, "Invalid", f'{resource.qualified_kind} "{name}" is invalid: {text}', details=details
    )


def apply_conflict(conflicts: list[tuple[str, str]]) -> StatusError:
    """Server-side apply against other managers: (manager as printed, path), sorted by manager."""
    causes = [cause("FieldManagerConflict", path, f"conflict with {manager}") for manager, path in conflicts]
    if len(conflicts) == 1:
        manager, path = conflicts[0]
        message = f"Apply failed with 1 conflict: conflict with {manager}: {path}"
    else:
        lines = []
        for manager in sorted({manager for manager, _ in conflicts}):
            lines.append(f"conflicts with {manager}:")
            lines += [f"- {path}" for m, path in conflicts if m == manager]
        message = f"Apply failed with {len(conflicts)} conflicts: " + "\n".join(lines)
    return StatusError(409, "Conflict", message, details={"causes": causes})


def of_code(code: int, message: str | None = None, *, retry_after: int | None = None) -> StatusError:
    """An error that a test orders."""
    reason, usual = REASONS.get(code, ("Unknown", f"the server answers {code}"))
    details = {"retryAfterSeconds": retry_after} if retry_after is not None else None
    error = StatusError(code, reason, message or usual, details=details)
    if retry_after is not None:
        error.headers["Retry-After"] = str(retry_after)
    return error
