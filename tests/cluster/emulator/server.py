"""HTTPS on loopback: one thread a connection, all of them ended with the server."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Any

from tests.cluster.emulator import errors, paths, router

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from tests.cluster.emulator.emulator import Request
    from tests.cluster.emulator.faults import Fault, Faults
    from tests.cluster.emulator.router import Question, Reply, Router

PATIENCE = 5.0  # seconds for threads to end, or for a port to be free again


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, *_: object) -> None:
        """Nothing: `Emulator.requests` has it."""

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        path, query = paths.split(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        question = router.Question(
            method=self.command, path=path, query=query, headers=headers, body=body, gone=self._gone
        )
        if self.server.ending:  # what is said on a connection that still stands must not be heard any more
            self.hang_up()
            return
        self.server.exchange(self, question)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815 - http.server's

    def _gone(self) -> bool:
        """Whether the client hung up: it sends nothing while it waits, so anything readable is the end."""
        if self.server.ending:
            return True
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable)

    def send(self, reply: Reply) -> None:
        """Write an answer, piece by piece when it is a stream."""
        self.send_response(reply.code)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Cache-Control", "no-cache, private")
        self.send_header("Audit-Id", "00000000-0000-4000-8000-000000000000")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        for warning in reply.warnings:
            self.send_header("Warning", '299 - "' + warning.replace("\\", "\\\\").replace('"', '\\"') + '"')
        if reply.stream is None:
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
            return
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        for piece in reply.stream:
            self.wfile.write(b"%x\r\n" % len(piece) + piece + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def hang_up(self) -> None:
        """Break the connection off."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


class Server(ThreadingMixIn, TCPServer):
    """Listens until `close`."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, tls: ssl.SSLContext, exchange: Callable[[Handler, Question], None]) -> None:
        self.exchange = exchange
        self.ending = False
        self._tls = tls
        self._lock = threading.Lock()
        self._working: set[threading.Thread] = set()
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)
        self._accepting = threading.Thread(
            target=self.serve_forever, args=(0.02,), daemon=True, name="apiserver"
        )
        self._accepting.start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Greet, and serve, in the connection's own thread: a slow client holds up nobody."""
        thread = threading.current_thread()
        with self._lock:
            self._working.add(thread)
        encrypted: Any = request
        try:
            request.settimeout(30)
            encrypted = self._tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
            with self._lock:  # who never greets must not hold up the end
                self._open.add(encrypted)
            encrypted.do_handshake()
            encrypted.settimeout(None)
            if not self.ending:
                self.finish_request(encrypted, client_address)
        except OSError:  # also TLS: the client left, or does not trust this authority
            pass
        finally:
            with self._lock:
                self._open.discard(encrypted)
            self.shutdown_request(encrypted)
            with self._lock:
                self._working.discard(thread)

    def close(self) -> None:
        """Stop listening, break every connection, and wait for their threads."""
        self.ending = True
        self.shutdown()
        self.server_close()
        self._accepting.join(PATIENCE)
        with self._lock:
            sockets, threads = list(self._open), list(self._working)
        for one in sockets:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(PATIENCE)


def listen(port: int, tls: ssl.SSLContext, exchange: Callable[[Handler, Question], None]) -> Server:
    """A server on `port` (0: any), again and again while somebody else's connection still holds it."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return Server(port, tls, exchange)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def answer(
    handler: Handler,
    question: Question,
    route: Router,
    faults: Faults,
    refuse: Callable[[], None],
    request: Request,
) -> None:
    """Answer one question, or do what a fault says; notes the code in `request` before it is sent."""
    place = paths.place(question.method, question.path, question.query)
    verb = place.verb if place else question.method.lower()
    fault = faults.of(question.method, question.path, verb, question.headers.get("user-agent", ""))
    if fault is not None and fault.delay:
        _wait(fault.delay, handler)
    reply = None
    if fault is None or fault.after or not (fault.refuse or fault.close or fault.status):
        reply = route.answer(question)
    if fault is not None and (fault.refuse or fault.close):
        if fault.refuse:
            refuse()  # before the client knows: its next connection must be refused, and not break half way
        handler.hang_up()
        return
    if reply is None or (fault is not None and fault.status):
        reply = _ordered(fault)
    request.status = reply.code
    handler.send(reply)


def _wait(seconds: float, handler: Handler) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not handler.server.ending:
        time.sleep(min(0.02, max(0.0, end - time.monotonic())))


def _ordered(fault: Fault | None) -> Reply:
    if fault is None or fault.status is None:
        raise ValueError("the fault has no status")
    return router.status(errors.of_code(fault.status, fault.message, retry_after=fault.retry_after))
