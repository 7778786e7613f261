"""What AWS refuses, or why it cannot be asked: in words, with what somebody has to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cluster.errors import ClusterError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError


class AwsTrouble(ClusterError):  # noqa: N818  (reads as what it is)
    """One question that AWS does not answer; others may do better."""

    kind = "aws"


class NoAnswer(AwsTrouble):
    """AWS cannot be asked anything: no credentials that it takes, or no way to it."""


class Denied(AwsTrouble):
    """These credentials may not ask this."""


_LOG_IN = (
    "Log in again, as `aws sso login` or however you get credentials for this account; "
    "`aws sts get-caller-identity` says who you are."
)
# The codes that services use for the same thing; each has its own (botocore's service models, and the
# "Common errors" page of each API reference).
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
_UNKNOWN = {
    *("InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure"),
    *(
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "IncompleteSignature",
        "MissingAuthenticationToken",
    ),
}
_DENIED = {
    *("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"),
    *("UnauthorizedException", "NotAuthorized"),
}
_TOO_MANY = {
    *("Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException"),
    *("RequestLimitExceeded", "RequestThrottled", "SlowDown"),
}


def refused(error: ClientError, what: str) -> AwsTrouble:
    """Return what an answer of AWS means; `what` goes after "may not" and the like."""
    code, said = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
    if code in _EXPIRED:
        return NoAnswer("The AWS credentials have expired", _LOG_IN)
    if code in _UNKNOWN:
        return NoAnswer(f"AWS does not take these credentials: {said or code}", _LOG_IN)
    if code in _DENIED:
        fix = (
            f"AWS says: {said or code}\nUse a role that may read this account, or have this one permitted to."
        )
        return Denied(f"These AWS credentials may not {what}", fix)
    if code in _TOO_MANY:
        return AwsTrouble(
            f"AWS has had too many requests of this account to {what}", "Wait a minute and run this again."
        )
    return AwsTrouble(
        f"AWS does not {what}: {said or code} ({code})", "Run this again; if it stays so, report it."
    )


def unanswered(error: Exception) -> NoAnswer:
    """Return what it means that there is no answer at all: botocore's other exceptions."""
    name = type(error).__name__
    if name in {"NoCredentialsError", "PartialCredentialsError"}:
        return NoAnswer("There are no AWS credentials", _LOG_IN)
    if name == "ProfileNotFound":
        return NoAnswer(
            f"{error}", "Set AWS_PROFILE to one of `aws configure list-profiles`, or take it away."
        )
    if "Token" in name or "SSO" in name or "Login" in name:
        return NoAnswer("The AWS login has expired, or there was none", _LOG_IN)
    if "Credential" in name or name == "InvalidConfigError":
        return NoAnswer(f"No AWS credentials can be had: {error}", _LOG_IN)
    fix = "Look at your network, VPN and HTTPS_PROXY. Run this again: it goes on from here."
    return NoAnswer(f"AWS does not answer: {error}", fix)
