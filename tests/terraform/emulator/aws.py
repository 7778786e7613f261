"""The other services of the same emulator, for what EKS makes in them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import boto3

OWN_KEY = "emulator"  # the access key of these calls, by which they are told from those of a test


@dataclass(frozen=True)
class Aws:
    """The emulator's own address."""

    endpoint: str

    @functools.cache  # noqa: B019 - there is one Aws, for as long as the process
    def client(self, service: str, region: str) -> Any:
        """Return a client of a service, in a region; made once, for others wait while EKS makes one."""
        session = boto3.Session(aws_access_key_id=OWN_KEY, aws_secret_access_key=OWN_KEY, region_name=region)
        return session.client(service, endpoint_url=self.endpoint)
