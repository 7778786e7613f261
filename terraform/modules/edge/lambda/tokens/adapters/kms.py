"""Signatures by a key in KMS."""

from __future__ import annotations

from typing import Any

from tokens import signatures
from tokens.adapters import aws
from tokens.ports import Dependency, UnavailableError


class KmsSigner:
    """Signs with one key: `kms:Sign` on it is all that is needed."""

    def __init__(self, client: Any, key_id: str) -> None:
        """Sign with `key_id`, an ECC_NIST_P256 key for SIGN_VERIFY."""
        self._client = client
        self._key_id = key_id

    def sign(self, message: bytes) -> bytes:
        """Return the ES256 signature of a message of at most 4,096 bytes."""
        with aws.calls(Dependency.SIGNER):
            answer = self._client.sign(
                KeyId=self._key_id, Message=message, MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256"
            )
        try:
            return signatures.raw(answer["Signature"])
        except ValueError as error:
            raise UnavailableError(Dependency.SIGNER) from error
