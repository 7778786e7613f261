"""The flow as a client has it, and every way around that a path offers, through the functions and nginx."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import pytest

from fakes import forgery, keys, world
from tests.demo import ROOT, demo, environment, guide, nginx, packages, routing, server, variants
from tests.demo.account import MARIA
from tests.demo.environment import OPEN, Cors, Throttle
from tests.demo.gateway import Gateway
from tests.demo.messages import Request, answer
from tests.demo.packages import NoPackagesError
from tests.demo.verifier import RefusedError, Verifier
from tests.demo.workload import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.demo.demo import Demo
    from tests.demo.environment import Environment, Route
    from tests.demo.messages import Answer
    from tests.demo.server import Peer
    from tests.demo.workload import Served

pytestmark = pytest.mark.offline  # slow: an emulator, processes, perhaps wheels

NO_NGINX = f"nginx is missing: {nginx.INSTALL}"
NO_INDEX = "no package index can be reached, so the Lambda packages cannot be built"
SHOP = "https://shop.example"
JSON = ("Content-Type", "application/json")
SOMEBODY = "11111111-1111-4111-8111-111111111111"


def shipped() -> Environment:
    """The environment dev, where scripts of a shop may call, and nobody calls too often."""
    cors = Cors(origins=(SHOP,), methods=("GET", "POST"), headers=("authorization",), max_age=300)
    found = environment.read(ROOT / "rendered", "dev")
    routes = tuple(replace(route, throttle=None) for route in found.routes)
    return replace(found, cors=cors, routes=routes, throttle=Throttle(rate=1e6, burst=1_000_000))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """All of it, once."""
    if nginx.find() is None:
        pytest.skip(NO_NGINX)
    try:
        archives = packages.ready()
    except NoPackagesError:
        pytest.skip(NO_INDEX)
    folder = tmp_path_factory.mktemp("demo")
    with (
        server.listening() as listener,
        demo.running(shipped(), listener, archives, folder, print) as started,
    ):
        yield started


def ask(
    peer: Peer, method: str, target: str, *headers: tuple[str, str], host: str = "", body: Any = None
) -> Answer:
    """Ask as a client; the host is the API's unless another is named."""
    named = (("Host", host or "api.dev.techchallenge.example"), *headers)
    data = b"" if body is None else json.dumps(body).encode()
    return peer.ask(Request(method=method, target=target, headers=named, body=data))


def bearer(token: str) -> tuple[str, str]:
    return ("Authorization", f"Bearer {token}")


@pytest.fixture(scope="module")
def identified(running: Demo) -> str:
    """A token for a CPF that somebody stated."""
    given = ask(running.gateway, "POST", "/auth/token", JSON, body={"cpf": MARIA.cpf})
    assert (given.status, given.json()["acr"]) == (200, "identified")
    return str(given.json()["access_token"])


@pytest.fixture(scope="module")
def verified(running: Demo) -> str:
    """A token for Maria, who has read her mail."""
    sent = ask(running.gateway, "POST", "/auth/code", JSON, body={"cpf": MARIA.cpf})
    assert (sent.status, sent.json()) == (202, {"expires_in": 300})
    to, text = running.mails[-1]
    code = re.search(r"é (\d{8})\b", text)
    assert to == MARIA.email
    assert code
    given = ask(running.gateway, "POST", "/auth/token", JSON, body={"cpf": MARIA.cpf, "code": code[1]})
    assert (given.status, given.json()["acr"]) == (200, "verified")
    return str(given.json()["access_token"])


def by_auth(running: Demo, *auth: str) -> list[Route]:
    return [route for route in running.environment.routes if route.auth in auth]


def served(running: Demo) -> list[Served]:
    """Return what reached workloads since the last time, and forget it."""
    found = [one for workload in running.workloads.values() for one in workload.served]
    for workload in running.workloads.values():
        workload.served.clear()
    return found


# --- The flow


def test_an_open_route_needs_nothing_and_believes_nobody(running: Demo) -> None:
    for route in by_auth(running, OPEN):
        given = ask(
            running.gateway, "GET", route.path, ("X-Customer-Id", SOMEBODY), ("X-Customer-Acr", "verified")
        )
        assert given.status == 200
        assert given.json()["workload"] == route.workload
        assert given.json()["told"] == {"X-Customer-Id": None, "X-Customer-Acr": None}


def test_without_a_token_no_other_route_answers(running: Demo) -> None:
    served(running)
    for route in by_auth(running, "identified", "verified"):
        for headers in (
            (),
            (("Authorization", ""),),
            (("X-Customer-Id", SOMEBODY), ("X-Customer-Acr", "verified")),
        ):
            given = ask(running.gateway, "GET", route.path, *headers, host=route.host)
            assert (given.status, given.json()) == (401, {"message": "Unauthorized"})
    assert served(running) == []


def test_a_token_that_does_not_hold_is_refused(running: Demo, identified: str) -> None:
    served(running)
    stranger, now = keys.new(running.environment.signing_keys[0]), int(time.time())
    dates = {"iat": now - 1000, "nbf": now - 1000, "exp": now - 100}
    head, payload, signature = identified.split(".")
    wrong = [
        forgery.sign(stranger, forgery.header(stranger), forgery.claims(iat=now, nbf=now, exp=now + 900)),
        forgery.sign(stranger, forgery.header(stranger), forgery.claims(**dates)),
        f"{head}.{payload}.{signature[::-1]}",
        f"{head}.{forgery.part(forgery.claims(iat=now, nbf=now, exp=now + 900))}.{signature}",
        f"{forgery.part({'alg': 'none', 'typ': 'at+jwt'})}.{payload}.",
        "x",
    ]
    for token in wrong:
        given = ask(running.gateway, "GET", "/orders", bearer(token))
        assert (given.status, given.json()) == (403, {"message": "Forbidden"})
    assert ask(running.gateway, "GET", "/orders", ("Authorization", f"Basic {identified}")).status == 403
    assert served(running) == []


def test_a_cpf_opens_identified_routes_and_no_verified_one(running: Demo, identified: str) -> None:
    for route in by_auth(running, "identified"):
        seen = ask(running.gateway, "GET", f"{route.path}/42?x=//..", bearer(identified)).json()
        assert (seen["workload"], seen["path"], seen["acr"]) == (
            route.workload,
            f"{route.path}/42?x=//..",
            "identified",
        )
        assert seen["customer"] not in (None, MARIA.id)  # a CPF proves nothing, so it is nobody in particular
        assert seen["told"] == {"X-Customer-Id": seen["customer"], "X-Customer-Acr": "identified"}
    served(running)
    for route in by_auth(running, "verified"):
        given = ask(running.gateway, "GET", route.path, bearer(identified), host=route.host)
        assert (given.status, given.json()) == (403, {"message": "Forbidden"})
    assert served(running) == []


def test_a_code_opens_verified_routes(running: Demo, verified: str) -> None:
    for route in by_auth(running, "identified", "verified"):
        seen = ask(running.gateway, "POST", route.path, bearer(verified), host=route.host, body={}).json()
        assert (seen["workload"], seen["customer"], seen["acr"]) == (route.workload, MARIA.id, "verified")


def test_what_a_client_says_of_itself_does_not_arrive(running: Demo, identified: str) -> None:
    lies = [("X-Customer-Id", SOMEBODY), ("x-customer-acr", "verified"), ("X-Client-Address", "198.51.100.9")]
    lies += [("X_Customer_Id", SOMEBODY), ("X-Real-IP", "198.51.100.9"), ("X-Forwarded-For", "198.51.100.9")]
    seen = ask(running.gateway, "GET", "/orders", bearer(identified), *lies).json()
    assert seen["told"] == {"X-Customer-Id": seen["customer"], "X-Customer-Acr": "identified"}
    assert (seen["acr"], seen["client_address"]) == ("identified", server.LOOPBACK)


def test_past_the_gateway_nobody_is_believed(running: Demo, identified: str) -> None:
    assert running.ingress
    for headers in (
        [("X-Customer-Id", MARIA.id), ("X-Customer-Acr", "verified")],
        [("X-Customer-Id", MARIA.id), bearer(identified)],
    ):
        assert ask(running.ingress, "GET", "/orders", *headers).status == 401
    assert ask(running.ingress, "GET", "/customers", bearer(identified)).status == 403
    assert ask(running.ingress, "GET", "/menu", ("X-Customer-Id", MARIA.id)).status == 401
    seen = ask(running.ingress, "GET", "/menu", ("X-Client-Address", "198.51.100.9")).json()
    assert seen["client_address"] == server.LOOPBACK


def test_the_keys_and_how_to_find_them_are_published(running: Demo) -> None:
    found = ask(running.gateway, "GET", "/.well-known/openid-configuration").json()
    assert found["issuer"] == running.environment.issuer
    published = ask(running.gateway, "GET", found["jwks_uri"].removeprefix(found["issuer"]))
    assert dict(published.headers)["cache-control"] == "public, max-age=300"
    assert tuple(key["kid"] for key in published.json()["keys"]) == running.environment.signing_keys


def test_scripts_of_the_shop_may_call_and_others_may_not(running: Demo, identified: str) -> None:
    preflight = ("Access-Control-Request-Method", "GET")
    for route in running.environment.routes:
        given = ask(running.gateway, "OPTIONS", route.path, ("Origin", SHOP), preflight, host=route.host)
        assert (given.status, dict(given.headers)["access-control-allow-origin"]) == (204, SHOP)
        given = ask(
            running.gateway,
            "OPTIONS",
            route.path,
            ("Origin", "https://x.example"),
            preflight,
            host=route.host,
        )
        assert "access-control-allow-origin" not in dict(given.headers)
        # Should the gateway hand on what it does not take for a preflight request, no workload sees it.
        given = ask(running.gateway, "OPTIONS", route.path, host=route.host)
        assert (given.status, NAME not in dict(given.headers)) == (200, True)
    given = ask(running.gateway, "GET", "/orders", bearer(identified), ("Origin", SHOP))
    assert dict(given.headers)["access-control-allow-origin"] == SHOP


def test_what_nobody_asked_for_is_not_there(running: Demo, identified: str) -> None:
    for method, path in (
        ("GET", "/"),
        ("GET", "/auth/token"),
        ("GET", "/ORDERS"),
        ("POST", "/healthz"),
        ("GET", "/x"),
    ):
        given = ask(running.gateway, method, path, bearer(identified))
        assert (given.status, given.json()) == (404, {"message": "Not Found"})
    assert ask(running.gateway, "GET", "/orders", host="elsewhere.example").status == 403
    assert ask(running.gateway, "GET", "/healthz").status == 200
    with_body = ask(running.gateway, "POST", "/auth/token", JSON, body={"cpf": "11111111111"})
    assert (with_body.status, with_body.json()) == (400, {"error": "invalid_cpf"})


def test_a_route_takes_as_many_requests_as_it_may() -> None:
    few = replace(shipped(), throttle=Throttle(rate=0.001, burst=3), cors=None)
    gateway = Gateway(environment=few, authorizer=dict, token=dict, forward=lambda *_: answer(200, {}))
    request = Request(method="GET", target="/menu", headers=(("Host", few.api_host),), address="127.0.0.1")
    given = [gateway.respond(request) for _ in range(5)]
    assert [one.status for one in given] == [200, 200, 200, 429, 429]
    assert given[-1].json() == {"message": "Too Many Requests"}


# --- Ways around


def raw(target: str, host: str, *headers: tuple[str, str]) -> bytes:
    lines = "".join(
        f"{name}: {value}\r\n" for name, value in (("Host", host), *headers, ("Connection", "close"))
    )
    return f"GET {target.replace('{host}', host)} HTTP/1.1\r\n{lines}\r\n".encode("latin-1")


def spellings(running: Demo, route: Route) -> list[str]:
    opened = next(one.path for one in by_auth(running, OPEN))
    return list(dict.fromkeys(variants.of(route.path, opened)))


@pytest.mark.parametrize("auth", ["identified", "verified"])
def test_no_spelling_of_a_path_gets_past_the_gateway(running: Demo, identified: str, auth: str) -> None:
    """Without a token, and with one that is too weak."""
    served(running)
    tokens = [()] if auth == "identified" else [(), (bearer(identified),)]
    for route in by_auth(running, auth):
        for target in [route.path, *spellings(running, route)]:
            for headers in tokens:
                given = running.gateway.send(raw(target, route.host, *headers))
                reached = served(running)
                assert {one.via.auth for one in reached} <= {OPEN}, (target, given)
                assert given.status in (301, 400, 401, 403, 404, 414) or {one.status for one in reached} == {
                    200
                }


def test_no_spelling_of_a_path_is_served_past_the_gateway(running: Demo) -> None:
    """Straight to nginx: refused there, or by the very workload that the plain path belongs to."""
    assert running.ingress
    refused = 0
    served(running)
    for route in by_auth(running, "identified", "verified"):
        plain = running.ingress.send(raw(route.path, route.host))
        assert (plain.status, plain.json()["workload"]) == (401, route.workload)
        for target in spellings(running, route):
            for sent in {target, unquote_to_bytes(target.encode("latin-1")).decode("latin-1")}:
                if re.search(r"[\s\x00]", sent):  # would be another request, or none
                    continue
                served(running)
                given = running.ingress.send(raw(sent, route.host))
                reached = served(running)
                refused += given.status == 400
                assert {one.via for one in reached} <= {route, *by_auth(running, OPEN)}, (sent, reached)
                assert given.status in (400, 401, 404, 414) or {one.via.auth for one in reached} == {OPEN}
    assert refused > 100


def test_what_people_send_is_not_refused(running: Demo, identified: str) -> None:
    for target in (
        "/orders/42",
        "/orders/a.b~c_d-e:f@g",
        "/orders?next=https://x/../y;z#",
        "/menu/caf%C3%A9",
        "/menu/a%20b",
    ):
        assert ask(running.gateway, "GET", target, bearer(identified)).status == 200, target


def test_the_gateway_takes_the_route_that_fits_best(running: Demo) -> None:
    known = routing.routes(running.environment)[running.environment.api_host]
    for method, path, key in (
        ("GET", "/orders", "ANY /orders"),
        ("GET", "/orders/", "ANY /orders"),
        ("GET", "/orders/1/2", "ANY /orders/{proxy+}"),
        ("OPTIONS", "/orders/1", "OPTIONS /orders/{proxy+}"),
        ("GET", "/menu/../orders", "ANY /menu/{proxy+}"),
        ("POST", "/auth/token", "POST /auth/token"),
    ):
        found = routing.find(known, method, path)
        assert found
        assert found[0].key == key
    assert routing.find(known, "GET", "/ordersx") is None
    assert routing.decoded("/%6frders/%252e%3fx") == "/orders/%2e"


# --- What people are told


def test_what_a_person_pastes_shows_what_it_says(running: Demo) -> None:
    """Every line of the guide, in one shell after the other; a status in its title is the one that comes."""
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is missing: apt-get install curl")
    running.account.forget()  # Maria may have had a code within this minute
    token, seen = "", []
    for title, command in guide.steps(running):
        code = re.findall(r"\d{8}", running.mails[-1][1])[0] if running.mails else ""
        shell = subprocess.run(
            ["bash", "-c", f'{command}; echo; echo "$TOKEN"'],
            input=f"{code}\n",
            capture_output=True,
            text=True,
            check=True,
            env={"PATH": os.environ["PATH"], "TOKEN": token},
        )
        *_, token = shell.stdout.splitlines()
        status = re.search(r": (\d{3})$", title)
        if status:
            assert shell.stdout.startswith(f"HTTP/1.1 {status[1]}"), title
        seen.append(shell.stdout)
    assert f'"customer": "{MARIA.id}", "acr": "verified"' in seen[-2]
    assert "no bearer token" in seen[-1]


def test_without_nginx_the_gateway_calls_workloads_and_says_so(
    running: Demo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    del running  # only where the packages can be had
    monkeypatch.setattr(nginx, "find", lambda: None)
    with (
        server.listening() as listener,
        demo.running(shipped(), listener, packages.ready(), tmp_path, print) as started,
    ):
        assert f"no nginx ({nginx.INSTALL})" in guide.text(started)
        assert ask(started.gateway, "GET", "/menu").json()["workload"] == "orders"
        assert ask(started.gateway, "GET", "/orders").status == 401
        assert ask(started.gateway, "GET", "/healthz").status == 200


def test_what_keeps_the_demo_from_starting_is_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "dev" / "terraform"
    folder.mkdir(parents=True)
    (folder / "platform.tfvars.json").write_text('{"gateway": null}')
    with server.listening() as listener:
        taken = str(listener.server_port)
        for arguments, message in (
            (["--port", taken], f"port {taken} is taken"),
            (["--environment", "stagin"], "did you mean staging?"),
            (["--rendered", str(tmp_path)], "the gateway of dev is off"),
        ):
            command = [sys.executable, "-m", "tests.demo", *arguments]
            run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            assert (run.returncode, run.stderr.count("\n")) == (2, 1), run.stderr
            assert message in run.stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_ends_without_leftovers(running: Demo, stop: signal.Signals) -> None:
    del running  # as above
    command = [sys.executable, "-m", "tests.demo", "--port", "0"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout
        assert any(line.startswith("Ctrl-C") for line in process.stdout)
        os.killpg(process.pid, stop) if stop == signal.SIGINT else process.send_signal(stop)
        assert process.stdout.read() == ""
        assert process.wait() == 0
    with pytest.raises(ProcessLookupError):  # nobody of its group is left
        os.killpg(process.pid, 0)


def test_the_page_shows_the_verifier_that_is_tested() -> None:
    page = (ROOT / "docs" / "authentication.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert Path(ROOT / "tests" / "demo" / "verifier.py").read_text("utf-8") in blocks


def test_keys_are_kept_and_asked_for_again_when_a_new_one_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, first, second, asked = [1000.0], keys.new("first"), keys.new("second"), []
    published = [first]

    def read() -> Any:
        asked.append(clock[0])
        return json.loads(keys.document(*published))

    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    verifier, now = Verifier(world.ISSUER, world.AUDIENCE, read), int(time.time())
    claims = forgery.claims(iat=now, nbf=now, exp=now + 900)
    tokens = [forgery.sign(pair, forgery.header(pair), claims) for pair in (first, second)]
    assert verifier.verify(f"Bearer {tokens[0]}", claims["sub"]) == claims
    assert verifier.verify(f"Bearer {tokens[0]}", None) == claims
    with pytest.raises(RefusedError):
        verifier.verify(f"Bearer {tokens[1]}", None)
    assert asked == [1000.0]  # a stranger does not make us ask
    published.append(second)
    clock[0] += 11
    assert verifier.verify(f"Bearer {tokens[1]}", None) == claims
    clock[0] += 301
    assert verifier.verify(f"Bearer {tokens[0]}", None) == claims
    assert asked == [1000.0, 1011.0, 1312.0]


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another"},
        {"exp": int(time.time()) - 10},
        {"exp": None},
        {"acr": "admin"},
        {"acr": None},
        {"sub": None},
    ],
)
def test_a_workload_refuses_what_is_not_for_it(changed: dict[str, Any]) -> None:
    pair, now = keys.new("one"), int(time.time())
    verifier = Verifier(world.ISSUER, world.AUDIENCE, lambda: json.loads(keys.document(pair)))
    claims = forgery.claims(**{"iat": now, "nbf": now, "exp": now + 900, **changed})
    with pytest.raises(RefusedError):
        verifier.verify(f"Bearer {forgery.sign(pair, forgery.header(pair), claims)}", None)


def test_a_workload_refuses_other_kinds_of_tokens_and_another_customer() -> None:
    pair, now = keys.new("one"), int(time.time())
    verifier = Verifier(world.ISSUER, world.AUDIENCE, lambda: json.loads(keys.document(pair)))
    claims = forgery.claims(iat=now, nbf=now, exp=now + 900)
    for change in ({"typ": "JWT"}, {"alg": "HS256"}, {"alg": "none"}, {"kid": None}, {"kid": "other"}):
        token = forgery.sign(pair, forgery.header(pair, **change), claims)
        with pytest.raises(RefusedError):
            verifier.verify(f"Bearer {token}", None)
    good = forgery.sign(pair, forgery.header(pair), claims)
    assert verifier.verify(f"bearer {good}", claims["sub"]) == claims
    for authorization, customer in (
        (f"Bearer {good}", SOMEBODY),
        (good, None),
        (None, claims["sub"]),
        ("", None),
    ):
        with pytest.raises(RefusedError):
            verifier.verify(authorization, customer)
