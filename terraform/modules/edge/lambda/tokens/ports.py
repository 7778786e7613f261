"""What the function needs of the world, as it is used here. Adapters are in `tokens/adapters/`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tokens.cpf import Cpf


class Dependency(StrEnum):
    """Who may be down, as the log says it."""

    CUSTOMERS = "customers"
    SECRETS = "secrets"
    SENDER = "sender"
    SIGNER = "signer"
    STORE = "store"


class UnavailableError(Exception):
    """A dependency failed. Carries no text of it, which might quote a request."""

    def __init__(self, dependency: Dependency) -> None:
        """Remember who."""
        super().__init__(dependency.value)
        self.dependency = dependency


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Somebody who registered."""

    id: str  # a random UUID, never derived from the CPF
    email: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class PendingCode:
    """A code that was sent, or would have been, had the CPF a customer."""

    mac: str = field(repr=False)
    customer: str
    expires: int  # seconds since 1970


class Customers(Protocol):
    """The register of customers."""

    def find(self, cpf: Cpf) -> Customer | None:
        """Return the customer with a CPF; raise UnavailableError."""


class Sender(Protocol):
    """Brings a code to a customer."""

    def send(self, address: str | None, code: str) -> None:
        """Send a code, or for None make the same call to nobody; raise UnavailableError."""


class Signer(Protocol):
    """The private key, which nobody can read."""

    def sign(self, message: bytes) -> bytes:
        """Return the ES256 signature, r and s of 32 bytes each; raise UnavailableError."""


class Secret(Protocol):
    """The key of the HMACs."""

    def read(self) -> bytes:
        """Return the key; raise UnavailableError."""


class Store(Protocol):
    """Counters and pending codes; every method is one atomic step, and raises UnavailableError."""

    def count(self, key: str, *, most: int, expires: int) -> bool:
        """Count one more under a key, unless `most` are counted; say whether it was."""

    def save(self, subject: str, code: PendingCode) -> None:
        """Keep the one pending code of a subject, in place of the last."""

    def attempt(self, subject: str, *, now: int, most: int) -> PendingCode | None:
        """Count a try at the pending code and return it; None if there is none, or it is expired or dead.

        It is dead once it was tried `most` times.
        """

    def consume(self, subject: str, mac: str, *, now: int) -> bool:
        """Delete the pending code if it is still this one and valid; true for one caller only."""
