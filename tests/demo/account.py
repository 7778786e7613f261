"""What the token function finds in AWS and MongoDB, under the environment's own names, and one customer."""

from __future__ import annotations

import functools
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fakes import aws, events, mongodb
from tests.terraform.emulator.process import running as emulator
from tokens import cpf
from tokens.adapters.ses import NOBODY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.demo.environment import Environment


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Somebody who registered."""

    id: str
    cpf: str
    email: str


_NINE = "390533447"
MARIA = Customer(
    id="7b0e6e4a-2f6c-4c1d-9a57-5d0f6a1c2b3e",
    cpf=_NINE + cpf.check_digits(_NINE),
    email="maria@example.com",
)


@dataclass(kw_only=True)
class Account:
    """A running one. `kms` are ids of keys by their kid."""

    endpoint: str
    kms: dict[str, str]
    jwks: str
    forget: Callable[[], None]  # who tried how often, and codes on their way
    _seen: int = field(default=0)

    def new_mails(self) -> list[tuple[str, str]]:
        """Return to whom SES was told to send what since the last time; what goes to nobody is left out."""
        mails = aws.mails(self.endpoint)
        new, self._seen = mails[self._seen :], len(mails)
        return [(to, text) for to, text in new if to != NOBODY]


@contextmanager
def running(environment: Environment) -> Iterator[Account]:
    """Make it all in an empty account."""
    documents = [{"_id": MARIA.id, "cpf": MARIA.cpf, "email": MARIA.email}]
    with emulator(events.ACCOUNT) as started, mongodb.running(documents) as customers:
        client = functools.partial(started.client, region=aws.REGION)
        dynamodb, table = client("dynamodb"), environment.table
        aws.table(dynamodb, table)
        secrets = client("secretsmanager")
        secrets.create_secret(Name=environment.hmac_secret, SecretString="x" * 64)
        secrets.create_secret(Name=environment.customers_secret, SecretString=customers.uri)
        client("sesv2").create_email_identity(EmailIdentity=environment.sender_identity)
        kms, jwks = aws.signing_keys(client("kms"), environment.signing_keys)
        forget = functools.partial(aws.forget, dynamodb, table)
        yield Account(endpoint=started.endpoint, kms=kms, jwks=jwks, forget=forget)
