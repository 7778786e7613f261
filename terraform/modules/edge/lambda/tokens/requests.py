"""What the function reads of an event: the route, the client, and a body with nothing left over."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from common import strict_json
from tokens import codes, cpf
from tokens.service import Client

LONGEST = 256  # bytes of a body
CONTENT_TYPE = re.compile(r'application/json(\s*;\s*charset="?utf-8"?)?', re.IGNORECASE)


class Route(StrEnum):
    """The route keys of the gateway that lead here."""

    TOKEN = "POST /auth/token"  # noqa: S105 - a route
    CODE = "POST /auth/code"
    KEYS = "GET /.well-known/jwks.json"
    DISCOVERY = "GET /.well-known/openid-configuration"


class Mistake(StrEnum):
    """What is wrong with a request: the `error` of the answer, and the reason in the log."""

    NOT_FOUND = "not_found"
    INVALID_REQUEST = "invalid_request"
    INVALID_CPF = "invalid_cpf"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"


class MistakeError(Exception):
    """The request is not one that can be answered. Quotes nothing of it."""

    def __init__(self, mistake: Mistake) -> None:
        """Remember which."""
        super().__init__(mistake.value)
        self.mistake = mistake


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What a body says: a CPF, and perhaps a code."""

    client: Client
    code: str | None = field(repr=False)


def route(event: Any) -> Route:
    """Return the route of an event in payload format 2.0.

    Raises:
        MistakeError: it is none of ours.
    """
    key = event.get("routeKey") if isinstance(event, dict) and event.get("version") == "2.0" else None
    if not isinstance(key, str) or key not in set(Route):
        raise MistakeError(Mistake.NOT_FOUND)
    return Route(key)


def stated(event: dict[str, Any], *, code_allowed: bool) -> Stated:
    """Return what the body of an event says.

    Raises:
        MistakeError: the body, its type, the CPF or the code is not as it must be.
    """
    if event.get("rawQueryString"):  # would stand in access logs; say so before anybody gets used to it
        raise MistakeError(Mistake.INVALID_REQUEST)
    address = _address(event)
    body = _body(event)
    allowed = {"cpf", "code"} if code_allowed else {"cpf"}
    try:
        members = strict_json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MistakeError(Mistake.INVALID_REQUEST) from error
    if not isinstance(members, dict) or not {"cpf"} <= members.keys() <= allowed:
        raise MistakeError(Mistake.INVALID_REQUEST)
    if not all(isinstance(value, str) for value in members.values()):
        raise MistakeError(Mistake.INVALID_REQUEST)
    found = cpf.parse(members["cpf"])
    if found is None:
        raise MistakeError(Mistake.INVALID_CPF)
    code = members.get("code")
    if code is not None and not codes.SPELLING.fullmatch(code):
        raise MistakeError(Mistake.INVALID_REQUEST)
    return Stated(client=Client(cpf=found, address=address), code=code)


def _address(event: dict[str, Any]) -> str:
    """Return the client's address as the gateway saw it; a header could say anything."""
    context = event.get("requestContext")
    http = context.get("http") if isinstance(context, dict) else None
    address = http.get("sourceIp") if isinstance(http, dict) else None
    try:
        return str(ipaddress.ip_address(address if isinstance(address, str) else ""))
    except ValueError as error:
        raise MistakeError(Mistake.INVALID_REQUEST) from error


def _body(event: dict[str, Any]) -> bytes:
    headers = event.get("headers")
    given = headers.items() if isinstance(headers, dict) else ()
    types = [value for name, value in given if str(name).lower() == "content-type"]
    if len(types) != 1 or not isinstance(types[0], str) or not CONTENT_TYPE.fullmatch(types[0]):
        raise MistakeError(Mistake.UNSUPPORTED_MEDIA_TYPE)
    body, encoded = event.get("body"), event.get("isBase64Encoded", False)
    if not isinstance(body, str) or not isinstance(encoded, bool):
        raise MistakeError(Mistake.INVALID_REQUEST)
    if len(body) > 2 * LONGEST:  # before anything is done with it
        raise MistakeError(Mistake.TOO_LARGE)
    try:
        data = base64.b64decode(body, validate=True) if encoded else body.encode()
    except (binascii.Error, UnicodeEncodeError, ValueError) as error:
        raise MistakeError(Mistake.INVALID_REQUEST) from error
    if len(data) > LONGEST:
        raise MistakeError(Mistake.TOO_LARGE)
    return data
