"""What a person reads when the demo has started: what runs, the routes, and what to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.demo.account import MARIA
from tests.demo.environment import OPEN
from tests.demo.nginx import INSTALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.demo.demo import Demo
    from tests.demo.environment import Route

OF_IT = """sed -E 's/.*"access_token":"([^"]+)".*/\\1/'"""
JSON = "-H 'Content-Type: application/json'"
NEEDS = {OPEN: "open", "identified": "a CPF", "verified": "a CPF and a code"}


def text(demo: Demo) -> str:
    """Return it."""
    environment = demo.environment
    url = _url(demo)
    ingress = (
        f"nginx at {demo.ingress.address[1]}"
        if demo.ingress
        else f"no nginx ({INSTALL}): straight to workloads"
    )
    lines = [
        f"{environment.name}: {url} is https://{environment.api_host}; others take -H 'Host: <host>'.",
        f"Behind it: both Lambda packages, AWS and MongoDB emulated, {ingress}, {', '.join(demo.workloads)}.",
        "",
        *(
            f"  {route.host + route.path:50} {NEEDS[route.auth]:18} {route.workload}"
            for route in environment.routes
        ),
        "",
        f"Maria is a customer: CPF {MARIA.cpf}, {MARIA.email}. Paste one after the other:",
        "",
        *(f"{number:2}. {what}\n    {command}" for number, (what, command) in enumerate(steps(demo), 1)),
        "",
        "Ctrl-C ends it.",
    ]
    return "\n".join(lines)


def steps(demo: Demo) -> Iterator[tuple[str, str]]:
    """Yield what to see, and the command that shows it; TOKEN and CODE are variables of the shell."""
    url = _url(demo)
    routes = [r for r in demo.environment.routes if r.host == demo.environment.api_host]
    opened, identified, verified = (_first(routes, auth) for auth in NEEDS)
    yield "The keys that verify tokens", f"curl -s {url}/.well-known/jwks.json"
    if opened:
        yield "Open to everybody", f"curl -si {url}{opened.path}"
    if identified:
        yield "Without a token: 401", f"curl -si {url}{identified.path}"
    ask = f"""curl -s {url}/auth/token {JSON} -d '{{"cpf":"{MARIA.cpf}"}}'"""
    yield "Identify", f"TOKEN=$({ask} | {OF_IT})"
    bearer = '-H "Authorization: Bearer $TOKEN"'
    if identified:
        yield (
            "What a workload sees, whatever you claim to be",
            (f"curl -s {url}{identified.path} {bearer} -H 'X-Customer-Id: somebody'"),
        )
        yield "No way around: 403", f"curl -si --path-as-is {url}{identified.path}/ {bearer}"
        if opened:
            yield "Nor this one: 400", f"curl -si --path-as-is {url}{opened.path}/..{identified.path}"
    if verified:
        yield "A CPF alone is not enough here: 403", f"curl -si {url}{verified.path} {bearer}"
        code = f"""curl -si {url}/auth/code {JSON} -d '{{"cpf":"{MARIA.cpf}"}}'"""
        yield "Get a code; the mail appears below", code
        both = f"""curl -s {url}/auth/token {JSON} -d '{{"cpf":"{MARIA.cpf}","code":"'$CODE'"}}'"""
        yield "Verify with it", f"printf 'code: '; read -r CODE; TOKEN=$({both} | {OF_IT})"
        yield "Now it is Maria", f"curl -si {url}{verified.path} {bearer}"
    if demo.ingress:
        direct = f"http://localhost:{demo.ingress.address[1]}"
        path = (identified or verified or opened or routes[0]).path
        host = f"-H 'Host: {demo.environment.api_host}'"
        yield (
            "Past the gateway: the workload refuses",
            f"curl -si {direct}{path} {host} -H 'X-Customer-Id: {MARIA.id}'",
        )


def _url(demo: Demo) -> str:
    return f"http://localhost:{demo.gateway.address[1]}"


def _first(routes: list[Route], auth: str) -> Route | None:
    return next((route for route in routes if route.auth == auth), None)
