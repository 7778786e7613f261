"""What to do when an upload fails: one line for each way in which it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from upload_target import Target

# S3's answers to a conditional write (API reference, PutObject, If-None-Match): something is there, or it is
# being written at this moment, and S3 wants to be asked again.
TAKEN, CONFLICT = "PreconditionFailed", "ConditionalRequestConflict"

EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
UNKNOWN = {"InvalidAccessKeyId", "InvalidClientTokenId", "InvalidToken", "SignatureDoesNotMatch"}
REFUSED = {"AccessDenied", "403"}  # an answer without a body, as to HEAD, has its status for a code
LOG_IN = "log in to account {account} (aws sso login, or AWS_PROFILE=...) and try again"


def stranger(account: str, target: Target) -> str:
    """The credentials are of another account."""
    return (
        f"these are credentials of account {account}, and {target.environment} is in account "
        f"{target.account}: {LOG_IN.format(account=target.account)}"
    )


def impostor(uri: str, sha256: str, target: Target) -> str:
    """Under a package's name lies something else, of this hash in base64 or of one that S3 does not know."""
    known = f"bytes whose SHA-256 in base64 is {sha256}" if sha256 else "something without a SHA-256"
    return (
        f"{uri} is not the package of that name: it holds {known}. It was left as it is, and no plan accepts "
        "it. Somebody wrote it past this program: find out who, let an administrator of account "
        f"{target.account} delete it, and try again"
    )


def refusal(error: dict[str, str], target: Target) -> str:
    """AWS answered with an error: its `Code` and, mostly, its `Message`."""
    code = error["Code"]
    log_in = LOG_IN.format(account=target.account)
    if code in EXPIRED:
        return f"the AWS credentials have expired: {log_in}"
    if code in UNKNOWN:
        return f"AWS does not know the credentials ({code}): {log_in}"
    if code == "NoSuchBucket":
        name = target.environment
        return (
            f"there is no bucket {target.bucket} yet: apply the stack packages of {name} first, in HCP "
            f"Terraform or with make apply ENV={name} STACK=packages (docs/packages.md)"
        )
    if code in REFUSED:
        return (
            f"access to s3://{target.bucket} was denied: upload as {target.role_arn}, or as a role that may "
            f"do s3:PutObject and s3:GetObject there. If yours may, the bucket of this name is of another "
            f"account than {target.account}. AWS says: {error.get('Message', code)}"
        )
    if code == CONFLICT:
        return f"somebody else is uploading the same package to s3://{target.bucket}: try again in a minute"
    return f"AWS refused ({code}): {error.get('Message', 'without saying why')}"


def failure(error: Exception, target: Target) -> str:
    """AWS was not asked, or did not answer."""
    from botocore import exceptions  # noqa: PLC0415 - as in upload.py

    log_in = LOG_IN.format(account=target.account)
    if isinstance(error, exceptions.NoCredentialsError):
        return f"there are no AWS credentials: {log_in}"
    unobtainable = (
        exceptions.CredentialRetrievalError,
        exceptions.LoginError,
        exceptions.SSOError,
        exceptions.TokenRetrievalError,
    )
    if isinstance(error, unobtainable):
        return f"the AWS credentials cannot be had or have expired ({error}): {log_in}"
    if isinstance(error, exceptions.ProfileNotFound | exceptions.PartialCredentialsError):
        return f"the AWS settings are incomplete ({error}): {log_in}"
    return f"AWS cannot be asked: {error}"
