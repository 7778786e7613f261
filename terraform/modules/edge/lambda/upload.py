"""Upload the packages of the two functions to an environment's bucket, and print what to pin.

    python terraform/modules/edge/lambda/upload.py --environment NAME [--packages DIR]
    python terraform/modules/edge/lambda/upload.py --list

A package's key is its hash, and S3 is asked to write it only where nothing is, so an upload can be repeated
and changes nothing that an environment runs. Bucket, account and region are those that `make render` wrote.
Ends with 0, with 1 when something was not uploaded, and with 2 when there is nothing to upload to.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import sys
import time
from typing import TYPE_CHECKING, Any

import build
import upload_problems
from upload_target import UsageError, target, targets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from build import Package
    from upload_target import Target

ROOT = build.HERE.parents[3]
PACKAGES = build.OUTPUT / "aws"
OK, FAILED, USAGE = 0, 1, 2

# How often S3 is asked again while the same key is being written, and how many seconds apart.
ATTEMPTS, PAUSE = 5, 2.0


class UploadError(Exception):
    """Something is not uploaded; says why and what to do."""


def packages(folder: pathlib.Path) -> list[Package]:
    """Read the packages that build.py made for AWS.

    Raises:
        UploadError: they are not there.
    """
    found = []
    for function in build.FUNCTIONS:
        file = folder / f"{function}.zip"
        try:
            found.append(build.Package(function=function, target="aws", data=file.read_bytes()))
        except OSError as error:
            raise UploadError(
                f"cannot read the package {file} ({error.strerror}): run make lambdas, which builds it"
            ) from None
    return found


def upload(to: Target, built: Sequence[Package]) -> Iterator[str]:
    """Upload packages; yield a line for each.

    Raises:
        UploadError: S3 did not take one, or has something else under its name.
    """
    # Here, for GitHub lists the environments with a Python that has nothing installed.
    import botocore.session  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    config = Config(region_name=to.region, retries={"mode": "standard", "total_max_attempts": 4})
    try:
        session = botocore.session.get_session()
        sts, s3 = (session.create_client(service, config=config) for service in ("sts", "s3"))
        account = sts.get_caller_identity()["Account"]
        if account != to.account:
            raise UploadError(upload_problems.stranger(account, to))
        for package in built:
            there = _put(s3, to, package)
            uri = f"s3://{to.bucket}/{package.summary['key']}"
            if there is None:
                yield f"uploaded {uri}"
            elif there == package.summary["sha256_base64"]:
                yield f"is there already: {uri}"
            else:
                raise UploadError(upload_problems.impostor(uri, there, to))
    except ClientError as error:
        raise UploadError(upload_problems.refusal(error.response["Error"], to)) from None
    except BotoCoreError as error:
        raise UploadError(upload_problems.failure(error, to)) from None


def _put(s3: Any, to: Target, package: Package) -> str | None:
    """Write a package where nothing is.

    Returns:
        Nothing, or of what is there already the SHA-256 in base64, which is empty when S3 does not know it.
    """
    place = {"Bucket": to.bucket, "Key": package.summary["key"], "ExpectedBucketOwner": to.account}
    for attempt in range(1, ATTEMPTS + 1):
        try:
            # In one part, with the hash: the plan of the stack `platform` compares what S3 knows of it.
            s3.put_object(
                **place,
                Body=package.data,
                IfNoneMatch="*",
                ChecksumAlgorithm="SHA256",
                ChecksumSHA256=package.summary["sha256_base64"],
                ContentType="application/zip",
            )
        except s3.exceptions.ClientError as error:
            code = error.response["Error"]["Code"]
            if code == upload_problems.TAKEN:
                break
            if code != upload_problems.CONFLICT or attempt == ATTEMPTS:
                raise
            time.sleep(PAUSE)
        else:
            return None
    known: str = s3.head_object(**place, ChecksumMode="ENABLED").get("ChecksumSHA256", "")
    return known


def _run(options: argparse.Namespace, root: pathlib.Path) -> Iterator[str]:
    """Do what is asked for, and yield what to print."""
    if options.list:
        yield json.dumps(
            [
                {"environment": one.environment, "role": one.role_arn, "region": one.region}
                for one in targets(root)
            ]
        )
        return
    to = target(root, options.environment)
    built = packages(options.packages)
    yield from upload(to, built)
    yield f"to pin them, in environments/{to.environment}.yaml:"
    yield from ("versions:", "  functions:")
    yield from (f"    {package.function}: {package.sha256}" for package in built)


def main(arguments: Sequence[str] | None = None, root: pathlib.Path = ROOT) -> int:
    """Upload, print, and return the exit code; `root` is a checkout."""
    parser = argparse.ArgumentParser(description="Upload the packages of the Lambda functions.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--environment", metavar="NAME", help="whose bucket")
    what.add_argument(
        "--list", action="store_true", help="print the environments as JSON: name, role, region"
    )
    parser.add_argument(
        "--packages", type=pathlib.Path, metavar="DIR", default=PACKAGES, help="default: .tools/lambda/aws"
    )
    try:
        for line in _run(parser.parse_args(arguments), root):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()  # a log shows what is there when the next one fails
    except (UsageError, UploadError) as error:
        sys.stderr.write(f"error: {' '.join(str(error).split())}\n")
        return USAGE if isinstance(error, UsageError) else FAILED
    return OK


if __name__ == "__main__":
    sys.exit(main())
