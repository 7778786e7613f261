"""How the Application of a release stands, and whether waiting is any use."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.cluster.words import one_line
from generator.status import application

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from generator.status.application import Application

_ENDED = ("Failed", "Error")  # of an operation: all retries are used up
_WORKING = ("Running", "Terminating")
_SICK = ("Degraded", "Progressing", "Missing", "Unknown")
_SHOWN = 5

# What Argo CD's errors say when a repository does not let it in (argo-cd, util/git and go-git's transport).
_NO_WAY_IN = (
    *("authentication required", "repository not found", "unable to authenticate", "permission denied"),
    *("could not read username", "invalid credentials", "401 unauthorized", "403 forbidden"),
)
_REMEDY = (
    "Argo CD cannot read the repository. Is the credential right, has it expired, may it read this one? "
    "A new one: write it to the secret, or name a file with CREDENTIAL=, and run this again."
)


class Standing(NamedTuple):
    """A release that ought to be there, and its Application, None while there is none."""

    name: str
    application: Application | None
    namespace: str = ""

    @classmethod
    def of(cls, name: str, document: Mapping[str, Any] | None, repository: str) -> Standing:
        """Read an Application, None for one that is missing; `repository` is this repository's address."""
        if document is None:
            return cls(name, None)
        namespace = document.get("spec", {}).get("destination", {}).get("namespace", "")
        return cls(name, application.read(document, repository), namespace)

    def __str__(self) -> str:
        found = self.application
        if found is None:
            return "not there yet"
        return f"{found.sync}, {found.health}{', being deleted' if found.deleting else ''}"

    @property
    def well(self) -> bool:
        """Whether it is as Git has it."""
        found = self.application
        return bool(found and found.sync == "Synced" and found.health == "Healthy" and not found.deleting)

    @property
    def still(self) -> bool:
        """Whether Argo CD does nothing about it at the moment."""
        return self._phase not in _WORKING

    @property
    def hopeless(self) -> bool:
        """Whether it stays as it is until a person does something."""
        return self._phase in _ENDED or self._locked_out

    @property
    def why(self) -> Iterator[str]:
        """What Argo CD says of it, in lines for a person."""
        found = self.application
        if found is None:
            return
        for condition in found.conditions:
            if condition.type.endswith("Error"):
                yield f"{condition.type}: {one_line(condition.message)}"
        if self._locked_out:
            yield _REMEDY
        operation, told = found.operation, any(c.type == "SyncError" for c in found.conditions)
        if operation and not told and (operation.phase in _ENDED or operation.retries):
            tried = "has failed" if operation.phase in _ENDED else "has failed, and is tried again"
            yield f"its sync {tried}: {one_line(operation.message) or 'no reason given'}"
            yield from (f"{thing}: {one_line(reason)}" for thing, reason in operation.failed[:_SHOWN])
        # The root's objects are the other releases, which speak for themselves.
        sick = [o for o in found.objects if o.health in _SICK and o.kind != "Application"]
        for thing in sick[:_SHOWN]:
            yield f"{thing} is {thing.health}" + (f": {one_line(thing.message)}" if thing.message else "")
        if len(sick) > _SHOWN:
            yield f"and {len(sick) - _SHOWN} more"

    @property
    def _phase(self) -> str:
        operation = self.application.operation if self.application else None
        return operation.phase if operation else ""

    @property
    def _locked_out(self) -> bool:
        conditions = self.application.conditions if self.application else ()
        return any(words in c.message.lower() for c in conditions for words in _NO_WAY_IN)
