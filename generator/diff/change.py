"""The parts of a change."""

from __future__ import annotations

from typing import NamedTuple


class File(NamedTuple):
    """A file, by its path from the repository's root; None where it is not."""

    path: str
    before: bytes | None
    after: bytes | None

    @property
    def mark(self) -> str:
        """How lists show what happened to it."""
        return "+" if self.before is None else "-" if self.after is None else "~"


class Move(NamedTuple):
    """A release's versions before and after; "" where it is not there."""

    section: str
    name: str
    old: str
    new: str

    @property
    def kind(self) -> str:
        """What it is, in one word."""
        return self.section.removesuffix("s")


class Run(NamedTuple):
    """A run of Terraform that merging starts; `waits` for a person's approval or does not."""

    name: str
    stack: str
    waits: bool


class EnvironmentChange(NamedTuple):
    """What happens in an environment. `state` is "new" or "gone" when it was or will not be there.

    `unread` says that its file cannot be read on one side, so that nobody knows which versions move.
    """

    name: str
    state: str = ""
    moves: tuple[Move, ...] = ()
    files: tuple[File, ...] = ()
    runs: tuple[Run, ...] = ()
    unread: bool = False

    @property
    def changes(self) -> bool:
        """Whether anything happens there."""
        return bool(self.state or self.moves or self.files or self.runs or self.unread)


class Area(NamedTuple):
    """A top-level folder or file that is not rendered, and how many of its files differ."""

    name: str
    number: int


class Changes(NamedTuple):
    """The whole. `shared` are rendered files of no environment, `runs` those of none; `notes` say more."""

    environments: tuple[EnvironmentChange, ...]
    shared: tuple[File, ...] = ()
    runs: tuple[Run, ...] = ()
    areas: tuple[Area, ...] = ()
    notes: tuple[str, ...] = ()
