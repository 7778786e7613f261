"""The emulator in a process of its own: started on a free port, asked what it was asked, stopped."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

from tests.terraform.emulator.calls import Call

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = pathlib.Path(__file__).parents[3]
CALLS = "/_emulator/calls"
KEY = "test"

# Managed policies exist, and certificates are issued at once.
SETTINGS = {"MOTO_IAM_LOAD_MANAGED_POLICIES": "true", "MOTO_ACM_VALIDATION_WAIT": "0"}


@dataclass(frozen=True, kw_only=True)
class Emulator:
    """A running one, which is one account."""

    endpoint: str
    account_id: str

    def client(self, service: str, region: str) -> Any:
        """Return a client of a service."""
        session = boto3.Session(aws_access_key_id=KEY, aws_secret_access_key=KEY, region_name=region)
        return session.client(service, endpoint_url=self.endpoint)

    def variables(self) -> dict[str, str]:
        """Return the environment variables that lead Terraform's AWS provider here."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": KEY,
        }

    def calls(self) -> list[Call]:
        """Return every call so far, the first one first."""
        with urllib.request.urlopen(self.endpoint + CALLS) as answer:  # noqa: S310 - loopback
            return [Call(**call) for call in json.load(answer)]


@contextmanager
def running(account_id: str) -> Iterator[Emulator]:
    """Start an empty account and stop it at the end."""
    command = [sys.executable, "-m", "tests.terraform.emulator"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    environment = {**kept, **SETTINGS, "MOTO_ACCOUNT_ID": account_id}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        port = process.stdout.readline().strip()
        if not port:
            raise RuntimeError(f"the emulator did not start: python -m {command[-1]}")
        yield Emulator(endpoint=f"http://127.0.0.1:{port}", account_id=account_id)
        process.terminate()
