"""Answers in payload format 2.0. Those to known and unknown customers differ in nothing."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from common.claims import LIFETIME
from tokens import codes
from tokens.requests import Mistake

if TYPE_CHECKING:
    from tokens.service import Issued, Limited

    Response = dict[str, Any]

# Verifiers may keep the keys so long. So a key is published that long before it signs, better a day, and
# stays 15 minutes after, as long as its last token lives (docs/authentication.md, "Another signing key").
KEYS_KEPT = 300  # seconds
RETRY = 5  # seconds after which somebody who found us down may try again

STATUS = {
    Mistake.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Mistake.INVALID_REQUEST: HTTPStatus.BAD_REQUEST,
    Mistake.INVALID_CPF: HTTPStatus.BAD_REQUEST,
    Mistake.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Mistake.UNSUPPORTED_MEDIA_TYPE: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}


def issued(result: Issued) -> Response:
    """Hand a token over."""
    body = {
        "access_token": result.token,
        "token_type": "Bearer",
        "expires_in": LIFETIME,
        "acr": result.assurance.value,
    }
    return _response(HTTPStatus.OK, body)


def accepted() -> Response:
    """Say that a code is on its way, if there is anybody to send it to."""
    return _response(HTTPStatus.ACCEPTED, {"expires_in": codes.LIFETIME})


def limited(result: Limited) -> Response:
    """Say when to try again."""
    return _response(HTTPStatus.TOO_MANY_REQUESTS, {"error": "too_many_attempts"}, retry=result.seconds)


def wrong_code() -> Response:
    """Say that the code does not hold, and not why."""
    return _response(HTTPStatus.UNAUTHORIZED, {"error": "invalid_code"})


def mistake(which: Mistake) -> Response:
    """Say what is wrong with the request."""
    return _response(STATUS[which], {"error": which.value})


def unavailable() -> Response:
    """Say that something is down, and not what."""
    return _response(HTTPStatus.SERVICE_UNAVAILABLE, {"error": "temporarily_unavailable"}, retry=RETRY)


def document(content: dict[str, Any]) -> Response:
    """Publish something that anybody may keep for a while."""
    return _response(HTTPStatus.OK, content, cache=f"public, max-age={KEYS_KEPT}")


def _response(
    status: HTTPStatus, body: dict[str, Any], *, cache: str = "no-store", retry: int | None = None
) -> Response:
    headers = {
        "content-type": "application/json",
        "cache-control": cache,
        "x-content-type-options": "nosniff",
    }
    if retry is not None:
        headers["retry-after"] = str(retry)
    text = json.dumps(body, separators=(",", ":"))
    return {"statusCode": status.value, "headers": headers, "body": text, "isBase64Encoded": False}
