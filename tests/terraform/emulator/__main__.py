"""Serve on a free loopback port, which is the first line of the output; ends when its input ends.

MOTO_ACCOUNT_ID=111111111111 python -m tests.terraform.emulator
"""

from __future__ import annotations

import os
import sys
import threading

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from tests.terraform.emulator import fixes
from tests.terraform.emulator.aws import Aws
from tests.terraform.emulator.eks import Eks
from tests.terraform.emulator.server import Server

HOST = "127.0.0.1"


class Handler(MotoRequestHandler):
    """Says nothing of requests that went well, and answers them in one piece: see `server.PAUSE`."""

    wbufsize = -1  # buffered

    def handle_expect_100(self) -> bool:
        """Say at once that the body may come."""
        answer = super().handle_expect_100()
        self.wfile.flush()
        return answer

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Leave it to the record of calls."""


def main() -> None:
    """Serve until nobody holds the other end of the input any more."""
    fixes.install()
    application = Server()
    server = make_server(HOST, 0, application, threaded=True, request_handler=Handler)
    application.eks = Eks(os.environ["MOTO_ACCOUNT_ID"], Aws(f"http://{HOST}:{server.port}"))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    sys.stdin.read()


main()
