"""HMACs that stand for what must not be stored: a CPF, an address, a code.

Whoever reads the table but not the key learns nothing: without a key a CPF is found by trying all of them.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokens.cpf import Cpf

SHORTEST_KEY = 32  # bytes, as many as the hash has (RFC 2104, section 3)
IPV6_SITE = 64  # bits: one subscriber has a whole /64


@dataclass(frozen=True, kw_only=True)
class Macs:
    """HMAC-SHA256 with one key, each kind of text in a domain of its own."""

    key: bytes = field(repr=False)

    def cpf(self, cpf: Cpf) -> str:
        """Stand for a CPF."""
        return self._mac("cpf", cpf.digits)

    def address(self, address: str) -> str:
        """Stand for a client: its IPv4 address, or its IPv6 network.

        Raises:
            ValueError: it is no address.
        """
        ip = ipaddress.ip_address(address)
        if isinstance(ip, ipaddress.IPv6Address):
            network = ipaddress.ip_network((ip, IPV6_SITE), strict=False)
            return self._mac("address", str(ip.ipv4_mapped or network))
        return self._mac("address", str(ip))

    def code(self, subject: str, code: str) -> str:
        """Stand for a code that was made for a subject; for another one it is another text."""
        return self._mac("code", f"{subject}\0{code}")

    def _mac(self, domain: str, text: str) -> str:
        return hmac.new(self.key, f"{domain}\0{text}".encode(), hashlib.sha256).hexdigest()


def equal(one: str, other: str) -> bool:
    """Compare in a time that does not depend on where they differ."""
    return hmac.compare_digest(one, other)
