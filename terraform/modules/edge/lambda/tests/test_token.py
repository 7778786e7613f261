"""The token function in the world in memory: what each route answers, and what nobody can tell from it."""

from __future__ import annotations

import base64
import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from authorizer import decision
from authorizer.refusal import Reason
from common import base64url
from fakes import events, keys, world
from fakes.forgery import NOW
from fakes.world import ANA, KNOWN, UNKNOWN
from tokens import codes, dispatch, limits
from tokens.ports import Dependency

if TYPE_CHECKING:
    from fakes.world import World

TOKEN, CODE = "POST /auth/token", "POST /auth/code"
KEYS, DISCOVERY = "GET /.well-known/jwks.json", "GET /.well-known/openid-configuration"


def ask(world_: World, route: str, body: Any = None, *, now: float = NOW, **client: str) -> dict[str, Any]:
    """Return a response, its body read."""
    response = dispatch.answer(events.request(route, body, **client), world_.service, now)
    return {**response, "body": json.loads(response["body"])}


def read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a token's header and claims."""
    head, payload, _ = (json.loads(base64url.decode(part)) for part in (*token.split(".")[:2], "e30"))
    return head, payload


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**codes.DIGITS:0{codes.DIGITS}}"


def test_a_stated_cpf_gets_a_token_that_says_nothing_of_it(world_: World) -> None:
    first, second = (ask(world_, TOKEN, {"cpf": cpf}) for cpf in (KNOWN, "529.982.247-25"))
    assert first["statusCode"] == 200
    assert first["headers"]["cache-control"] == "no-store"
    token = first["body"].pop("access_token")
    assert first["body"] == {"token_type": "Bearer", "expires_in": 900, "acr": "identified"}
    head, claims = read(token)
    assert head == {"alg": "ES256", "kid": "2026-11", "typ": "at+jwt"}
    assert claims.pop("sub") != read(second["body"]["access_token"])[1]["sub"], "one subject each time"
    assert claims.pop("jti") != read(second["body"]["access_token"])[1]["jti"]
    assert claims == {
        "iss": world.ISSUER,
        "aud": world.AUDIENCE,
        "acr": "identified",
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 900,
    }


def test_a_code_makes_the_customer_of_whoever_knows_it(world_: World) -> None:
    accepted = ask(world_, CODE, {"cpf": KNOWN})
    assert (accepted["statusCode"], accepted["body"]) == (202, {"expires_in": 300})
    assert world_.sent == [(ANA.email, world_.code)]
    issued = ask(world_, TOKEN, {"cpf": KNOWN, "code": world_.code})
    assert (issued["statusCode"], issued["body"]["acr"]) == (200, "verified")
    caller, _ = decision.decide(
        events.authorization(
            issued["body"]["access_token"], route="GET /customers/{id}", path=f"/customers/{ANA.id}"
        ),
        world_.authorizer,
        NOW,
    )
    assert caller is not None
    assert caller.customer == ANA.id


def test_a_code_holds_once(world_: World) -> None:
    ask(world_, CODE, {"cpf": KNOWN})
    answers = [ask(world_, TOKEN, {"cpf": KNOWN, "code": world_.code})["statusCode"] for _ in range(2)]
    assert answers == [200, 401]


def test_of_two_who_use_a_code_at_once_one_wins(world_: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes while the first one's token is being signed."""
    ask(world_, CODE, {"cpf": KNOWN})
    body = {"cpf": KNOWN, "code": world_.code}
    signing, answers = world.World.sign, []

    def slow(self: World, message: bytes) -> bytes:
        monkeypatch.setattr(world.World, "sign", signing)
        answers.append(ask(world_, TOKEN, body)["statusCode"])
        return signing(self, message)

    monkeypatch.setattr(world.World, "sign", slow)
    answers.append(ask(world_, TOKEN, body)["statusCode"])
    assert answers == [200, 401]


def test_nothing_is_signed_for_a_wrong_code(world_: World) -> None:
    ask(world_, CODE, {"cpf": KNOWN})
    ask(world_, TOKEN, {"cpf": KNOWN, "code": wrong(world_.code)})
    assert "signer.sign" not in world_.asked


@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (300, 401), (3600, 401)])
def test_a_code_holds_for_five_minutes(world_: World, seconds: int, status: int) -> None:
    ask(world_, CODE, {"cpf": KNOWN})
    answer = ask(world_, TOKEN, {"cpf": KNOWN, "code": world_.code}, now=NOW + seconds)
    assert answer["statusCode"] == status


def test_a_code_holds_for_the_cpf_that_it_was_made_for(world_: World) -> None:
    other = world.Customer(id=str(uuid.uuid4()), email="rui@example.com")
    world_.customers[UNKNOWN] = other
    ask(world_, CODE, {"cpf": KNOWN})
    of_ana = world_.code
    ask(world_, CODE, {"cpf": UNKNOWN})
    assert ask(world_, TOKEN, {"cpf": UNKNOWN, "code": of_ana})["statusCode"] == 401


def test_a_new_code_takes_the_place_of_the_last(world_: World) -> None:
    ask(world_, CODE, {"cpf": KNOWN})
    last = world_.code
    later = NOW + limits.MINUTE
    ask(world_, CODE, {"cpf": KNOWN}, now=later)
    both = [{"cpf": KNOWN, "code": code} for code in (last, world_.code)]
    answers = [ask(world_, TOKEN, body, now=later)["statusCode"] for body in both]
    assert answers == [401, 200]


def test_after_five_wrong_tries_a_code_is_dead(world_: World) -> None:
    ask(world_, CODE, {"cpf": KNOWN})
    tries = [wrong(world_.code)] * limits.TRIES + [world_.code]
    answers = [ask(world_, TOKEN, {"cpf": KNOWN, "code": code})["statusCode"] for code in tries]
    assert answers == [401] * 6


def test_guessing_ends_at_the_limit_of_the_cpf_from_however_many_addresses(world_: World) -> None:
    ask(world_, CODE, {"cpf": KNOWN})
    answers = [
        ask(world_, TOKEN, {"cpf": KNOWN, "code": f"{guess:08}"}, address=f"198.51.100.{guess}")["statusCode"]
        for guess in range(100)
    ]
    assert answers == [401] * 10 + [429] * 90


def test_guessing_ends_at_the_limit_of_the_address_for_however_many_cpfs(world_: World) -> None:
    from tokens import cpf  # noqa: PLC0415 - elsewhere here `cpf` is a text

    numbers = [f"{n:09}{cpf.check_digits(f'{n:09}')}" for n in range(1, 101)]
    answers = [ask(world_, TOKEN, {"cpf": n, "code": "12345678"})["statusCode"] for n in numbers]
    assert answers == [401] * 60 + [429] * 40


@pytest.mark.parametrize(
    ("route", "body", "most"), [(CODE, {"cpf": KNOWN}, 1), (TOKEN, {"cpf": KNOWN}, 10)], ids=["code", "token"]
)
def test_over_a_limit_one_is_told_when_to_come_back(
    world_: World, route: str, body: dict[str, str], most: int
) -> None:
    answers = [ask(world_, route, body) for _ in range(most + 1)]
    assert [a["statusCode"] for a in answers[:-1]] == [answers[0]["statusCode"]] * most
    refused = answers[-1]
    assert (refused["statusCode"], refused["body"]) == (429, {"error": "too_many_attempts"})
    wait = int(refused["headers"]["retry-after"])
    assert 0 < wait <= 60
    assert ask(world_, route, body, now=NOW + wait - 1)["statusCode"] == 429
    assert ask(world_, route, body, now=NOW + wait)["statusCode"] == answers[0]["statusCode"]


def test_ten_codes_a_day_are_enough(world_: World) -> None:
    midnight = NOW // limits.DAY * limits.DAY
    answers = [
        ask(world_, CODE, {"cpf": KNOWN}, now=midnight + minute * limits.MINUTE)["statusCode"]
        for minute in range(12)
    ]
    assert answers == [202] * 10 + [429] * 2
    assert len(world_.sent) == 10


def test_addresses_of_one_ipv6_network_count_together(world_: World) -> None:
    from tokens import cpf  # noqa: PLC0415 - as above

    numbers = [f"{n:09}{cpf.check_digits(f'{n:09}')}" for n in range(1, 63)]
    answers = [
        ask(world_, TOKEN, {"cpf": n}, address=f"2001:db8:0:1::{place:x}")["statusCode"]
        for place, n in enumerate(numbers)
    ]
    assert answers == [200] * 60 + [429] * 2
    assert ask(world_, TOKEN, {"cpf": KNOWN}, address="2001:db8:0:2::1")["statusCode"] == 200


def test_known_and_unknown_customers_cannot_be_told_apart(world_: World) -> None:
    """The same answers, and the same calls in the same order; what differs is whom the mail reaches."""
    steps: list[tuple[str, dict[str, str]]] = [
        (CODE, {}),
        (CODE, {}),
        *[(TOKEN, {"code": "00000000"})] * 7,
        (TOKEN, {}),
    ]
    seen = []
    for cpf, address in ((KNOWN, "198.51.100.1"), (UNKNOWN, "198.51.100.2")):
        world_.asked.clear()
        answers = [ask(world_, route, {"cpf": cpf, **body}, address=address) for route, body in steps]
        answers[-1]["body"]["access_token"] = len(answers[-1]["body"]["access_token"])
        seen.append((answers, list(world_.asked)))
    assert seen[0] == seen[1]
    assert [a["statusCode"] for a in seen[0][0]] == [202, 429] + [401] * 7 + [200]
    assert [address for address, _ in world_.sent] == [ANA.email, None]


def test_the_code_made_for_nobody_opens_nothing(world_: World) -> None:
    ask(world_, CODE, {"cpf": UNKNOWN})
    assert ask(world_, TOKEN, {"cpf": UNKNOWN, "code": world_.code})["statusCode"] == 401


def test_what_is_kept_names_nobody(world_: World) -> None:
    ask(world_, CODE, {"cpf": KNOWN})
    ask(world_, TOKEN, {"cpf": KNOWN, "code": wrong(world_.code)})
    kept = repr((dict(world_.store.counts), world_.store.codes, dict(world_.store.tries)))
    assert ANA.id in kept
    for secret in (KNOWN, "529.982.247-25", world_.code, ANA.email, events.ADDRESS):
        assert secret not in kept


def test_the_log_says_why_and_nothing_of_who(world_: World, capsys: pytest.CaptureFixture[str]) -> None:
    ask(world_, TOKEN, {"cpf": KNOWN})
    ask(world_, CODE, {"cpf": KNOWN})
    ask(world_, CODE, {"cpf": KNOWN})
    ask(world_, TOKEN, {"cpf": KNOWN, "code": wrong(world_.code)})
    ask(world_, TOKEN, {"cpf": KNOWN, "code": world_.code})
    ask(world_, TOKEN, {"cpf": "52998224724"})
    world_.down = {Dependency.STORE}
    ask(world_, TOKEN, {"cpf": KNOWN})
    out = capsys.readouterr().out
    lines = [json.loads(line) for line in out.splitlines()]
    assert [(line["status"], line["reason"]) for line in lines] == [
        (200, "identified"),
        (202, "accepted"),
        (429, "limited_resend-cpf"),
        (401, "invalid_code"),
        (200, "verified"),
        (400, "invalid_cpf"),
        (503, "unavailable_store"),
    ]
    assert {tuple(line) for line in lines} == {("function", "status", "reason", "request")}
    for secret in (KNOWN, "52998224724", world_.code, ANA.email, ANA.id, events.ADDRESS, "eyJ"):
        assert secret not in out


@pytest.mark.parametrize("down", sorted(set(Dependency) - {Dependency.SENDER}), ids=str)
def test_when_something_is_down_nothing_is_issued(world_: World, down: Dependency) -> None:
    ask(world_, CODE, {"cpf": KNOWN})
    world_.down = {down}
    later = NOW + limits.MINUTE
    answers = {
        "identify": ask(world_, TOKEN, {"cpf": KNOWN}, now=later),
        "verify": ask(world_, TOKEN, {"cpf": KNOWN, "code": world_.code}, now=later),
        "send": ask(world_, CODE, {"cpf": KNOWN}, now=later),
    }
    needed = {
        Dependency.CUSTOMERS: {"send"},
        Dependency.SIGNER: {"identify", "verify"},
    }.get(down, set(answers))
    for name in needed:
        answer = answers[name]
        assert (answer["statusCode"], answer["body"]) == (503, {"error": "temporarily_unavailable"}), name
        assert answer["headers"]["retry-after"] == "5"
        assert answer["headers"]["cache-control"] == "no-store"
    assert {name for name, answer in answers.items() if answer["statusCode"] == 503} == needed


def test_a_code_is_not_spent_on_a_token_that_could_not_be_signed(world_: World) -> None:
    ask(world_, CODE, {"cpf": KNOWN})
    world_.down = {Dependency.SIGNER}
    assert ask(world_, TOKEN, {"cpf": KNOWN, "code": world_.code})["statusCode"] == 503
    world_.down = set()
    assert ask(world_, TOKEN, {"cpf": KNOWN, "code": world_.code})["statusCode"] == 200


def test_a_mail_that_fails_is_not_told_from_one_that_does_not(
    world_: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world_.down = {Dependency.SENDER}
    assert ask(world_, CODE, {"cpf": KNOWN})["statusCode"] == 202
    assert json.loads(capsys.readouterr().out)["reason"] == "accepted_not_sent"


def test_a_mistake_of_ours_is_a_503_that_quotes_nothing(
    world_: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        local = f"a local {KNOWN}"
        raise ZeroDivisionError(local)

    monkeypatch.setattr(world.World, "sign", broken)
    assert ask(world_, TOKEN, {"cpf": KNOWN})["statusCode"] == 503
    out = capsys.readouterr().out
    line = broken.__code__.co_firstlineno + 2
    told = {"error": "ZeroDivisionError", "at": f"tests/test_token.py:{line}"}
    assert json.loads(out) == {
        "function": "token",
        "status": 503,
        "reason": "unexpected_ZeroDivisionError",
        "request": json.loads(out)["request"],
        **told,
    }
    assert KNOWN not in out
    assert "a local" not in out


def test_the_next_key_is_published_before_it_signs_and_the_last_one_after(world_: World) -> None:
    old, new = world_.published
    held = ask(world_, TOKEN, {"cpf": KNOWN})["body"]["access_token"]
    assert [key["kid"] for key in ask(world_, KEYS)["body"]["keys"]] == [old.kid, new.kid]
    world_.signing = new
    fresh = ask(world_, TOKEN, {"cpf": KNOWN})["body"]["access_token"]
    assert [read(token)[0]["kid"] for token in (held, fresh)] == [old.kid, new.kid]

    def reason(token: str, now: float) -> Reason | None:
        return decision.decide(events.authorization(token), world_.authorizer, now)[1]

    assert [reason(held, NOW + 899), reason(held, NOW + 900), reason(fresh, NOW)] == [
        None,
        Reason.EXPIRED,
        None,
    ]
    world_.published = (new, keys.new("2027-05"))
    assert [reason(held, NOW), reason(fresh, NOW)] == [Reason.KEY, None]


def test_a_key_that_does_not_fit_the_published_one_issues_nothing(world_: World) -> None:
    """KEY_ID was switched and KMS_KEY_ID was not: better no token than one that nobody accepts."""
    world_.signing = keys.new(world_.published[0].kid)
    assert ask(world_, TOKEN, {"cpf": KNOWN})["statusCode"] == 503


def test_keys_and_discovery_are_published_for_everybody_to_keep(world_: World) -> None:
    found, metadata = ask(world_, KEYS), ask(world_, DISCOVERY)
    assert [a["headers"]["cache-control"] for a in (found, metadata)] == ["public, max-age=300"] * 2
    assert found["body"] == {"keys": [pair.jwk for pair in world_.published]}
    assert metadata["body"]["issuer"] == world.ISSUER
    assert metadata["body"]["jwks_uri"] == f"{world.ISSUER}/.well-known/jwks.json"
    assert world_.asked == []


def edited(body: Any = None, **changed: Any) -> dict[str, Any]:
    return {**events.request(TOKEN, {"cpf": KNOWN} if body is None else body), **changed}


def typed(content_type: Any, **more: Any) -> dict[str, Any]:
    return edited(headers={"content-type": content_type, **more})


def encoded(data: bytes) -> dict[str, Any]:
    return edited(body=base64.b64encode(data).decode(), isBase64Encoded=True)


def from_address(address: Any) -> dict[str, Any]:
    return edited(requestContext={"http": {"sourceIp": address}, "requestId": "a"})


FULL_WIDTH = "".join(chr(ord("\uff10") + int(digit)) for digit in KNOWN)
JSON = "application/json"
GOOD_BODY = json.dumps({"cpf": KNOWN}).encode()
REQUESTS: dict[str, tuple[dict[str, Any], int, str]] = {
    "another route": (edited(routeKey="DELETE /auth/token"), 404, "not_found"),
    "no route": (edited(routeKey=None), 404, "not_found"),
    "format 1.0": (edited(version="1.0"), 404, "not_found"),
    "no content type": (edited(headers={}), 415, "unsupported_media_type"),
    "a form": (typed("application/x-www-form-urlencoded"), 415, "unsupported_media_type"),
    "latin-1": (typed("application/json; charset=latin-1"), 415, "unsupported_media_type"),
    "text": (typed("text/plain"), 415, "unsupported_media_type"),
    "two content types": (typed(JSON, **{"Content-Type": JSON}), 415, "unsupported_media_type"),
    "a list of content types": (typed(["application/json"]), 415, "unsupported_media_type"),
    "a query": (edited(rawQueryString=f"cpf={KNOWN}"), 400, "invalid_request"),
    "no body": (events.request(TOKEN) | {"body": None}, 400, "invalid_request"),
    "an empty body": (edited(body=""), 400, "invalid_request"),
    "no JSON": (edited("cpf=1"), 400, "invalid_request"),
    "a list": (edited("[]"), 400, "invalid_request"),
    "no CPF": (edited("{}"), 400, "invalid_request"),
    "an unknown key": (edited({"cpf": KNOWN, "acr": "verified"}), 400, "invalid_request"),
    "a key twice": (edited(f'{{"cpf": "{UNKNOWN}", "cpf": "{KNOWN}"}}'), 400, "invalid_request"),
    "a number": (edited(f'{{"cpf": {KNOWN}}}'), 400, "invalid_request"),
    "null": (edited('{"cpf": null}'), 400, "invalid_request"),
    "NaN": (edited('{"cpf": NaN}'), 400, "invalid_request"),
    "deep": (edited("[" * 256), 400, "invalid_request"),
    "a byte order mark": (edited("\ufeff" + GOOD_BODY.decode()), 400, "invalid_request"),
    "half a surrogate pair": (edited(body='{"cpf": "\ud800"}'), 400, "invalid_request"),
    "a CPF with wrong digits": (edited({"cpf": "52998224724"}), 400, "invalid_cpf"),
    "a CPF of one digit": (edited({"cpf": "11111111111"}), 400, "invalid_cpf"),
    "a CPF in other digits": (edited({"cpf": FULL_WIDTH}), 400, "invalid_cpf"),
    "a code that is a number": (edited({"cpf": KNOWN, "code": 12345678}), 400, "invalid_request"),
    "a short code": (edited({"cpf": KNOWN, "code": "1234567"}), 400, "invalid_request"),
    "a code in other digits": (edited({"cpf": KNOWN, "code": "1234567\u0668"}), 400, "invalid_request"),
    "an empty code": (edited({"cpf": KNOWN, "code": ""}), 400, "invalid_request"),
    "no code": (edited({"cpf": KNOWN, "code": None}), 400, "invalid_request"),
    "too large": (edited({"cpf": KNOWN + " " * 250}), 413, "too_large"),
    "much too large": (edited("x" * 10_000_000), 413, "too_large"),
    "large in base64": (encoded(b" " * 257), 413, "too_large"),
    "much too large in base64": (edited(body="!" * 10_000, isBase64Encoded=True), 413, "too_large"),
    "base64 with more in it": (
        edited(body=encoded(GOOD_BODY)["body"] + "\n", isBase64Encoded=True),
        400,
        "invalid_request",
    ),
    "base64 that is none": (edited(body="{}", isBase64Encoded=True), 400, "invalid_request"),
    "base64 of Latin-1": (encoded(b'{"cpf": "\xe9"}'), 400, "invalid_request"),
    "base64 of UTF-16": (encoded(GOOD_BODY.decode().encode("utf-16")), 400, "invalid_request"),
    "base64 or not": (edited(isBase64Encoded="yes"), 400, "invalid_request"),
    "no address": (from_address(None), 400, "invalid_request"),
    "an address that is none": (from_address("localhost"), 400, "invalid_request"),
    "an address as a number": (from_address(1), 400, "invalid_request"),
    "no context": (edited(requestContext=None), 400, "invalid_request"),
}


@pytest.mark.parametrize(("event", "status", "error"), REQUESTS.values(), ids=REQUESTS)
def test_a_request_that_is_none_is_refused(
    world_: World, event: dict[str, Any], status: int, error: str
) -> None:
    response = dispatch.answer(event, world_.service, NOW)
    assert (response["statusCode"], json.loads(response["body"])) == (status, {"error": error})
    assert world_.asked == [], "before anything is asked"


@pytest.mark.parametrize(
    "event",
    [
        edited(),
        encoded(GOOD_BODY),
        typed("application/json; charset=utf-8"),
        typed('Application/JSON;charset="UTF-8"'),
        edited({"cpf": "529.982.247-25"}),
        edited(f' {{ "cpf" : "{KNOWN}" }} '),
        from_address("::ffff:203.0.113.7"),
    ],
)
def test_a_request_may_be_spelled_in_the_usual_ways(world_: World, event: dict[str, Any]) -> None:
    assert dispatch.answer(event, world_.service, NOW)["statusCode"] == 200


def test_a_code_is_asked_for_with_a_cpf_alone(world_: World) -> None:
    assert ask(world_, CODE, {"cpf": KNOWN, "code": "12345678"})["statusCode"] == 400


def test_codes_have_eight_digits_and_no_pattern() -> None:
    made = [codes.new() for _ in range(1000)]
    assert all(codes.SPELLING.fullmatch(code) for code in made)
    assert len(set(made)) > 990
    assert {code[0] for code in made} == set("0123456789")
    assert not codes.SPELLING.fullmatch(codes.impossible())
