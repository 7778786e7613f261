"""Why a request is denied: what the log says. The client learns nothing but 403."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """A code for each way to be denied."""

    EVENT = "event"  # not a request of an HTTP API in payload format 2.0
    ROUTE = "route"  # no route of the settings
    PATH = "path"  # not the one spelling of a path, or not one of this route
    CREDENTIALS = "credentials"  # not exactly one Authorization header with a bearer token
    OVERSIZE = "oversize"
    MALFORMED = "malformed"  # not three parts of base64url with JSON in two of them
    HEADER = "header"  # has more, or less, than alg, kid and typ
    ALGORITHM = "algorithm"
    TYPE = "type"
    KEY = "key"  # signed by none of the keys
    SIGNATURE = "signature"
    CLAIMS = "claims"  # one is missing or of another type
    ISSUER = "issuer"
    AUDIENCE = "audience"
    SUBJECT = "subject"
    EXPIRED = "expired"
    EARLY = "early"  # not valid yet, or issued in the future
    LIFETIME = "lifetime"  # longer than any token of ours
    ASSURANCE = "assurance"  # valid, but `acr` is not enough for the route
    UNEXPECTED = "unexpected"


class RefusedError(Exception):
    """The request is denied."""

    def __init__(self, reason: Reason) -> None:
        """Remember why."""
        super().__init__(reason.value)
        self.reason = reason
