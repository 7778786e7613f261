"""Customers in MongoDB, where the function's role is the user (MONGODB-AWS).

A customer is a document with `_id` (a random UUID, as text or binary), `cpf` (11 digits) and `email`; `cpf`
has a unique index.
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from common.claims import SUBJECT
from tokens.ports import Customer, Dependency, UnavailableError

if TYPE_CHECKING:
    from pymongo import MongoClient

    from tokens.adapters.secrets import SecretText
    from tokens.cpf import Cpf

EMAIL = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,255}")
MILLISECONDS = 2000  # to find a server, to connect, and for an answer, each; twice that for all of it


class MongoCustomers:
    """A collection that the role may read: `find` on it is all that is needed."""

    def __init__(self, secret: SecretText, *, database: str, collection: str) -> None:
        """Look into `collection` of `database`, with the connection string of a secret."""
        self._secret = secret
        self._database = database
        self._collection = collection
        self._uri = ""
        self._client: MongoClient[dict[str, Any]] | None = None

    def find(self, cpf: Cpf) -> Customer | None:
        """Return the customer with a CPF; one without a proper id and address counts as none."""
        uri = self._secret.read()
        import pymongo  # noqa: PLC0415 - 300 ms that only codes need
        from pymongo.errors import PyMongoError  # noqa: PLC0415 - as above

        try:
            with pymongo.timeout(2 * MILLISECONDS / 1000):
                found = self._connected(uri)[self._database][self._collection].find_one(
                    {"cpf": cpf.digits}, {"email": True}
                )
        except (PyMongoError, ValueError, OSError) as error:
            raise UnavailableError(Dependency.CUSTOMERS) from error
        return _customer(found) if found else None

    def _connected(self, uri: str) -> MongoClient[dict[str, Any]]:
        """Return a client for a connection string; a new one when the secret has changed."""
        from pymongo import MongoClient  # noqa: PLC0415 - as above

        if self._client is None or uri != self._uri:
            self.close()
            self._client = MongoClient(
                uri,
                uuidRepresentation="standard",
                serverSelectionTimeoutMS=MILLISECONDS,
                connectTimeoutMS=MILLISECONDS,
                socketTimeoutMS=MILLISECONDS,
                maxPoolSize=2,
            )
            self._uri = uri
        return self._client

    def close(self) -> None:
        """Hang up; the next question connects again."""
        if self._client is not None:
            self._client.close()
            self._client = None


def _customer(document: dict[str, Any]) -> Customer | None:
    found, email = document.get("_id"), document.get("email")
    text = str(found) if isinstance(found, (str, uuid.UUID)) else ""
    if not SUBJECT.fullmatch(text) or not isinstance(email, str) or not EMAIL.fullmatch(email):
        return None
    return Customer(id=text, email=email)
