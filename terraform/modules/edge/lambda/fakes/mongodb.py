"""A MongoDB server of one collection: enough of its wire protocol to log in with a role and ask once.

It speaks OP_MSG (and answers the first OP_QUERY), asks for MONGODB-AWS as Atlas does, and answers `find`.
"""

from __future__ import annotations

import contextlib
import secrets
import socketserver
import struct
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import bson

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = struct.Struct("<iiii")  # length, request id, response to, operation
OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
STS = "sts.amazonaws.com"


@dataclass(kw_only=True)
class Server:
    """What is in the collection, and what was asked."""

    documents: list[dict[str, Any]]
    address: tuple[str, int] = ("127.0.0.1", 0)
    commands: list[dict[str, Any]] = field(default_factory=list)
    authorized: list[str] = field(default_factory=list)  # what clients signed to show their role

    @property
    def uri(self) -> str:
        """The connection string of a role: no user, no password."""
        host, port = self.address
        return (
            f"mongodb://{host}:{port}/?authSource=%24external&authMechanism=MONGODB-AWS&directConnection=true"
        )

    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a command."""
        self.commands.append(command)
        match next(iter(command)):
            case "hello" | "ismaster" | "isMaster":
                return _hello()
            case "saslStart":
                given = bson.decode(command["payload"])
                return _sasl({"s": given["r"] + secrets.token_bytes(32), "h": STS}, done=False)
            case "saslContinue":
                self.authorized.append(bson.decode(command["payload"])["a"])
                return _sasl({}, done=True)
            case "find":
                return self._find(command)
        return {"ok": 1.0}

    def _find(self, command: dict[str, Any]) -> dict[str, Any]:
        if not self.authorized:
            return {"ok": 0.0, "errmsg": "command find requires authentication", "code": 13}
        wanted = command["filter"].items()
        found = [document for document in self.documents if wanted <= document.items()]
        shown = {"_id", *command["projection"]}
        batch = [{name: value for name, value in document.items() if name in shown} for document in found[:1]]
        name = f"{command['$db']}.{command['find']}"
        return {"ok": 1.0, "cursor": {"id": bson.int64.Int64(0), "ns": name, "firstBatch": batch}}


def _hello() -> dict[str, Any]:
    largest = {"maxBsonObjectSize": 2**24, "maxMessageSizeBytes": 48_000_000, "maxWriteBatchSize": 100_000}
    versions = {"minWireVersion": 0, "maxWireVersion": 25}
    return {"ok": 1.0, "isWritablePrimary": True, "helloOk": True, **versions, **largest}


def _sasl(payload: dict[str, Any], *, done: bool) -> dict[str, Any]:
    return {"ok": 1.0, "conversationId": 1, "done": done, "payload": bson.encode(payload)}


@contextmanager
def running(documents: list[dict[str, Any]]) -> Iterator[Server]:
    """Serve a collection on loopback."""
    server = Server(documents=documents)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):
                while data := self.rfile.read(HEADER.size):
                    length, request, _, operation = HEADER.unpack(data)
                    body = self.rfile.read(length - HEADER.size)
                    self.wfile.write(_reply(server, request, operation, body))

    class Listener(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Listener(server.address, Handler) as listener:
        server.address = ("127.0.0.1", listener.server_address[1])
        threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server
        finally:
            listener.shutdown()


def _reply(server: Server, request: int, operation: int, body: bytes) -> bytes:
    if operation == OP_QUERY:
        command = bson.decode(body[body.index(b"\0", 4) + 9 :])
        content = struct.pack("<iqii", 8, 0, 0, 1) + bson.encode(server.answer(command))
        operation = OP_REPLY
    else:
        command = bson.decode(body[5 : 5 + struct.unpack_from("<i", body, 5)[0]])
        content = struct.pack("<iB", 0, 0) + bson.encode(server.answer(command))
    return HEADER.pack(HEADER.size + len(content), 1, request, operation) + content
