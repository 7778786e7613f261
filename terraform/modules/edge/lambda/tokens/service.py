"""What happens for each route: the flows, over the ports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.claims import Assurance
from tokens import codes, limits, macs, minting
from tokens.limits import Scope
from tokens.macs import Macs
from tokens.ports import PendingCode, UnavailableError

if TYPE_CHECKING:
    from tokens.cpf import Cpf
    from tokens.limits import Limit
    from tokens.minting import Mint
    from tokens.ports import Customers, Secret, Sender, Store


@dataclass(frozen=True, kw_only=True)
class Client:
    """Who asks: the CPF stated, and the address that the gateway saw."""

    cpf: Cpf
    address: str


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A token."""

    token: str
    assurance: Assurance


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A code is on its way, if there is a customer; `sent` is for the log alone."""

    sent: bool


@dataclass(frozen=True, kw_only=True)
class Limited:
    """Too many attempts; the next one counts after some seconds."""

    limit: str
    seconds: int


@dataclass(frozen=True, kw_only=True)
class WrongCode:
    """Not the code, or none is pending any more: nobody is told which."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """The flows. All of them raise UnavailableError, and then nothing was issued."""

    mint: Mint
    secret: Secret
    store: Store
    customers: Customers
    sender: Sender

    def identify(self, client: Client, now: int) -> Issued | Limited:
        """Issue a token for a stated CPF. Its subject is new each time, for a CPF proves nothing."""
        if limited := self._over(limits.IDENTIFY, client, Macs(key=self.secret.read()), now):
            return limited
        return self._issue(minting.new_subject(), Assurance.IDENTIFIED, now)

    def send_code(self, client: Client, now: int) -> Accepted | Limited:
        """Send a code to the customer with a CPF. Without one the same calls are made, and none can match."""
        keyed = Macs(key=self.secret.read())
        if limited := self._over(limits.SEND, client, keyed, now):
            return limited
        customer = self.customers.find(client.cpf)
        subject, code = keyed.cpf(client.cpf), codes.new()
        mac = keyed.code(subject, code if customer else codes.impossible())
        owner = customer.id if customer else minting.new_subject()
        self.store.save(subject, PendingCode(mac=mac, customer=owner, expires=now + codes.LIFETIME))
        try:
            self.sender.send(customer.email if customer else None, code)
        except UnavailableError:
            # Said to nobody but the log: a failure may depend on the address, and so on there being one.
            return Accepted(sent=False)
        return Accepted(sent=True)

    def verify(self, client: Client, code: str, now: int) -> Issued | Limited | WrongCode:
        """Issue a token to the customer whose code this is, once."""
        keyed = Macs(key=self.secret.read())
        if limited := self._over(limits.VERIFY, client, keyed, now):
            return limited
        subject = keyed.cpf(client.cpf)
        mac = keyed.code(subject, code)
        pending = self.store.attempt(subject, now=now, most=limits.TRIES)
        if pending is None or not macs.equal(pending.mac, mac):
            return WrongCode()
        # Signed before the code is spent: when KMS is down the customer can try again.
        issued = self._issue(pending.customer, Assurance.VERIFIED, now)
        return issued if self.store.consume(subject, mac, now=now) else WrongCode()

    def _over(self, wanted: tuple[Limit, ...], client: Client, keyed: Macs, now: int) -> Limited | None:
        subjects = {Scope.ADDRESS: keyed.address(client.address), Scope.CPF: keyed.cpf(client.cpf)}
        for limit in wanted:
            ends = limit.ends(now)
            key = limit.key(subjects[limit.scope], now)
            if not self.store.count(key, most=limit.most, expires=ends):
                return Limited(limit=limit.name, seconds=ends - now)
        return None

    def _issue(self, subject: str, assurance: Assurance, now: int) -> Issued:
        return Issued(token=self.mint.token(subject, assurance, now), assurance=assurance)
