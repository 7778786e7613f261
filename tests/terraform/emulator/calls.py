"""Which API call an HTTP request is, as the service's own model in botocore says."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

import botocore.session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import OperationModel, ServiceModel

    Environ = Mapping[str, Any]
    Parameters = dict[str, Any]

ATTEMPT = re.compile(r"attempt=(\d+)")  # as every SDK says it, in a header of its own
CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/")
TARGET = "HTTP_X_AMZ_TARGET"  # JSON protocols: <service>.<action>

# Services that name a call by method and path: the name in a request's signature, and botocore's.
REST = {
    "apigateway": "apigatewayv2",
    "eks": "eks",
    "lambda": "lambda",
    "route53": "route53",
    "s3": "s3",
    "ses": "sesv2",
}


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request to AWS. `parameters` are the API's own names; a form's stay flat, as `Tags.member.1.Key`.

    `attempt` is above 1 where an SDK repeats itself. `status` is 0 as long as there is no answer.
    """

    key: str
    service: str
    region: str
    action: str
    parameters: Parameters
    attempt: int = 1
    status: int = 0

    def as_dict(self) -> dict[str, Any]:
        """As JSON can have it."""
        return asdict(self)


def identify(environ: Environ, body: bytes) -> Call | None:
    """Return the call, or None for what nobody signed."""
    credential = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if credential is None:
        return None
    service = credential["service"]
    action, parameters = _action(environ, service, body)
    attempt = ATTEMPT.search(environ.get("HTTP_AMZ_SDK_REQUEST", ""))
    return Call(
        key=credential["key"],
        service=service,
        region=credential["region"],
        action=action,
        parameters=parameters,
        attempt=int(attempt[1]) if attempt else 1,
    )


def _action(environ: Environ, service: str, body: bytes) -> tuple[str, Parameters]:
    if TARGET in environ:
        return environ[TARGET].rpartition(".")[2], _json(body)
    if service in REST:
        return _rest(environ, REST[service], body)
    form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    return form.pop("Action", f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"), form


def _json(body: bytes) -> Parameters:
    try:
        document = json.loads(body or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _rest(environ: Environ, service: str, body: bytes) -> tuple[str, Parameters]:
    method = environ["REQUEST_METHOD"]
    path = environ["RAW_URI"].partition("?")[0]  # as it came, for a parameter may hold an encoded slash
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    for pattern, candidate in _operations(service, method):
        found = pattern.fullmatch(path)
        if found and _fixed(candidate) <= query.keys():
            values = map(unquote, found.groups())
            places = _members(candidate, dict(zip(_names(candidate), values, strict=True)))
            return candidate.name, {**_json(body), **_from_query(candidate, query), **places}
    return f"{method} {path}", {}


def operation(service: str, action: str) -> OperationModel:
    """Return what botocore knows of a call."""
    return _model(service).operation_model(action)


@functools.cache
def _model(service: str) -> ServiceModel:
    return botocore.session.Session().get_service_model(service)


@functools.cache
def _operations(service: str, method: str) -> list[tuple[re.Pattern[str], OperationModel]]:
    """Return the operations of a method with patterns of their paths, the least general first."""
    operations = [operation(service, name) for name in _model(service).operation_names]
    found = [(_pattern(o), o) for o in operations if o.http["method"] == method]
    return sorted(found, key=lambda pair: (pair[0].groups, -len(_fixed(pair[1]))))


def _fixed(model: OperationModel) -> set[str]:
    """Return what a query must have, as S3 tells operations of one path apart: `/{Bucket}?versioning`."""
    return {*parse_qs(model.http["requestUri"].partition("?")[2], keep_blank_values=True)}


def _pattern(model: OperationModel) -> re.Pattern[str]:
    path = model.http["requestUri"].partition("?")[0].rstrip("/")
    parts = re.split(r"(\{[^}]+\})", path)
    greedy, plain = "(.+)", "([^/]+)"
    regex = [(greedy if p.endswith("+}") else plain) if p.startswith("{") else re.escape(p) for p in parts]
    return re.compile("".join(regex) + "/?")


def _names(model: OperationModel) -> list[str]:
    return re.findall(r"\{([^}+]+)\+?\}", model.http["requestUri"].partition("?")[0])


def _members(model: OperationModel, places: Parameters) -> Parameters:
    """Parameters of the path under the names that the API gives them."""
    members = model.input_shape.members if model.input_shape else {}
    named = {shape.serialization.get("name", member): member for member, shape in members.items()}
    return {named.get(place, place): value for place, value in places.items()}


def _from_query(model: OperationModel, query: Mapping[str, list[str]]) -> Parameters:
    members = model.input_shape.members if model.input_shape else {}
    found: Parameters = {}
    for member, shape in members.items():
        values = query.get(shape.serialization.get("name", member))
        if shape.serialization.get("location") == "querystring" and values:
            found[member] = values if shape.type_name == "list" else values[0]
    return found
