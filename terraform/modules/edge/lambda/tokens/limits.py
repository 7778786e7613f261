"""How often somebody may try, in fixed windows that begin at multiples of their length.

Across the border of two windows twice the number can pass. Every count is one conditional write, so none
passes in a race. A CPF is limited whoever asks, so a stranger who knows one can keep its owner from a code
until the window ends: the price of limiting guesses that come from many addresses.

With 8 digits, 5 tries a code and 10 codes a day, guessing succeeds with a chance of 5 in 10 million a day
and CPF.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Whose attempts are counted together."""

    ADDRESS = "address"
    CPF = "cpf"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `most` in `seconds`."""

    name: str
    scope: Scope
    most: int
    seconds: int

    def key(self, subject: str, now: int) -> str:
        """Return the key of the counter that runs now."""
        return f"limit#{self.name}#{subject}#{self.ends(now)}"

    def ends(self, now: int) -> int:
        """Return when the window ends."""
        return (now // self.seconds + 1) * self.seconds


MINUTE, HOUR, DAY = 60, 3600, 86400

# The address first: one that is over its limit cannot use up the limits of CPFs. Many customers of one
# restaurant share an address.
IDENTIFY = (
    Limit(name="identify-address", scope=Scope.ADDRESS, most=60, seconds=MINUTE),
    Limit(name="identify-cpf", scope=Scope.CPF, most=10, seconds=MINUTE),
)
SEND = (
    Limit(name="send-address", scope=Scope.ADDRESS, most=60, seconds=HOUR),
    Limit(name="resend-cpf", scope=Scope.CPF, most=1, seconds=MINUTE),
    Limit(name="send-cpf", scope=Scope.CPF, most=10, seconds=DAY),
)
VERIFY = (
    Limit(name="verify-address", scope=Scope.ADDRESS, most=60, seconds=10 * MINUTE),
    Limit(name="verify-cpf", scope=Scope.CPF, most=10, seconds=10 * MINUTE),
)
TRIES = 5  # at one code; then it is dead
