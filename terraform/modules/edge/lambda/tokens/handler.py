"""Where Lambda enters: `tokens.handler.handle`."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from tokens import dispatch, settings
from tokens.adapters import aws
from tokens.adapters.dynamodb import DynamoDbStore
from tokens.adapters.kms import KmsSigner
from tokens.adapters.mongodb import MongoCustomers
from tokens.adapters.secrets import SecretKey, SecretText
from tokens.adapters.ses import SesSender
from tokens.minting import Mint
from tokens.service import Service

if TYPE_CHECKING:
    from tokens.settings import Settings


def service(told: Settings) -> Service:
    """Return the flows over AWS and MongoDB."""
    secrets = aws.client("secretsmanager")
    return Service(
        mint=Mint(
            issuer=told.issuer,
            audience=told.audience,
            keys=told.keys,
            key_id=told.key_id,
            signer=KmsSigner(aws.client("kms"), told.kms_key_id),
        ),
        secret=SecretKey(SecretText(secrets, told.secret_id)),
        store=DynamoDbStore(aws.client("dynamodb"), told.table),
        customers=MongoCustomers(
            SecretText(secrets, told.mongodb_secret_id),
            database=told.mongodb_database,
            collection=told.mongodb_collection,
        ),
        sender=SesSender(told.sender),
    )


SERVICE = service(settings.read(os.environ))  # a function with wrong settings does not start


def handle(event: Any, _context: object) -> dict[str, Any]:
    """Answer a request of the gateway."""
    aws.begin()
    return dispatch.answer(event, SERVICE, time.time())
