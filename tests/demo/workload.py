"""A stand-in for a workload: asks for itself who calls, and answers what it saw."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tests.demo.environment import OPEN
from tests.demo.messages import answer
from tests.demo.verifier import RefusedError, UnavailableError

if TYPE_CHECKING:
    from tests.demo.environment import Route
    from tests.demo.messages import Answer, Request
    from tests.demo.verifier import Verifier

# The one spelling of a path. Any other is answered as if it were the best guarded one.
PLAIN = re.compile(r"/|(/(?!\.\.?(/|$))[A-Za-z0-9._~:@-]+)+/?")
ASSURANCES = ("identified", "verified")  # the lesser one first
CHALLENGE = ("WWW-Authenticate", "Bearer")
NAME = "X-Workload"  # who answered


@dataclass(frozen=True, kw_only=True)
class Served:
    """A request that reached a workload; `status` 200 means that it was served."""

    workload: str
    via: Route  # whose location nginx took
    target: str
    status: int


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A workload, with the routes that lead to it; `served` is all that it was asked."""

    name: str
    routes: tuple[Route, ...]
    verifier: Verifier
    served: list[Served] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def respond(self, via: Route, request: Request) -> Answer:
        """Answer a request. Which route it came by is for the record: no real workload is told that."""
        given = self._respond(request, self._auth(request))
        given = replace(given, headers=(*given.headers, (NAME, self.name)))
        with self._lock:
            self.served.append(
                Served(workload=self.name, via=via, target=request.target, status=given.status)
            )
        return given

    def _respond(self, request: Request, auth: str) -> Answer:
        customer = request.header("X-Customer-Id")
        claims = {}
        if auth != OPEN or customer is not None:
            try:
                claims = self.verifier.verify(request.header("Authorization"), customer)
            except RefusedError as refused:
                return answer(401, {"workload": self.name, "error": str(refused)}, CHALLENGE)
            except UnavailableError:
                return answer(503, {"workload": self.name, "error": "no keys"})
            if auth == ASSURANCES[1] and claims["acr"] != auth:
                return answer(
                    403, {"workload": self.name, "error": "needs a verified customer"}, by=self.name
                )
        seen = {
            "workload": self.name,
            "method": request.method,
            "path": request.target,
            "customer": claims.get("sub"),
            "acr": claims.get("acr"),
            "told": {"X-Customer-Id": customer, "X-Customer-Acr": request.header("X-Customer-Acr")},
            "client_address": request.header("X-Real-IP") or request.header("X-Client-Address"),
        }
        return answer(200, seen)

    def _auth(self, request: Request) -> str:
        """Return what a request needs: its own route's, or the most that any route of this workload needs."""
        path = request.target.partition("?")[0]
        host = (request.header("Host") or "").lower()
        if PLAIN.fullmatch(path):
            below = [
                r for r in self.routes if r.host == host and f"{path}/".startswith(f"{r.path.rstrip('/')}/")
            ]
            if below:
                return max(below, key=lambda route: len(route.path)).auth
        return max((route.auth for route in self.routes), key=(OPEN, *ASSURANCES).index)
