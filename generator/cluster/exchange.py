"""A request, sent until it is answered for good: time-outs, retries, an end to every wait."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from http import HTTPStatus
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, TypeVar

from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError

from generator.cluster import answers, retry
from generator.cluster.connection import Connection
from generator.cluster.errors import ClusterError, Refused, Untrusted
from generator.cluster.retry import Clock, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from urllib3 import BaseHTTPResponse

    from generator.cluster.answers import What
    from generator.cluster.kubeconfig import Context, Kubeconfig

    T = TypeVar("T")

_JSON = "application/json"
_CHUNK = 1 << 18
_LEAST = 0.05  # seconds: none at all would mean no limit to urllib3
_NEVER_SENT = (ConnectTimeoutError, NewConnectionError, NameResolutionError)


class Exchange:
    """Requests to the API of one context, from several threads; `notice` hears why one takes long.

    What comes to no good answer raises a ClusterError, as `Cluster` says.
    """

    def __init__(
        self,
        kubeconfig: Kubeconfig,
        context: Context,
        limits: Limits | None = None,
        notice: Callable[[str], None] | None = None,
    ) -> None:
        """Read the context's credentials; nothing is sent yet. Raises NoContext, Expired as `Connection`."""
        self.context, self.limits = context, limits or Limits()
        self.ended = Event()
        self._connection = Connection(kubeconfig, context)
        self._notice = notice or (lambda _text: None)
        self._clock: Clock | None = None
        self._lock = Lock()
        self._watched: set[BaseHTTPResponse] = set()

    def close(self) -> None:
        """Close its connections; the next request opens one again."""
        self._connection.close()

    def end(self) -> None:
        """End what other threads read and wait for, for good: waits raise their trouble."""
        with self._lock:
            self.ended.set()
            watched = tuple(self._watched)
        for response in watched:
            _break_off(response)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Let all that is asked inside end after so many seconds, whatever the limits of one request."""
        before, self._clock = self._clock, Clock(seconds)
        try:
            yield
        finally:
            self._clock = before

    def document(
        self, method: str, path: str, what: What, body: Any = None, content: str = _JSON
    ) -> dict[str, Any]:
        """Send a request, again where that does no harm, and return the JSON of the answer."""
        data = self._send(method, path, what, body, content, _whole)
        try:
            document = json.loads(data)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            message = f"what answers at {self.context.server} is no Kubernetes API"
            raise Refused(message, "Something is in between: look at the server's address.", 200, "")
        return document

    def stream(self, path: str, what: What, seconds: float) -> BaseHTTPResponse:
        """Open an answer that the server goes on with for so many seconds; `end` breaks it off."""
        return self._send("GET", path, what, None, _JSON, self._followed, seconds + self.limits.read)

    def _followed(self, response: BaseHTTPResponse, _clock: Clock) -> BaseHTTPResponse:
        with self._lock:
            self._watched = {one for one in self._watched if not one.closed} | {response}
        if self.ended.is_set():  # just now
            _break_off(response)
        return response

    def _send(
        self,
        method: str,
        path: str,
        what: What,
        body: Any,
        content: str,
        take: Callable[[BaseHTTPResponse, Clock], T],
        silence: float | None = None,
    ) -> T:
        """Send a request until it is answered for good; return what `take` makes of the answer.

        Twice is as good as once, but for POST: that is sent again only when it cannot have been carried out.
        """
        headers = {"Accept": _JSON, **({} if body is None else {"Content-Type": content})}
        clock = self._clock or Clock(self.limits.patience)
        waits, renewed = retry.pauses(self.limits.attempts), False
        while True:
            pause, trouble = 0.0, None
            try:
                response = self._connection.send(method, path, headers, body, self._seconds(clock, silence))
                if response.status < HTTPStatus.BAD_REQUEST:
                    return take(response, clock)
                said = response.read()
            except (HTTPError, ApiException, OSError) as raised:
                error = _root(raised)
                if not clock.left:
                    raise answers.late(what, self.context, clock.limit) from None
                trouble = answers.silent(error, what, self.context)
                if isinstance(trouble, Untrusted) or (
                    method == "POST" and not isinstance(error, _NEVER_SENT)
                ):
                    raise trouble from None
            else:
                status = response.status
                if status == HTTPStatus.UNAUTHORIZED and not renewed and self.context.command:
                    renewed = True  # the cluster may have ended a token before its time
                    self._connection.renew()
                    continue
                if status not in retry.AGAIN or (method == "POST" and status != HTTPStatus.TOO_MANY_REQUESTS):
                    raise answers.refused(status, said, what, self.context)
                trouble = answers.busy(status, said, what, self.context)
                pause = retry.asked(response.headers.get("Retry-After"))
            self._wait(pause, next(waits, None), clock, trouble)

    def _seconds(self, clock: Clock, silence: float | None) -> tuple[float, float]:
        """Return how long to wait for a connection, and for a byte."""
        left = max(clock.left, _LEAST)
        return min(self.limits.connect, left), silence or min(self.limits.read, left)

    def _wait(self, asked: float, pause: float | None, clock: Clock, trouble: ClusterError) -> None:
        """Wait before the next try, at least as long as asked; raises the trouble when there is none."""
        if pause is None or max(asked, pause) >= clock.left:
            raise trouble from None
        self._notice(f"{trouble.message}; trying again in {max(asked, pause):.1f} s")
        if self.ended.wait(max(asked, pause)):
            raise trouble from None


def _root(error: BaseException) -> BaseException:
    """Return what urllib3 raised where the kubernetes client put a text of its own in its place."""
    return error.__context__ if isinstance(error, ApiException) and error.__context__ else error


def _break_off(response: BaseHTTPResponse) -> None:
    """End what another thread reads of an answer."""
    with suppress(ValueError, RuntimeError, OSError):  # it has ended by itself
        response.shutdown()


def _whole(response: BaseHTTPResponse, clock: Clock) -> bytes:
    """Read an answer to its end; raises TimeoutError when that comes too late."""
    parts = []
    for part in response.stream(_CHUNK):
        parts.append(part)
        if not clock.left:
            response.close()
            raise TimeoutError
    response.release_conn()
    return b"".join(parts)
