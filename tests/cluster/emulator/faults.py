"""What goes wrong because a test says so, and what somebody may not do."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field


@dataclass(kw_only=True, eq=False)
class Fault:
    """What happens to requests that match all that is given, from the `first` one on, `times` times
    (None: always).

    `status` answers with a real Status object, `close` breaks the connection without an answer, `refuse`
    does so and
    refuses every connection from then on (`Emulator.up` ends that), `delay` waits so many seconds first.
    With `after`
    the request is carried out before: its answer is lost.
    """

    status: int | None = None
    message: str | None = None
    retry_after: int | None = None
    delay: float = 0.0
    close: bool = False
    refuse: bool = False
    method: str | None = None
    path: str = ""  # regular expression, found anywhere in the path
    verb: str | None = None  # get, list, watch, create, update, patch, delete, deletecollection
    user_agent: str = ""  # regular expression
    first: int = 1
    times: int | None = None
    after: bool = False
    seen: int = field(default=0, init=False)

    def meets(self, method: str, path: str, verb: str, user_agent: str) -> bool:
        """Whether a request is one of those; does not count it."""
        return (
            self.method in {None, method}
            and self.verb in {None, verb}
            and re.search(self.path, path) is not None
            and re.search(self.user_agent, user_agent) is not None
        )


class Faults:
    """Those in force."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def remove(self, fault: Fault | None = None) -> None:
        """Take one away, or all."""
        with self._lock:
            self._faults = [f for f in self._faults if fault is not None and f is not fault]

    def of(self, method: str, path: str, verb: str, user_agent: str) -> Fault | None:
        """The first one that acts on this request; all that match count it."""
        with self._lock:
            acting = None
            for fault in self._faults:
                if fault.meets(method, path, verb, user_agent):
                    fault.seen += 1
                    count = fault.seen - fault.first
                    if acting is None and count >= 0 and (fault.times is None or count < fault.times):
                        acting = fault
            return acting


@dataclass(frozen=True, kw_only=True)
class Denial:
    """A verb on a resource that nobody may use. `*` is any; an empty namespace is all of them."""

    verb: str
    group: str
    plural: str
    namespace: str = ""

    def meets(self, verb: str, group: str, plural: str, namespace: str) -> bool:
        """Whether it forbids this."""
        return (
            self.verb in {"*", verb}
            and self.group in {"*", group}
            and self.plural in {"*", plural}
            and self.namespace in {"", namespace}
        )


def denial(verb: str, what: str, namespace: str = "") -> Denial:
    """`what` is `group/resource`, or `resource` of the core group; a subresource follows:
    `apps/deployments/scale`.

    `resource.group`, as errors name it, will do too.
    """
    if "/" not in what and "." in what:
        plural, _, group = what.partition(".")
        return Denial(verb=verb, group=group, plural=plural, namespace=namespace)
    parts = what.split("/")
    group = (
        parts.pop(0)
        if len(parts) > 1 and ("." in parts[0] or parts[0] in NAMED or parts[0] in {"", "*"})
        else ""
    )
    return Denial(verb=verb, group=group, plural="/".join(parts), namespace=namespace)


NAMED = ("apps", "batch", "autoscaling", "policy", "extensions")  # groups without a dot
