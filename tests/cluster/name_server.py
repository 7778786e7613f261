"""A resolver on loopback that knows what a test tells it."""

from __future__ import annotations

import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Names:
    """NS records by domain; a domain in `lame` is delegated to servers that do not know it."""

    servers: dict[str, list[str]] = field(default_factory=dict)
    lame: set[str] = field(default_factory=set)
    silent: bool = False
    address: str = ""

    def answer(self, data: bytes) -> bytes | None:
        if self.silent:
            return None
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        name = query.question[0].name.to_text(omit_final_dot=True)
        if name in self.lame:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name not in self.servers:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif self.servers[name]:
            records = [f"{server}." for server in self.servers[name]]
            answer.answer.append(dns.rrset.from_text(f"{name}.", 300, "IN", "NS", *records))
        return answer.to_wire()


@contextmanager
def answering(names: Names) -> Iterator[Names]:
    """Serve over UDP on a free port until the end."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, socket = self.request
            found = names.answer(data)
            if found is not None:
                socket.sendto(found, self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        names.address = f"127.0.0.1:{server.server_address[1]}"
        yield names
        server.shutdown()
