"""The functions' packages: in a bucket before anything is planned, each under its own hash.

Real ones need an index to be built from. Where functions are made, small ones stand in, and the variables pin
those, for what S3 says of a package, what Lambda says of its code and what is pinned must be the same hash.
Where nothing but a plan is made, the real hashes stay: moto takes our word for an object's hash, unlike S3.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.terraform.emulator.process import Emulator

    Values = Mapping[str, Any]

FUNCTIONS = ("authorizer", "token")


def package(content: str) -> bytes:
    """Return a small zip, always the same one for the same content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("handler.py"), content)
    return buffer.getvalue()


def sha256(data: bytes) -> str:
    """Return the hash as S3 and Lambda have it."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def make_bucket(emulator: Emulator, region: str, name: str) -> None:
    """Make a bucket that keeps versions, as the stack `packages` does."""
    s3 = emulator.client("s3", region)
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **place)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def upload(emulator: Emulator, region: str, bucket: str, key: str, data: bytes) -> str:
    """Put a package there as the module's README says, and return its hash."""
    s3 = emulator.client("s3", region)
    s3.put_object(Bucket=bucket, Key=key, Body=data, ChecksumAlgorithm="SHA256")
    return sha256(data)


def pin(values: Values) -> Values:
    """Return the variables of the platform with small packages pinned instead of the real ones."""
    gateway = values["gateway"]
    if gateway is None:
        return values
    small = {function: package(function) for function in FUNCTIONS}
    pinned = {
        function: {"key": _key(function, data), "sha256": sha256(data)} for function, data in small.items()
    }
    return {**values, "gateway": {**gateway, "packages": {**gateway["packages"], **pinned}}}


def seed(emulator: Emulator, values: Values) -> None:
    """Make the bucket with the packages that `pin` pins."""
    gateway, region = values["gateway"], values["region"]
    if gateway is None:
        return
    bucket = gateway["packages"]["bucket"]
    make_bucket(emulator, region, bucket)
    for function in FUNCTIONS:
        data = package(function)
        upload(emulator, region, bucket, _key(function, data), data)


def pretend(emulator: Emulator, values: Values) -> None:
    """Make the bucket as if the pinned packages were in it: enough for a plan."""
    gateway, region = values["gateway"], values["region"]
    if gateway is None:
        return
    pinned = gateway["packages"]
    make_bucket(emulator, region, pinned["bucket"])
    for function in FUNCTIONS:
        emulator.client("s3", region).put_object(
            Bucket=pinned["bucket"],
            Key=pinned[function]["key"],
            Body=package(function),
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=pinned[function]["sha256"],
        )


def _key(function: str, data: bytes) -> str:
    return f"{function}/{hashlib.sha256(data).hexdigest()}.zip"
