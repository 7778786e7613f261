"""The Customers port over MongoDB: a login by role, one question, and what of the answer counts."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from fakes import mongodb
from fakes.world import ANA, KNOWN, UNKNOWN
from tokens import cpf
from tokens.adapters.mongodb import MongoCustomers
from tokens.ports import Customer, Dependency, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fakes.mongodb import Server
    from tokens.cpf import Cpf


class Text:
    """A secret that is no secret."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self) -> str:
        return self.text


def of(digits: str) -> Cpf:
    found = cpf.parse(digits)
    assert found is not None
    return found


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    # What Lambda gives a function's role.
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIAROLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "session")
    with mongodb.running([{"_id": ANA.id, "cpf": KNOWN, "email": ANA.email, "name": "Ana"}]) as running:
        yield running


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], MongoCustomers]]:
    """Makes the port for a connection string; what it opened is closed at the end."""
    monkeypatch.setattr("tokens.adapters.mongodb.MILLISECONDS", 200)
    made: list[MongoCustomers] = []

    def call(uri: str) -> MongoCustomers:
        made.append(MongoCustomers(Text(uri), database="customers", collection="customers"))
        return made[-1]

    yield call
    for port in made:
        port.close()


@pytest.fixture
def found(server: Server, register: Callable[[str], MongoCustomers]) -> MongoCustomers:
    return register(server.uri)


def test_a_customer_is_found_by_the_role_of_the_function(server: Server, found: MongoCustomers) -> None:
    assert found.find(of(KNOWN)) == ANA
    assert found.find(of(UNKNOWN)) is None
    assert server.authorized
    assert all("Credential=ASIAROLE/" in signed for signed in server.authorized)
    asked = [command for command in server.commands if "find" in command]
    assert [(c["$db"], c["find"], c["filter"]) for c in asked] == [
        ("customers", "customers", {"cpf": KNOWN}),
        ("customers", "customers", {"cpf": UNKNOWN}),
    ]
    assert asked[0]["projection"] == {"email": True}
    assert 200 < asked[0]["maxTimeMS"] <= 400  # what is left of the time for all of it


@pytest.mark.parametrize(
    "document",
    [
        {"_id": "52998224725", "email": ANA.email},
        {"_id": 7, "email": ANA.email},
        {"_id": ANA.id},
        {"_id": ANA.id, "email": "ana"},
        {"_id": ANA.id, "email": "ana@example.com, eve@example.com"},
        {"_id": ANA.id, "email": "ana@example.com\nBcc: eve@example.com"},
        {"_id": ANA.id, "email": ["ana@example.com"]},
    ],
)
def test_one_to_whom_no_code_can_be_sent_is_no_customer(
    server: Server, found: MongoCustomers, document: dict[str, Any]
) -> None:
    server.documents[0] = {"cpf": KNOWN, **document}
    assert found.find(of(KNOWN)) is None


def test_an_id_may_be_binary(server: Server, found: MongoCustomers) -> None:
    from bson import Binary  # noqa: PLC0415 - only here

    server.documents[0]["_id"] = Binary.from_uuid(uuid.UUID(ANA.id))
    assert found.find(of(KNOWN)) == Customer(id=ANA.id, email=ANA.email)


@pytest.mark.parametrize(
    "uri", ["mongodb://127.0.0.1:1/?directConnection=true", "postgres://x", "", "mongodb://["]
)
def test_without_a_database_nobody_is_found_and_nothing_is_quoted(
    uri: str, register: Callable[[str], MongoCustomers]
) -> None:
    with pytest.raises(UnavailableError) as caught:
        register(uri).find(of(KNOWN))
    assert (caught.value.dependency, str(caught.value)) == (Dependency.CUSTOMERS, "customers")


def test_a_role_that_is_refused_finds_nobody(found: MongoCustomers, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = {"ok": 0.0, "errmsg": "bad auth", "code": 18}
    answer = mongodb.Server.answer
    monkeypatch.setattr(
        mongodb.Server,
        "answer",
        lambda self, command: refused if "saslContinue" in command else answer(self, command),
    )
    with pytest.raises(UnavailableError):
        found.find(of(KNOWN))


def test_a_connection_string_that_was_changed_is_used(found: MongoCustomers) -> None:
    assert found.find(of(KNOWN)) == ANA
    with mongodb.running([]) as another:
        assert isinstance(found._secret, Text)
        found._secret.text = another.uri
        assert found.find(of(KNOWN)) is None
