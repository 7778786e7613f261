"""Secrets of Secrets Manager, kept for a while."""

from __future__ import annotations

import time
from typing import Any

from tokens.adapters import aws
from tokens.macs import SHORTEST_KEY
from tokens.ports import Dependency, UnavailableError

KEPT = 300  # seconds after which a rotated secret is seen


class SecretText:
    """One secret: `secretsmanager:GetSecretValue` on it is all that is needed."""

    def __init__(self, client: Any, secret_id: str) -> None:
        """Read it when it is needed first."""
        self._client = client
        self._secret_id = secret_id
        self._text = ""
        self._until = 0.0

    def read(self) -> str:
        """Return the secret's text."""
        if time.monotonic() >= self._until:
            with aws.calls(Dependency.SECRETS):
                answer = self._client.get_secret_value(SecretId=self._secret_id)
            self._text = str(answer.get("SecretString", ""))
            self._until = time.monotonic() + KEPT
        return self._text


class SecretKey:
    """The key of the HMACs: the bytes of a secret's text, of which there must be enough."""

    def __init__(self, secret: SecretText) -> None:
        """Read it from a secret."""
        self._secret = secret

    def read(self) -> bytes:
        """Return the key."""
        key = self._secret.read().encode()
        if len(key) < SHORTEST_KEY:
            raise UnavailableError(Dependency.SECRETS)
        return key
