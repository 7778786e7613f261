"""Both functions over the world in memory, wired as their handlers wire the real one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from authorizer import routes
from authorizer.settings import Settings
from authorizer.verification import Trust
from fakes import keys
from fakes.store import MemoryStore
from tokens.minting import Mint
from tokens.ports import Customer, UnavailableError
from tokens.service import Service

if TYPE_CHECKING:
    from fakes.keys import Pair
    from tokens.cpf import Cpf
    from tokens.ports import Dependency

ISSUER, AUDIENCE = "https://api.dev.techchallenge.example", "techchallenge-dev"
KEY = b"a key of at least 32 bytes, for tests"
ROUTES = json.dumps(
    {
        "a1b2c3d4e5": {
            "ANY /orders": "identified",
            "ANY /orders/{proxy+}": "identified",
            "GET /customers/{id}": "verified",
            "GET /": "identified",
        },
        "f6a7b8c9d0": {"ANY /orders/{proxy+}": "verified"},
    }
)
ANA = Customer(id="3f0c2a52-6a8f-4d0c-9b1e-2f7d1c9a4e10", email="ana@example.com")
KNOWN, UNKNOWN = "52998224725", "11144477735"


@dataclass(kw_only=True)
class World:
    """The ports in memory. `down` are the dependencies that fail; `asked` is every call of a port."""

    signing: Pair
    published: tuple[Pair, ...]
    store: MemoryStore = field(default_factory=MemoryStore)
    customers: dict[str, Customer] = field(default_factory=lambda: {KNOWN: ANA})
    sent: list[tuple[str | None, str]] = field(default_factory=list)
    down: set[Dependency] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    @property
    def service(self) -> Service:
        """The token function's flows."""
        return Service(
            mint=Mint(
                issuer=ISSUER,
                audience=AUDIENCE,
                keys=keys.published(*self.published),
                key_id=self.signing.kid,
                signer=self._port("signer"),
            ),
            secret=self._port("secrets"),
            store=self._port("store"),
            customers=self._port("customers"),
            sender=self._port("sender"),
        )

    @property
    def authorizer(self) -> Settings:
        """The authorizer's settings."""
        trust = Trust(issuer=ISSUER, audience=AUDIENCE, keys=keys.published(*self.published))
        return Settings(trust=trust, routes=routes.parse(ROUTES))

    @property
    def code(self) -> str:
        """The code that was sent last."""
        return self.sent[-1][1]

    def _port(self, name: str) -> Any:
        return _Port(self, name)

    def find(self, cpf: Cpf) -> Customer | None:
        """Do as Customers does."""
        return self.customers.get(cpf.digits)

    def send(self, address: str | None, code: str) -> None:
        """Do as Sender does."""
        self.sent.append((address, code))

    def sign(self, message: bytes) -> bytes:
        """Do as Signer does."""
        return self.signing.sign(message)

    def read(self) -> bytes:
        """Do as Secret does."""
        return KEY


class _Port:
    """One port of a world: counts its calls, and fails while its dependency is down."""

    def __init__(self, world: World, name: str) -> None:
        self._world, self._name = world, name

    def __getattr__(self, method: str) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            self._world.asked.append(f"{self._name}.{method}")
            for dependency in self._world.down:
                if dependency.value == self._name:
                    raise UnavailableError(dependency)
            owner = self._world.store if self._name == "store" else self._world
            return getattr(owner, method)(*arguments, **named)

        return call


def new() -> World:
    """Return a world with one customer, a key that signs and the next one."""
    current, following = keys.new("2026-11"), keys.new("2027-02")
    return World(signing=current, published=(current, following))
