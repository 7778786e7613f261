"""The settings of the function, from environment variables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common import environment, keys
from common.environment import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from common.keys import Keys

EMAIL = re.compile(r"([^<>@\r\n]{1,64} <)?[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,255}>?")


def sender(text: str) -> str:
    """Return what a code comes from: an address, or `name <address>`."""
    if not EMAIL.fullmatch(text) or ("<" in text) != text.endswith(">"):
        raise ValueError("expected an e-mail address, or a name and then the address in <>")
    return text


VARIABLES = {
    "ISSUER": environment.origin,  # also where the gateway publishes the keys
    "AUDIENCE": environment.word,
    "JWKS": keys.parse,  # all published keys, of which KEY_ID is one
    "KEY_ID": environment.word,  # the `kid` of the key that signs
    "KMS_KEY_ID": environment.word,  # ... and its id or ARN in KMS
    "TABLE": environment.word,  # DynamoDB: partition key `key`, TTL attribute `expires`
    "SECRET_ID": environment.word,  # Secrets Manager: the key of the HMACs
    "MONGODB_SECRET_ID": environment.word,  # Secrets Manager: the connection string
    "MONGODB_DATABASE": environment.word,
    "MONGODB_COLLECTION": environment.word,
    "SENDER": sender,
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the function is told."""

    issuer: str
    audience: str
    keys: Keys
    key_id: str
    kms_key_id: str
    table: str
    secret_id: str
    mongodb_secret_id: str
    mongodb_database: str
    mongodb_collection: str
    sender: str


def read(variables: Mapping[str, str]) -> Settings:
    """Return the settings of an environment.

    Raises:
        SettingsError: some are missing or wrong.
    """
    values = environment.read(variables, VARIABLES)
    if values["KEY_ID"] not in values["JWKS"].by_id:
        raise SettingsError("KEY_ID is no kid of JWKS: publish a key before it signs")
    values["keys"] = values.pop("JWKS")
    return Settings(**{name.lower(): value for name, value in values.items()})
