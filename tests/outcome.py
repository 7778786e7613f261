"""What a command leaves behind, as a caller sees it."""

from __future__ import annotations

from typing import NamedTuple


class Outcome(NamedTuple):
    """Exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def both(self) -> str:
        return self.out + self.err
