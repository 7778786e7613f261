"""What the token function needs of an account, made on an emulator as the module `edge` makes it."""

from __future__ import annotations

import json
import re
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from fakes import keys, world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

REGION = "us-east-1"
DOMAIN = "dev.techchallenge.example"
KIDS = ("2026-11", "2027-02")
CODE = re.compile(r"\b[0-9]{8}\b")


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account with keys, a table, secrets and a verified domain."""

    endpoint: str
    kms: dict[str, str]  # ids of keys in KMS by their kid
    jwks: str

    def variables(self, *, kid: str = KIDS[0]) -> dict[str, str]:
        """Return the environment of the token function, and what leads it to the emulator."""
        return {
            **role(self.endpoint),
            "ISSUER": world.ISSUER,
            "AUDIENCE": world.AUDIENCE,
            "JWKS": self.jwks,
            "KEY_ID": kid,
            "KMS_KEY_ID": self.kms[kid],
            "TABLE": "tokens",
            "SECRET_ID": "hmac",
            "MONGODB_SECRET_ID": "mongodb",
            "MONGODB_DATABASE": "customers",
            "MONGODB_COLLECTION": "customers",
            "SENDER": f"Tech Challenge <no-reply@{DOMAIN}>",
        }

    def authorizer(self) -> dict[str, str]:
        """Return the environment of the authorizer."""
        return {"ISSUER": world.ISSUER, "AUDIENCE": world.AUDIENCE, "JWKS": self.jwks, "ROUTES": world.ROUTES}

    def mail(self) -> list[tuple[str, str]]:
        """Return to whom a code was sent, and the code."""
        found = []
        for to, text in mails(self.endpoint):
            code = CODE.search(text)
            found.append((to, code[0] if code else ""))
        return found


def role(endpoint: str) -> dict[str, str]:
    """Return what leads a function to the emulator, with credentials of a role, as Lambda gives it some."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "ASIAROLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "session",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def mails(endpoint: str) -> list[tuple[str, str]]:
    """Return to whom SES was told to send what, the first one first."""
    with urllib.request.urlopen(f"{endpoint}/moto-api/data.json") as answer:  # noqa: S310 - loopback
        sent = json.load(answer)["ses"].get("Message", [])
    return [(message["destinations"]["ToAddresses"][0], message["body"]) for message in sent]


def forget(client: Any, name: str) -> None:
    """Empty a table, as if a day had passed."""
    for item in client.scan(TableName=name)["Items"]:
        client.delete_item(TableName=name, Key={"key": item["key"]})


def account(endpoint: str, client: Callable[[str], Any], mongodb: str) -> Account:
    """Make it all in an empty account; `mongodb` is the connection string."""
    secrets = client("secretsmanager")
    table(client("dynamodb"), "tokens")
    made, jwks = signing_keys(client("kms"), KIDS)
    secrets.create_secret(Name="hmac", SecretString="x" * 64)
    secrets.create_secret(Name="mongodb", SecretString=mongodb)
    client("sesv2").create_email_identity(EmailIdentity=DOMAIN)
    return Account(endpoint=endpoint, kms=made, jwks=jwks)


def signing_keys(client: Any, kids: Iterable[str]) -> tuple[dict[str, str], str]:
    """Make keys; return their ids in KMS by their kid, and the key set as the setting JWKS has it."""
    made = {
        kid: client.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        for kid in kids
    }
    members = []
    for kid, key in made.items():
        public = load_der_public_key(client.get_public_key(KeyId=key)["PublicKey"])
        assert isinstance(public, ec.EllipticCurvePublicKey)  # noqa: S101 - it was made so
        members.append(keys.jwk(kid, public))
    return made, json.dumps({"keys": members})


def table(client: Any, name: str) -> None:
    """Make a table of counters and codes."""
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "key", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "key", "KeyType": "HASH"}],
    )
    client.update_time_to_live(
        TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"}
    )
