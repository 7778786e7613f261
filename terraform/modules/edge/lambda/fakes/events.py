"""Events of an HTTP API in payload format 2.0, as its documentation shows them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ADDRESS = "203.0.113.7"
HOST = "api.dev.techchallenge.example"
ACCOUNT, REGION = "111111111111", "us-east-1"


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request that took a route of an API. `path` is decoded; names of headers are in lower case."""

    route: str
    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    address: str = ADDRESS
    api: str = "a1b2c3d4e5"
    host: str = HOST
    request_id: str = "JKJaXmPLvHcESHA="
    time: datetime = datetime(2026, 11, 12, 19, 3, 58, tzinfo=UTC)

    @property
    def context(self) -> dict[str, Any]:
        """What is about the request and not of it."""
        return {
            "accountId": ACCOUNT,
            "apiId": self.api,
            "domainName": self.host,
            "domainPrefix": self.host.partition(".")[0],
            "http": {
                "method": self.method,
                "path": self.path,
                "protocol": "HTTP/1.1",
                "sourceIp": self.address,
                "userAgent": self.headers.get("user-agent", "curl/8.5.0"),
            },
            "requestId": self.request_id,
            "routeKey": self.route,
            "stage": "$default",
            "time": f"{self.time:%d/%b/%Y:%H:%M:%S} +0000",
            "timeEpoch": int(self.time.timestamp()) * 1000,
        }

    def to_authorizer(self) -> dict[str, Any]:
        """Return what an authorizer is asked, whose one identity source is the Authorization header."""
        credentials = self.headers.get("authorization")
        arn = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{self.api}"
        return {
            "version": "2.0",
            "type": "REQUEST",
            "routeArn": f"{arn}/$default/{self.method}{self.route.partition(' ')[2]}",
            "identitySource": None if credentials is None else [credentials],
            "routeKey": self.route,
            "rawPath": self.path,
            "rawQueryString": self.query,
            "headers": dict(self.headers),
            "requestContext": self.context,
            "pathParameters": dict(self.parameters),
            "stageVariables": {},
        }

    def to_function(self, body: str | None, *, encoded: bool = False) -> dict[str, Any]:
        """Return what a function behind a route is asked; `encoded` says that the body is base64."""
        event = {
            "version": "2.0",
            "routeKey": self.route,
            "rawPath": self.path,
            "rawQueryString": self.query,
            "headers": dict(self.headers),
            "requestContext": self.context,
            "isBase64Encoded": encoded,
        }
        return event if body is None else {**event, "body": body}


def authorization(
    token: str | None,
    *,
    route: str = "ANY /orders/{proxy+}",
    method: str = "GET",
    path: str = "/orders/42",
) -> dict[str, Any]:
    """Return what the authorizer is asked about a request."""
    headers = {"accept": "*/*", "content-length": "0", "host": HOST}
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    received = Received(route=route, method=method, path=path, headers=headers, parameters={"proxy": "42"})
    return received.to_authorizer()


def request(route: str, body: Any = None, *, address: str = ADDRESS) -> dict[str, Any]:
    """Return what the token function is asked; `body` is JSON unless it is text."""
    method, path = route.split(" ")
    headers = {"content-type": "application/json", "host": HOST}
    received = Received(route=route, method=method, path=path, headers=headers, address=address)
    return received.to_function(body if body is None or isinstance(body, str) else json.dumps(body))
