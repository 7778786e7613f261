"""The answer to an event: who calls, or why not. Whatever happens, it is an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authorizer import requests, verification
from authorizer.refusal import Reason, RefusedError
from common import logs

if TYPE_CHECKING:
    from authorizer.settings import Settings
    from authorizer.verification import Caller


def answer(event: Any, settings: Settings, now: float) -> dict[str, Any]:
    """Return the simple response to an event, and log one line about it."""
    caller, reason, origin = _decide(event, settings, now)
    logs.write(
        function="authorizer",
        decision="allow" if caller else "deny",
        reason=reason.value if reason else "-",
        request=logs.request_id(event),
        **origin,
    )
    if caller is None:
        return {"isAuthorized": False, "context": {}}
    context = {"customer": caller.customer, "acr": caller.assurance.value, "jti": caller.jti}
    return {"isAuthorized": True, "context": context}


def decide(event: Any, settings: Settings, now: float) -> tuple[Caller | None, Reason | None]:
    """Return who calls, or why the request is denied."""
    return _decide(event, settings, now)[:2]


def _decide(
    event: Any, settings: Settings, now: float
) -> tuple[Caller | None, Reason | None, dict[str, str]]:
    """Do as `decide`, and return where an exception came from that nobody expected."""
    try:
        request = requests.read(event, settings.routes)
        caller = verification.verify(request.token, settings.trust, now)
    except RefusedError as refused:
        return None, refused.reason, {}
    except Exception as error:  # noqa: BLE001 - a mistake of ours must not open a door
        return None, Reason.UNEXPECTED, logs.origin(error)
    if not caller.assurance.satisfies(request.required):
        return None, Reason.ASSURANCE, {}
    return caller, None, {}
