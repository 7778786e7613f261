"""Events of an HTTP API in payload format 2.0, as its documentation shows them."""

from __future__ import annotations

import json
from typing import Any

ADDRESS = "203.0.113.7"


def _context(route: str, method: str, path: str) -> dict[str, Any]:
    return {
        "accountId": "111111111111",
        "apiId": "a1b2c3d4e5",
        "domainName": "api.dev.techchallenge.example",
        "domainPrefix": "api",
        "http": {
            "method": method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": ADDRESS,
            "userAgent": "curl/8.5.0",
        },
        "requestId": "JKJaXmPLvHcESHA=",
        "routeKey": route,
        "stage": "$default",
        "time": "12/Nov/2026:19:03:58 +0000",
        "timeEpoch": 1794596638000,
    }


def authorization(
    token: str | None,
    *,
    route: str = "ANY /orders/{proxy+}",
    method: str = "GET",
    path: str = "/orders/42",
) -> dict[str, Any]:
    """Return what the authorizer is asked about a request."""
    headers = {"accept": "*/*", "content-length": "0", "host": "api.dev.techchallenge.example"}
    return {
        "version": "2.0",
        "type": "REQUEST",
        "routeArn": "arn:aws:execute-api:us-east-1:111111111111:a1b2c3d4e5/$default/GET/orders/{proxy+}",
        "identitySource": None if token is None else [f"Bearer {token}"],
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers if token is None else {**headers, "authorization": f"Bearer {token}"},
        "requestContext": _context(route, method, path),
        "pathParameters": {"proxy": "42"},
        "stageVariables": {},
    }


def request(route: str, body: Any = None, *, address: str = ADDRESS) -> dict[str, Any]:
    """Return what the token function is asked; `body` is JSON unless it is text."""
    method, path = route.split(" ")
    context = _context(route, method, path)
    context["http"]["sourceIp"] = address
    event = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "host": "api.dev.techchallenge.example"},
        "requestContext": context,
        "isBase64Encoded": False,
    }
    return event if body is None else {**event, "body": body if isinstance(body, str) else json.dumps(body)}
