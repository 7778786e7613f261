"""The WSGI application: every call recorded, EKS answered here, the rest by moto."""

from __future__ import annotations

import io
import json
import threading
import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from tests.terraform.emulator.aws import OWN_KEY
from tests.terraform.emulator.calls import identify
from tests.terraform.emulator.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.terraform.emulator.calls import Call
    from tests.terraform.emulator.eks import Eks

CALLS = "/_emulator/calls"  # the calls so far, oldest first

# Seconds that a call takes at least, as over a network. The SDK of Terraform's provider closes a request's
# body as soon as the answer begins; if its own writer is not through with that body yet, it hangs up and
# makes the call again. With answers at once, and in two pieces, that was a call of every other apply: a
# second address, a name that is in use.
PAUSE = 0.01


class Server:
    """Callable as WSGI wants it."""

    eks: Eks  # set once the address is known, for it calls back

    def __init__(self) -> None:
        """Stand before moto."""
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.calls: list[Call] = []
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == CALLS:
            with self.lock:
                return _answer(start_response, "200 OK", [call.as_dict() for call in self.calls])
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        call = identify(environ, body)
        if call and call.key != OWN_KEY:
            time.sleep(PAUSE)
            start_response = self._recorded(call, start_response)
        if call and call.service == "eks":
            return self._eks(call, start_response)
        answer: Iterable[bytes] = self.moto(environ, start_response)
        return answer

    def _recorded(self, call: Call, start_response: Any) -> Any:
        """Remember a call, in the order in which they come, and how it is answered."""
        with self.lock:
            place = len(self.calls)
            self.calls.append(call)

        def started(status: str, *arguments: Any) -> Any:
            with self.lock:
                self.calls[place] = replace(call, status=int(status.partition(" ")[0]))
            return start_response(status, *arguments)

        return started

    def _eks(self, call: Call, start_response: Any) -> Iterable[bytes]:
        try:
            return _answer(start_response, "200 OK", self.eks.answer(call))
        except AwsError as error:
            return _answer(start_response, error.status, {"message": error.message}, error.code)


def _answer(start_response: Any, status: str, document: object, error: str = "") -> Iterable[bytes]:
    data = json.dumps(document).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(data))),
        ("x-amzn-RequestId", str(uuid.uuid4())),
    ]
    if error:
        headers.append(("x-amzn-ErrorType", error))
    start_response(status, headers)
    return [data]
