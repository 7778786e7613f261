"""Build the packages of the two functions: the same bytes from the same source, on any machine.

    python terraform/modules/edge/lambda/build.py [--output DIR] [--target aws|local] [--function NAME]

The wheels come from the function's lock, hashes checked. A zip has its files in order, with one date and
one mode, and uncompressed, for what a compressor makes depends on its version; Lambda unpacks a package
once, when it is uploaded. Nothing compiled is in it: bytecode belongs to one Python, and RECORD lists what
pip would install.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = pathlib.Path(__file__).parent
OUTPUT = HERE.parents[3] / ".tools" / "lambda"

DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can say
MODE = 0o100644 << 16  # a file that everybody may read, as Lambda wants it
UNIX = 3

# What a wheel brings and no function reads.
LEFT_OUT = re.compile(r".*\.dist-info/(RECORD|WHEEL)|.*\.(py[cio]|c|h)|.*/py\.typed")
# Most of botocore describes AWS services; a function keeps those that it calls.
SERVICES = {"dynamodb", "kms", "secretsmanager", "sesv2"}
DESCRIPTION = re.compile(r"(?:botocore|boto3)/data/([^/]+)/")


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function: its lock, and our packages in it."""

    name: str
    packages: tuple[str, ...]

    @property
    def lock(self) -> pathlib.Path:
        """The file with its dependencies and their hashes."""
        return HERE / self.packages[0] / "requirements.txt"


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a package runs; `wheels` are pip's options for it."""

    name: str
    wheels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Package:
    """What was built."""

    function: str
    target: str
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """The hash, in hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def summary(self) -> dict[str, str | int]:
        """What a person pins: where it is uploaded to, and the hash as Terraform and S3 want it."""
        return {
            "function": self.function,
            "target": self.target,
            "key": f"{self.function}/{self.sha256}.zip",
            "sha256": self.sha256,
            "sha256_base64": base64.b64encode(bytes.fromhex(self.sha256)).decode(),
            "bytes": len(self.data),
        }


FUNCTIONS = {
    "authorizer": Function(name="authorizer", packages=("authorizer", "common")),
    "token": Function(name="token", packages=("tokens", "common")),
}
# Lambda's Python 3.13 runs on Amazon Linux 2023, which has glibc 2.34.
ARM64 = ("--platform", "manylinux_2_28_aarch64", "--platform", "manylinux2014_aarch64")
TARGETS = {
    "aws": Target(name="aws", wheels=(*ARM64, "--python-version", "3.13", "--implementation", "cp")),
    "local": Target(name="local"),
}


# As pip's debug output says that an index does not answer; one without the version says something else.
UNREACHABLE = "Could not fetch URL"


class BuildError(Exception):
    """The wheels could not be had; says what pip said."""


class NoIndexError(BuildError):
    """No package index answered, so nothing can be said of the wheels."""


def build(function: Function, target: Target) -> Package:
    """Return the package of a function.

    Raises:
        BuildError: a wheel is missing, or is not the one that was locked.
        NoIndexError: no package index answered.
    """
    files = dict(_sources(function))
    with tempfile.TemporaryDirectory() as folder:
        for wheel in _wheels(function, target, pathlib.Path(folder)):
            for name, data in _members(wheel):
                if files.setdefault(name, data) != data:
                    raise BuildError(f"two wheels of {function.name} bring different files {name}")
    return Package(function=function.name, target=target.name, data=_zip(files))


def _sources(function: Function) -> Iterator[tuple[str, bytes]]:
    for package in function.packages:
        for file in (HERE / package).rglob("*.py"):
            yield file.relative_to(HERE).as_posix(), file.read_bytes()


def _wheels(function: Function, target: Target, folder: pathlib.Path) -> list[pathlib.Path]:
    """Download what the lock says; needs a package index, or pip's cache of wheels."""
    command = [sys.executable, "-m", "pip", "download", "-vv", "--disable-pip-version-check", "--no-deps"]
    options = ["--only-binary=:all:", "--require-hashes", *target.wheels, "--dest", str(folder)]
    run = subprocess.run(  # noqa: S603 - pip, with options of ours
        [*command, *options, "--requirement", str(function.lock)], capture_output=True, text=True, check=False
    )
    if run.returncode and UNREACHABLE in run.stdout + run.stderr:
        raise NoIndexError(
            f"no package index can be reached for the wheels of {function.name}: try again with a network, "
            "or point pip at an index (pip config set global.index-url ...)"
        )
    if run.returncode:
        raise BuildError(f"pip download for {function.name}, {target.name}:\n{run.stderr.strip()}")
    return sorted(folder.glob("*.whl"))


def _members(wheel: pathlib.Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a wheel that a function may read."""
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            name = member.filename
            if ".data/" in name:  # scripts and the like: none of ours has any
                continue
            service = DESCRIPTION.match(name)
            if member.is_dir() or LEFT_OUT.fullmatch(name) or (service and service[1] not in SERVICES):
                continue
            yield name, archive.read(member)


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, DATE)
            member.create_system, member.external_attr = UNIX, MODE
            archive.writestr(member, files[name])
    return buffer.getvalue()


def _write(file: pathlib.Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}")
    part.write_bytes(data)
    part.replace(file)


def main() -> None:
    """Build what is asked for, and print what to pin: one JSON object a package."""
    parser = argparse.ArgumentParser(description="Build the packages of the Lambda functions.")
    parser.add_argument("--output", type=pathlib.Path, default=OUTPUT, help="default: .tools/lambda")
    parser.add_argument("--target", choices=TARGETS, action="append", help="default: both")
    parser.add_argument("--function", choices=FUNCTIONS, action="append", help="default: both")
    chosen = parser.parse_args()
    for target in chosen.target or TARGETS:
        for function in chosen.function or FUNCTIONS:
            try:
                package = build(FUNCTIONS[function], TARGETS[target])
            except BuildError as error:
                sys.exit(f"error: {error}")
            _write(chosen.output / target / f"{function}.zip", package.data)
            sys.stdout.write(json.dumps(package.summary) + "\n")


if __name__ == "__main__":
    main()
