"""From an event to its answer, with one line in the log. Whatever happens, it is an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common import logs
from tokens import discovery, requests, responses
from tokens.ports import UnavailableError
from tokens.requests import MistakeError, Route
from tokens.service import Accepted, Issued, Limited, WrongCode

if TYPE_CHECKING:
    from tokens.responses import Response
    from tokens.service import Service


def answer(event: Any, service: Service, now: float) -> Response:
    """Return the response to an event; `now` in seconds since 1970."""
    origin = {}
    try:
        route = requests.route(event)
        response, reason = _flow(route, event, service, int(now))
    except MistakeError as error:
        response, reason = responses.mistake(error.mistake), error.mistake.value
    except UnavailableError as error:
        response, reason = responses.unavailable(), f"unavailable_{error.dependency.value}"
    except Exception as error:  # noqa: BLE001 - its text might quote the request, so it is not kept
        response, reason = responses.unavailable(), f"unexpected_{type(error).__name__}"
        origin = logs.origin(error)
    request = logs.request_id(event)
    logs.write(function="token", status=response["statusCode"], reason=reason, request=request, **origin)
    return response


def _flow(route: Route, event: dict[str, Any], service: Service, now: int) -> tuple[Response, str]:
    """Return the response, and the reason for the log."""
    if route is Route.KEYS:
        return responses.document(service.mint.keys.document()), "keys"
    if route is Route.DISCOVERY:
        return responses.document(discovery.document(service.mint.issuer)), "discovery"
    stated = requests.stated(event, code_allowed=route is Route.TOKEN)
    result: Accepted | Issued | Limited | WrongCode
    if route is Route.CODE:
        result = service.send_code(stated.client, now)
    elif stated.code is None:
        result = service.identify(stated.client, now)
    else:
        result = service.verify(stated.client, stated.code, now)
    match result:
        case Issued():
            return responses.issued(result), result.assurance.value
        case Accepted():
            return responses.accepted(), "accepted" if result.sent else "accepted_not_sent"
        case Limited():
            return responses.limited(result), f"limited_{result.limit}"
        case WrongCode():
            return responses.wrong_code(), "invalid_code"
