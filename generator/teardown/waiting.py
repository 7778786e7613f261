"""Until objects are gone; or which are not, and whom they wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from generator.bootstrap.progress import Progress, lasting
from generator.bootstrap.step import Step
from generator.cluster.errors import Unreachable
from generator.cluster.words import one_line
from generator.teardown.kinds import named, owner

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from generator.bootstrap.clock import Deadline
    from generator.teardown.kinds import Kind

    Document = dict[str, Any]
    Found = list[tuple[Kind, Document]]

_SHOWN = 5


class Removal(NamedTuple):
    """What is to go: `find` returns what is left, `ask` has one thing deleted, `text` names all of it."""

    text: str
    find: Callable[[], Found]
    ask: Callable[[Kind, Document], None]


def remove(removal: Removal, deadline: Deadline) -> Generator[Step | Progress, None, bool]:
    """Delete what is there and wait until it is gone; return whether it is.

    It is looked at again and again: what has come since is deleted, too. An API that is away is waited for.
    """
    number, asked = 0, False
    while True:
        try:
            left = removal.find()
            for kind, thing in left:
                removal.ask(kind, thing)
        except Unreachable as trouble:
            if deadline.over:
                raise
            yield lasting(f"the API does not answer: {trouble.message}")
            deadline.pause()
            continue
        number = max(number, len(left))
        if not left and number:
            yield Step("gone", f"{removal.text}: {number} deleted")
            return True
        if not left:
            yield Step("ok", f"{removal.text}: none there")
            return True
        if deadline.over:
            text = f"{removal.text}: {len(left)} still there after {deadline.shown}"
            yield Step("missing", text, "\n".join(_held(left)))
            return False
        text = f"waiting for {removal.text} to go: {_listed(left)}"
        yield lasting(text) if asked else Progress(text)  # most go at once, and a log need not hear of it
        asked = True
        deadline.pause()


def _listed(left: Found) -> str:
    names = [named(thing) for _, thing in left[:_SHOWN]]
    return ", ".join(names) + (f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else "")


def _held(left: Iterable[tuple[Kind, Document]]) -> Iterator[str]:
    """Say of each object whom it waits for."""
    for kind, thing in left:
        reasons = list(_reasons(thing))
        yield f"{kind.title} {named(thing)} waits for {'; for '.join(reasons) or 'its deletion'}"


def _reasons(thing: Document) -> Iterator[str]:
    for finalizer in thing["metadata"].get("finalizers") or ():
        yield owner(finalizer)
    status = thing.get("status") or {}
    for condition in status.get("conditions") or ():
        # A namespace says what is left in it; an Application why it cannot delete.
        remains = condition.get("type") in {"NamespaceContentRemaining", "NamespaceFinalizersRemaining"}
        if (remains and condition.get("status") == "True") or condition.get("type") == "DeletionError":
            yield one_line(condition.get("message", ""))
