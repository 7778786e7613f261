"""A real nginx with what ingress-nginx would tell it, as far as that decides where a request goes.

The ConfigMap's part is read from rendered/<env>/values/ingress-nginx.yaml. The rest is as ingress-nginx
1.15.1 writes it (rootfs/etc/nginx/template/nginx.tmpl, internal/ingress/controller/location.go): a server for
each host, a path of type Prefix as a location with a slash at its end and an exact one without, the snippet
in each server, and the request handed on as it came, for `proxy_pass` has no path.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.demo.environment import DemoError
from tests.demo.server import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.demo.environment import Environment, Route
    from tests.demo.server import Address

INSTALL = "apt-get install nginx-light"
START = 5.0  # seconds
# Where the gateway calls from. It stands for the load balancer's subnets, the only ones that nginx believes.
TRUSTED = "127.0.0.2" if sys.platform == "linux" else LOOPBACK
# Keys of the ConfigMap, and the directives of a server that they become.
SWITCHES = {
    "enable-underscores-in-headers": "underscores_in_headers",
    "ignore-invalid-headers": "ignore_invalid_headers",
    "proxy-body-size": "client_max_body_size",
}
MAIN = """\
daemon off;
master_process off;
pid nginx.pid;
error_log stderr error;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path temp;
    proxy_temp_path temp;
    fastcgi_temp_path temp;
    uwsgi_temp_path temp;
    scgi_temp_path temp;
    large_client_header_buffers 4 8k;
    server_tokens off;
{http}
{servers}
}}
"""
# Locations of a workload. What nginx says of a client that it believes is what X-Real-IP has.
PROXY = """\
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Request-ID $request_id;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Host $http_host;
            proxy_set_header X-Original-Forwarded-Host $http_x_forwarded_host;
            proxy_set_header Proxy "";"""


def find() -> Path | None:
    """Return the nginx of this machine, if there is one."""
    found = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
    return Path(found) if found else None


def configuration(environment: Environment, workloads: Mapping[Route, Address], port: int) -> str:
    """Return nginx.conf; `workloads` says where a route's listens."""
    config = environment.ingress
    http = [
        f"    {directive} {_switch(config[key])};" for key, directive in SWITCHES.items() if key in config
    ]
    if config.get("enable-real-ip") == "true":
        http += [f"    real_ip_header {config['forwarded-for-header']};", "    real_ip_recursive on;"]
        trusted = [*config["proxy-real-ip-cidr"].split(","), TRUSTED]
        http += [f"    set_real_ip_from {block};" for block in trusted]
    servers = [_default(port), *(_server(environment, host, workloads, port) for host in environment.hosts)]
    return MAIN.format(http="\n".join(http), servers="\n".join(servers))


def _switch(value: str) -> str:
    return {"true": "on", "false": "off"}.get(value, value)


def _default(port: int) -> str:
    """Hosts that no Ingress has: ingress-nginx's own answer to the probe, and 404."""
    return f"""\
    server {{
        listen {LOOPBACK}:{port} default_server;
        server_name _;
        location /healthz {{ return 200; }}
        location / {{ return 404; }}
    }}"""


def _server(environment: Environment, host: str, workloads: Mapping[Route, Address], port: int) -> str:
    locations = []
    for route in environment.routes:
        if route.host == host:
            address, own = workloads[route], environment.ingress.get("location-snippet", "")
            body = f"{PROXY}\n{own}\n            proxy_pass http://{address[0]}:{address[1]};\n        }}"
            prefix = f"{route.path.rstrip('/')}/"
            locations.append(f'        location "{prefix}" {{\n{body}')
            if route.path != "/":
                locations.append(f'        location = "{route.path}" {{\n{body}')
    if not any(route.host == host and route.path == "/" for route in environment.routes):
        locations.append("        location / { return 404; }")  # the default backend
    snippet = environment.ingress.get("server-snippet", "")
    return "\n".join(
        [
            f'    server {{\n        listen {LOOPBACK}:{port};\n        server_name "{host}";',
            *locations,
            snippet,
            "    }",
        ]
    )


@contextmanager
def running(
    nginx: Path, environment: Environment, workloads: Mapping[Route, Address], folder: Path
) -> Iterator[Address]:
    """Run nginx in an empty folder.

    Raises:
        DemoError: it does not start; says what it said.
    """
    port = _free_port()
    (folder / "temp").mkdir()
    (folder / "nginx.conf").write_text(configuration(environment, workloads, port), "utf-8")
    log = folder / "error.log"
    command: list[str | Path] = [nginx, "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf"]
    with log.open("w") as lines, subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=lines) as process:
        try:
            _wait(process, port, log)
            yield LOOPBACK, port
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as listener:
        return int(listener.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + START
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection((LOOPBACK, port)):
            return
        time.sleep(0.02)
    raise DemoError(f"nginx does not start: {log.read_text().strip().splitlines()[-1:] or 'it says nothing'}")
