"""Which versions change, and to what."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.problem import Problem, did_you_mean
from generator.promote.running import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.problem import Path
    from generator.promote.running import Running

Release = tuple[str, str]
"""Section and name: `("workloads", "orders")`."""


class Move(NamedTuple):
    """A release whose version changes; `old` is "" where none was pinned."""

    section: str
    name: str
    old: str
    new: str

    @property
    def path(self) -> Path:
        """Where it stands in the environment's file."""
        return ("versions", self.section, self.name)


class Request(NamedTuple):
    """What somebody wants moved into `target`.

    `releases` are those that were named; none means all that differ. The versions are `version`, for the one
    release that is named, or those of `source`.
    """

    target: Running
    source: Running | None
    releases: tuple[Release, ...] = ()
    version: str = ""


class Plan(NamedTuple):
    """What would move, what keeps it from moving, and what a person should know."""

    moves: list[Move]
    problems: list[Problem]
    notes: list[str]


def plan(request: Request) -> Plan:
    """Work out what moves. Nothing is refused here that `guards` judges."""
    wanted = _wanted(request)
    if not request.releases:
        return Plan(_moves(request.target, wanted), [], list(_left(request, wanted)))
    problems = list(_impossible(request, wanted))
    chosen = {release: wanted[release] for release in request.releases if release in wanted}
    return Plan([] if problems else _moves(request.target, chosen), problems, [])


def _wanted(request: Request) -> dict[Release, str]:
    if request.version:
        return dict.fromkeys(request.releases, request.version)
    if request.source is None:
        raise ValueError("neither a source nor a version")
    return {
        (section, name): version
        for section, versions in request.source.versions.items()
        for name, version in versions.items()
    }


def _moves(target: Running, wanted: Mapping[Release, str]) -> list[Move]:
    moves = [
        Move(section, name, target.version(section, name), version)
        for (section, name), version in wanted.items()
        if name in target.releases[section]
    ]
    moves.sort(key=lambda move: (SECTIONS.index(move.section), move.name))
    return [move for move in moves if move.old != move.new]


def _impossible(request: Request, wanted: Mapping[Release, str]) -> Iterator[Problem]:
    """Yield the releases that were named and are not there: in the target, or in the source."""
    target, source = request.target, request.source
    for section, name in request.releases:
        kind = section.removesuffix("s")
        if name not in target.releases[section]:
            yield Problem(
                place=target.document.place((section, name)),
                path=("versions", section, name),
                message=f'no {kind} "{name}" runs in {target.name}',
                fix=_way_in(target, section, name),
            )
        elif (section, name) not in wanted and source is not None:
            yield Problem(
                place=source.document.place(("versions", section)),
                path=("versions", section, name),
                message=f"{source.name} pins no version of {name}",
                fix=f"say which: --to-version (make: VERSION=); or leave {target.name} as it is",
            )


def _way_in(target: Running, section: str, name: str) -> str:
    if target.document.has((section, name)):  # null, or it would run there
        return f"remove the line {section}.{name}: null in {target.document.file}"
    known = did_you_mean(name, target.releases[section])
    return known or "add it to the spec first: environments/platform.yaml says how"


def _left(request: Request, wanted: Mapping[Release, str]) -> Iterator[str]:
    """Yield what stays behind when all is to move that differs."""
    target, source = request.target, request.source
    if source is None:
        return
    for section in SECTIONS:
        for name in sorted(target.releases[section]):
            if (section, name) not in wanted:
                version = target.version(section, name)
                keeps = f"keeps {name} {version}" if version else f"has no version of {name}"
                yield f"{target.name} {keeps}: {source.name} does not run it"
    for section, name in wanted:
        if name not in target.releases[section]:
            yield f"{name} stays in {source.name}: {target.name} does not run it"
