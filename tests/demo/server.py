"""HTTP/1.1 on loopback, with request targets as they came: `http.server` alone would mend some of them."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from tests.demo.messages import Answer, Request, answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Respond = Callable[[Request], Answer]
    Address = tuple[str, int]

LOOPBACK = "127.0.0.1"
LONGEST_LINE = (
    8192  # as nginx has it (large_client_header_buffers); API Gateway takes 10,240 bytes of all headers
)
LARGEST_BODY = 10 * 2**20  # API Gateway quotas, "Payload size"
SECONDS = 30  # API Gateway quotas, "Integration timeout"


class Listener(ThreadingHTTPServer):
    """A port; answers once `respond` is set."""

    daemon_threads = True
    request_queue_size = 64
    respond: Respond

    @property
    def at(self) -> Address:
        """Where it listens."""
        return LOOPBACK, self.server_port

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Listener

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(LONGEST_LINE + 1)
        if not self.raw_requestline:
            self.close_connection = True
        elif len(self.raw_requestline) > LONGEST_LINE:
            self.close_connection = True
            self.command = self.requestline = ""
            self.request_version = self.protocol_version
            self._send(answer(414, {"message": "Request-URI Too Long"}))
        elif self.parse_request():
            request = self._read()
            self._send(self.server.respond(request) if isinstance(request, Request) else request)

    def _read(self) -> Request | Answer:
        """Return the request, or what is wrong with it."""
        lengths = self.headers.get_all("Content-Length") or ["0"]
        if self.headers["Transfer-Encoding"] is not None:
            self.close_connection = True
            return answer(411, {"message": "Length Required"})
        if len(lengths) > 1 or not lengths[0].isdecimal() or self.request_version == "HTTP/0.9":
            self.close_connection = True
            return answer(400, {"message": "Bad Request"})
        if int(lengths[0]) > LARGEST_BODY:
            self.close_connection = True
            return answer(413, {"message": "Request Entity Too Large"})
        return Request(
            method=self.command,
            target=self.requestline.split()[1],  # `self.path` has lost all but one slash at its start
            headers=tuple(self.headers.items()),
            body=self.rfile.read(int(lengths[0])),
            address=self.client_address[0],
        )

    def _send(self, given: Answer) -> None:
        self.send_response_only(given.status)
        for name, value in given.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(given.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(given.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no HTTP; the page of `http.server` would quote it."""
        del message, explain
        self.close_connection = True
        self.command = ""
        self._send(answer(code, {"message": http.client.responses[code]}))

    def log_message(self, *_: object) -> None:
        """Leave it to whoever responds."""


@contextmanager
def listening(port: int = 0) -> Iterator[Listener]:
    """Listen on a port of loopback, any free one for 0; OSError when it is taken."""
    with Listener((LOOPBACK, port), _Handler) as listener:
        thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield listener
        finally:
            listener.shutdown()


@dataclass(frozen=True, kw_only=True)
class Peer:
    """An HTTP server; `source` is the address to call it from."""

    address: Address
    source: str = LOOPBACK

    def ask(self, request: Request) -> Answer:
        """Send a request as it is, one connection for each, and return the answer.

        Raises:
            OSError: nobody answers, or not in time (TimeoutError).
            http.client.HTTPException: what answers is no HTTP.
        """
        length = () if request.header("Content-Length") else (("Content-Length", str(len(request.body))),)
        lines = [f"{name}: {value}" for name, value in (*request.headers, *length, ("Connection", "close"))]
        head = "\r\n".join([f"{request.method} {request.target} HTTP/1.1", *lines, "", ""])
        return self.send(head.encode("latin-1", "replace") + request.body, method=request.method)

    def send(self, data: bytes, *, method: str = "GET") -> Answer:
        """Send bytes and return the answer; raises as `ask`."""
        with socket.create_connection(self.address, SECONDS, (self.source, 0)) as connection:
            with contextlib.suppress(ConnectionError):  # it may answer before it has read all
                connection.sendall(data)
            response = http.client.HTTPResponse(connection, method=method)
            response.begin()
            return Answer(status=response.status, headers=tuple(response.getheaders()), body=response.read())
