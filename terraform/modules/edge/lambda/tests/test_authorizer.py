"""The authorizer: what a good token gets, and that nothing else gets anything."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import string
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from authorizer import decision
from authorizer.refusal import Reason
from common import base64url
from fakes import events, keys, world
from fakes.forgery import NOW, claims, header, part, sign, token
from tokens import signatures

if TYPE_CHECKING:
    from collections.abc import Callable

    from fakes.world import World

WORLD = world.new()
KEY, NEXT = WORLD.published
STRANGER = keys.new(KEY.kid)
TRUST = WORLD.authorizer
GOOD = token(KEY)

VERIFIED = {"route": "GET /customers/{id}", "path": "/customers/42"}


def asked(event: Any, now: float = NOW) -> Reason | None:
    """Return why an event is denied; None when it is allowed."""
    return decision.decide(event, TRUST, now)[1]


def test_a_good_token_is_let_through_with_what_the_workload_needs() -> None:
    answer = decision.answer(events.authorization(GOOD), TRUST, NOW)
    said = json.loads(base64.urlsafe_b64decode(GOOD.split(".")[1] + "=="))
    context = {"customer": said["sub"], "acr": "verified", "jti": said["jti"]}
    assert answer == {"isAuthorized": True, "context": context}


def hs256(secret: bytes) -> Callable[[bytes], bytes]:
    return lambda message: hmac.new(secret, message, hashlib.sha256).digest()


def es384(message: bytes) -> bytes:
    return signatures.raw(KEY.private.sign(message, ec.ECDSA(hashes.SHA384())))


def swapped(message: bytes) -> bytes:
    signature = KEY.sign(message)
    return signature[32:] + signature[:32]


def parts(text: str) -> list[str]:
    return text.split(".")


def respelled(part: str) -> str:
    """Return another spelling of the same bytes: the last character has bits beyond them."""
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    assert len(part) % 4, "a part without such bits"
    return part[:-1] + alphabet[alphabet.index(part[-1]) + 1]


def loose(members: dict[str, Any]) -> str:
    """Return a part in another spelling; a space at the end of JSON makes room for it."""
    text = json.dumps(members)
    return respelled(part(text if len(text) % 3 else f"{text} "))


def sign_as_it_is(message: str) -> str:
    return f"{message}.{base64url.encode(KEY.sign(message.encode()))}"


HEAD, BODY, SIGNATURE = parts(GOOD)
ADMIN = part(claims(sub="00000000-0000-4000-8000-000000000000"))
LOOSE_HEAD, LOOSE_BODY = loose(header(KEY)), loose(claims())
FLIPPED = ("B" if SIGNATURE[0] == "A" else "A") + SIGNATURE[1:]
AS_SECRET = hs256(KEY.pem)  # a verifier that believes `alg` would take the public key for a secret
TWO_KEYS = json.dumps(header(KEY))[:-1] + ', "alg": "ES256"}'
TWO_SUBJECTS = json.dumps(claims())[:-1] + ', "sub": "00000000-0000-4000-8000-000000000000"}'

FORGED: dict[str, tuple[str, Reason]] = {
    "signed by a stranger under our kid": (token(STRANGER), Reason.SIGNATURE),
    "signed by the next key under the kid of the current one": (
        sign(KEY, header(KEY), claims(), by=NEXT.sign),
        Reason.SIGNATURE,
    ),
    "payload exchanged": (f"{HEAD}.{ADMIN}.{SIGNATURE}", Reason.SIGNATURE),
    "header exchanged": (f"{part(header(NEXT))}.{BODY}.{SIGNATURE}", Reason.SIGNATURE),
    "a bit of the signature": (
        f"{HEAD}.{BODY}.{FLIPPED}",
        Reason.SIGNATURE,
    ),
    "r and s exchanged": (sign(KEY, header(KEY), claims(), by=swapped), Reason.SIGNATURE),
    "signature of zeros": (sign(KEY, header(KEY), claims(), by=lambda _: bytes(64)), Reason.SIGNATURE),
    "signature of ones": (sign(KEY, header(KEY), claims(), by=lambda _: b"\xff" * 64), Reason.SIGNATURE),
    "signature over another hash": (sign(KEY, header(KEY), claims(), by=es384), Reason.SIGNATURE),
    "signature in DER": (sign(KEY, header(KEY), claims(), by=KEY.der), Reason.MALFORMED),
    "alg none": (f"{part(header(KEY, alg='none'))}.{BODY}.", Reason.MALFORMED),
    "alg none with a signature": (f"{part(header(KEY, alg='none'))}.{BODY}.{SIGNATURE}", Reason.ALGORITHM),
    "alg None": (f"{part(header(KEY, alg='None'))}.{BODY}.{SIGNATURE}", Reason.ALGORITHM),
    "HS256 with the public key": (
        sign(KEY, header(KEY, alg="HS256"), claims(), by=AS_SECRET),
        Reason.MALFORMED,
    ),
    "HS256 with the public key, as long as ours": (
        sign(KEY, header(KEY, alg="HS256"), claims(), by=lambda message: AS_SECRET(message) * 2),
        Reason.ALGORITHM,
    ),
    "RS256": (sign(KEY, header(KEY, alg="RS256"), claims()), Reason.ALGORITHM),
    "ES384": (sign(KEY, header(KEY, alg="ES384"), claims()), Reason.ALGORITHM),
    "es256": (sign(KEY, header(KEY, alg="es256"), claims()), Reason.ALGORITHM),
    "alg is a list": (sign(KEY, header(KEY, alg=["ES256"]), claims()), Reason.ALGORITHM),
    "typ JWT": (sign(KEY, header(KEY, typ="JWT"), claims()), Reason.TYPE),
    "no typ": (sign(KEY, header(KEY, typ=None), claims()), Reason.HEADER),
    "no alg": (sign(KEY, header(KEY, alg=None), claims()), Reason.HEADER),
    "no kid": (sign(KEY, header(KEY, kid=None), claims()), Reason.HEADER),
    "kid of nobody": (sign(KEY, header(KEY, kid="2020-01"), claims()), Reason.KEY),
    "kid with a path": (sign(KEY, header(KEY, kid="../../dev/null"), claims()), Reason.KEY),
    "kid is a number": (sign(KEY, header(KEY, kid=7), claims()), Reason.KEY),
    "kid is a list": (sign(KEY, header(KEY, kid=[KEY.kid]), claims()), Reason.KEY),
    "jwk embedded": (sign(STRANGER, header(STRANGER, jwk=STRANGER.jwk), claims()), Reason.HEADER),
    "jku": (sign(STRANGER, header(STRANGER, jku="https://evil.example/jwks.json"), claims()), Reason.HEADER),
    "x5u": (sign(STRANGER, header(STRANGER, x5u="https://evil.example/cert.pem"), claims()), Reason.HEADER),
    "x5c": (sign(STRANGER, header(STRANGER, x5c=["AAAA"]), claims()), Reason.HEADER),
    "crit": (sign(KEY, header(KEY, crit=["exp"], exp=NOW + 900), claims()), Reason.HEADER),
    "crit empty": (sign(KEY, header(KEY, crit=[]), claims()), Reason.HEADER),
    "b64 false": (sign(KEY, header(KEY, b64=False, crit=["b64"]), claims()), Reason.HEADER),
    "compressed": (sign(KEY, header(KEY, zip="DEF"), claims()), Reason.HEADER),
    "header is a list": (sign(KEY, "[]", claims()), Reason.MALFORMED),
    "header is no JSON": (sign(KEY, "{", claims()), Reason.MALFORMED),
    "header has a key twice": (sign(KEY, TWO_KEYS, claims()), Reason.MALFORMED),
    "payload has a key twice": (sign(KEY, header(KEY), TWO_SUBJECTS), Reason.MALFORMED),
    "payload is a list": (sign(KEY, header(KEY), "[]"), Reason.MALFORMED),
    "payload is no JSON": (sign(KEY, header(KEY), "{'sub': 1}"), Reason.MALFORMED),
    "payload is UTF-16": (
        sign(KEY, header(KEY), json.dumps(claims()).encode("utf-16").decode("latin-1")),
        Reason.MALFORMED,
    ),
    "payload has NaN": (sign(KEY, header(KEY), '{"exp": NaN}'), Reason.MALFORMED),
    "payload is deep": (sign(KEY, header(KEY), "[" * 700), Reason.MALFORMED),
    "two parts": (f"{HEAD}.{BODY}", Reason.MALFORMED),
    "four parts": (f"{GOOD}.{SIGNATURE}", Reason.MALFORMED),
    "five parts, as a JWE": (f"{GOOD}.{BODY}.{SIGNATURE}", Reason.MALFORMED),
    "empty parts": ("..", Reason.MALFORMED),
    "a bit that means nothing in the signature": (f"{HEAD}.{BODY}.{respelled(SIGNATURE)}", Reason.MALFORMED),
    "a bit that means nothing in the header": (sign_as_it_is(f"{LOOSE_HEAD}.{BODY}"), Reason.MALFORMED),
    "a bit that means nothing in the payload": (sign_as_it_is(f"{HEAD}.{LOOSE_BODY}"), Reason.SIGNATURE),
    "truncated": (GOOD[:-1], Reason.MALFORMED),
    "padded": (f"{GOOD}==", Reason.CREDENTIALS),
    "unicode": (GOOD.replace(".", "\u2024", 1), Reason.CREDENTIALS),
    "with a space": (GOOD.replace(".", ". ", 1), Reason.CREDENTIALS),
    "with a line break": (f"{GOOD}\n", Reason.CREDENTIALS),
    "with NUL": (f"{GOOD}\0", Reason.CREDENTIALS),
    "of another base64": (f"{HEAD}.{BODY}.+/{SIGNATURE[2:]}", Reason.CREDENTIALS),
    "oversized": (f"{HEAD}.{'A' * 4000}.{SIGNATURE}", Reason.OVERSIZE),
    "oversized header": (f"{'A' * 1_000_000}.{BODY}.{SIGNATURE}", Reason.OVERSIZE),
    "just oversized": (f"{HEAD}.{'A' * (2049 - len(HEAD) - 95)}.{SIGNATURE}", Reason.OVERSIZE),
}

WRONG: dict[str, tuple[dict[str, Any], Reason]] = {
    "expired now": ({"iat": NOW - 900, "nbf": NOW - 900, "exp": NOW}, Reason.EXPIRED),
    "expired long ago": ({"iat": 0, "nbf": 0, "exp": 900}, Reason.EXPIRED),
    "not valid yet": ({"nbf": NOW + 6}, Reason.EARLY),
    "issued in the future": ({"iat": NOW + 6}, Reason.EARLY),
    "valid for a year": ({"exp": NOW + 31_536_000}, Reason.LIFETIME),
    "valid a second too long": ({"exp": NOW + 901}, Reason.LIFETIME),
    "no exp": ({"exp": None}, Reason.CLAIMS),
    "no nbf": ({"nbf": None}, Reason.CLAIMS),
    "no iat": ({"iat": None}, Reason.CLAIMS),
    "exp is text": ({"exp": str(NOW + 900)}, Reason.CLAIMS),
    "exp is a fraction": ({"exp": NOW + 0.5}, Reason.CLAIMS),
    "exp is huge": ({"exp": 10**400}, Reason.LIFETIME),
    "exp is true": ({"exp": True}, Reason.CLAIMS),
    "wrong audience": ({"aud": "techchallenge-production"}, Reason.AUDIENCE),
    "audiences": ({"aud": [world.AUDIENCE]}, Reason.AUDIENCE),
    "audience in capitals": ({"aud": world.AUDIENCE.upper()}, Reason.AUDIENCE),
    "no audience": ({"aud": None}, Reason.AUDIENCE),
    "wrong issuer": ({"iss": "https://api.techchallenge.example"}, Reason.ISSUER),
    "issuer with a slash": ({"iss": f"{world.ISSUER}/"}, Reason.ISSUER),
    "no issuer": ({"iss": None}, Reason.ISSUER),
    "no subject": ({"sub": None}, Reason.SUBJECT),
    "a CPF for a subject": ({"sub": "52998224725"}, Reason.SUBJECT),
    "a subject in capitals": ({"sub": "3F0C2A52-6A8F-4D0C-9B1E-2F7D1C9A4E10"}, Reason.SUBJECT),
    "a subject of version 1": ({"sub": "3f0c2a52-6a8f-1d0c-9b1e-2f7d1c9a4e10"}, Reason.SUBJECT),
    "a subject with a line break": ({"sub": "3f0c2a52-6a8f-4d0c-9b1e-2f7d1c9a4e10\n"}, Reason.SUBJECT),
    "no jti": ({"jti": None}, Reason.CLAIMS),
    "a short jti": ({"jti": "a"}, Reason.CLAIMS),
    "a jti with a comma": ({"jti": "0123456789,abcdefABCDEF"}, Reason.CLAIMS),
    "no acr": ({"acr": None}, Reason.CLAIMS),
    "another acr": ({"acr": "admin"}, Reason.CLAIMS),
    "acr in capitals": ({"acr": "VERIFIED"}, Reason.CLAIMS),
    "acr is a list": ({"acr": ["verified"]}, Reason.CLAIMS),
}


@pytest.mark.parametrize(("forged", "reason"), FORGED.values(), ids=FORGED)
def test_a_forged_token_is_denied(forged: str, reason: Reason) -> None:
    assert asked(events.authorization(forged)) is reason


@pytest.mark.parametrize(("changed", "reason"), WRONG.values(), ids=WRONG)
def test_a_token_of_ours_that_does_not_hold_here_and_now_is_denied(
    changed: dict[str, Any], reason: Reason
) -> None:
    assert asked(events.authorization(token(KEY, **changed))) is reason


def test_a_token_holds_from_its_first_second_to_its_last() -> None:
    event = events.authorization(GOOD)
    assert [asked(event, NOW + second) for second in (-6, -5, 0, 899.9, 900)] == [
        Reason.EARLY,  # clocks may differ by five seconds
        None,
        None,
        None,
        Reason.EXPIRED,
    ]


def test_identified_is_not_enough_where_verified_is_asked_for() -> None:
    identified = token(KEY, acr="identified")
    assert asked(events.authorization(identified)) is None
    assert asked(events.authorization(identified, **VERIFIED)) is Reason.ASSURANCE
    assert asked(events.authorization(GOOD, **VERIFIED)) is None


def test_a_route_asks_for_what_its_own_api_says() -> None:
    identified = events.authorization(token(KEY, acr="identified"))
    of_another = {**identified, "requestContext": {**identified["requestContext"], "apiId": "f6a7b8c9d0"}}
    assert [asked(identified), asked(of_another)] == [None, Reason.ASSURANCE]


def edited(**changed: Any) -> dict[str, Any]:
    """Return the event of a good token with other members; one of `...` is taken away."""
    event = {**events.authorization(GOOD), **changed}
    return {name: value for name, value in event.items() if value is not ...}


def of_context(**changed: Any) -> dict[str, Any]:
    event = events.authorization(GOOD)
    return {**event, "requestContext": {**event["requestContext"], **changed}}


def of_http(**changed: Any) -> dict[str, Any]:
    return of_context(http={**events.authorization(GOOD)["requestContext"]["http"], **changed})


def headers(**given: Any) -> dict[str, Any]:
    return edited(
        headers={name.replace("_", "-"): value for name, value in given.items()}, identitySource=...
    )


BEARER = f"Bearer {GOOD}"
EVENTS: dict[str, tuple[Any, Reason]] = {
    "nothing": (None, Reason.EVENT),
    "text": ("event", Reason.EVENT),
    "a list": ([], Reason.EVENT),
    "an empty object": ({}, Reason.EVENT),
    "format 1.0": (edited(version="1.0"), Reason.EVENT),
    "a token authorizer": (edited(type="TOKEN"), Reason.EVENT),
    "no context": (edited(requestContext=...), Reason.EVENT),
    "no http": (of_context(http=None), Reason.EVENT),
    "no path": (edited(rawPath=...), Reason.EVENT),
    "a path that is no text": (edited(rawPath=["/orders/42"]), Reason.EVENT),
    "two paths": (of_http(path="/orders/43"), Reason.EVENT),
    "no method": (of_http(method=None), Reason.EVENT),
    "an unknown route": (edited(routeKey="ANY /admin"), Reason.ROUTE),
    "the default route": (edited(routeKey="$default"), Reason.ROUTE),
    "a route that is no text": (edited(routeKey=["ANY /orders"]), Reason.ROUTE),
    "no route": (edited(routeKey=...), Reason.ROUTE),
    "an unknown API": (of_context(apiId="0000000000"), Reason.ROUTE),
    "no API": (of_context(apiId=None), Reason.ROUTE),
    "an API that is no text": (of_context(apiId=["a1b2c3d4e5"]), Reason.ROUTE),
    "two routes": (of_context(routeKey="ANY /orders"), Reason.ROUTE),
    "the path of another route": (events.authorization(GOOD, route="ANY /orders"), Reason.PATH),
    "no headers": (edited(headers=None), Reason.CREDENTIALS),
    "no credentials": (headers(accept="*/*"), Reason.CREDENTIALS),
    "two headers in one": (headers(authorization=f"{BEARER},{BEARER}"), Reason.CREDENTIALS),
    "two headers in one with a space": (headers(authorization=f"Basic abc, {BEARER}"), Reason.CREDENTIALS),
    "two headers by case": (headers(authorization=BEARER, Authorization=BEARER), Reason.CREDENTIALS),
    "a list of headers": (headers(authorization=[BEARER]), Reason.CREDENTIALS),
    "a header of another name": (headers(x_forwarded_authorization=BEARER), Reason.CREDENTIALS),
    "a cookie": (
        {**headers(cookie=f"authorization={BEARER}"), "cookies": [f"authorization={BEARER}"]},
        Reason.CREDENTIALS,
    ),
    "a query": (
        {**headers(), "queryStringParameters": {"authorization": BEARER, "access_token": GOOD}},
        Reason.CREDENTIALS,
    ),
    "another identity source": (edited(identitySource=[f"Bearer {token(KEY)}"]), Reason.CREDENTIALS),
    "two identity sources": (edited(identitySource=[BEARER, BEARER]), Reason.CREDENTIALS),
    "basic": (headers(authorization=f"Basic {GOOD}"), Reason.CREDENTIALS),
    "no scheme": (headers(authorization=GOOD), Reason.CREDENTIALS),
    "two spaces": (headers(authorization=f"Bearer  {GOOD}"), Reason.CREDENTIALS),
    "a tab": (headers(authorization=f"Bearer\t{GOOD}"), Reason.CREDENTIALS),
    "an empty token": (headers(authorization="Bearer "), Reason.CREDENTIALS),
    "bytes": (headers(authorization=BEARER.encode()), Reason.CREDENTIALS),
    "oversized": (headers(authorization="Bearer " + "a" * 10_000_000), Reason.OVERSIZE),
}


@pytest.mark.parametrize(("event", "reason"), EVENTS.values(), ids=EVENTS)
def test_an_event_in_doubt_is_denied(event: Any, reason: Reason) -> None:
    assert asked(event) is reason


@pytest.mark.parametrize(
    "path",
    ["/orders/42/", "/orders//42", "/orders/../orders/42", "/orders/%34%32", "/ORDERS/42", "/orders/4;a"],
)
def test_a_good_token_does_not_help_a_path_that_has_two_readings(path: str) -> None:
    assert asked(events.authorization(GOOD, path=path)) is Reason.PATH


def test_tokens_outlive_the_key_that_signs_and_end_with_the_key_that_is_published(world_: World) -> None:
    old, new = world_.published
    held = token(old)
    signing = decision.decide(events.authorization(token(new)), world_.authorizer, NOW)
    after_the_switch = decision.decide(events.authorization(held), world_.authorizer, NOW + 899)
    at_its_end = decision.decide(events.authorization(held), world_.authorizer, NOW + 900)
    world_.published = (new,)
    withdrawn = decision.decide(events.authorization(held), world_.authorizer, NOW)
    assert [d[1] for d in (signing, after_the_switch, at_its_end, withdrawn)] == [
        None,
        None,
        Reason.EXPIRED,
        Reason.KEY,
    ]


def test_signatures_with_short_and_with_high_numbers_hold() -> None:
    kinds = {"short r": 0, "short s": 0, "high r": 0, "high s": 0}
    for attempt in range(20_000):
        candidate = token(KEY, jti=f"attempt-{attempt:010}")
        raw = base64url.decode(candidate.rpartition(".")[2])
        here = {"short r": raw[0] == 0, "short s": raw[32] == 0}
        here |= {"high r": raw[0] > 127, "high s": raw[32] > 127}
        if any(found and kinds[kind] < 1 for kind, found in here.items()):
            assert asked(events.authorization(candidate)) is None
        for kind, found in here.items():
            kinds[kind] += found
        if all(kinds.values()):
            return
    raise AssertionError(f"not every kind came up: {kinds}")


def test_the_log_says_why_and_nothing_of_who(capsys: pytest.CaptureFixture[str]) -> None:
    for event in (events.authorization(GOOD), events.authorization(FORGED["jku"][0]), {"requestContext": 5}):
        decision.answer(event, TRUST, NOW)
    lines = capsys.readouterr().out.splitlines()
    common = {"function": "authorizer"}
    assert [json.loads(line) for line in lines] == [
        {**common, "decision": "allow", "reason": "-", "request": "JKJaXmPLvHcESHA="},
        {**common, "decision": "deny", "reason": "header", "request": "JKJaXmPLvHcESHA="},
        {**common, "decision": "deny", "reason": "event", "request": "-"},
    ]


def test_a_mistake_of_ours_denies(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("authorizer.verification.verify", broken)
    assert decision.answer(events.authorization(GOOD), TRUST, NOW) == {"isAuthorized": False, "context": {}}


def test_no_token_is_in_the_repr_of_a_request() -> None:
    from authorizer import requests  # noqa: PLC0415 - the name is that of a famous library

    request = requests.read(events.authorization(GOOD), TRUST.routes)
    assert request.token == GOOD
    assert GOOD not in repr(request)


def test_a_mistake_of_ours_opens_no_door_and_says_where_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        local = f"a local {GOOD}"
        raise ZeroDivisionError(local)

    monkeypatch.setattr("authorizer.verification.verify", broken)
    answer = decision.answer(events.authorization(GOOD), TRUST, NOW)
    assert answer == {"isAuthorized": False, "context": {}}
    out = capsys.readouterr().out
    assert json.loads(out) == {
        "function": "authorizer",
        "decision": "deny",
        "reason": "unexpected",
        "request": json.loads(out)["request"],
        "error": "ZeroDivisionError",
        "at": f"tests/test_authorizer.py:{broken.__code__.co_firstlineno + 2}",
    }
    assert GOOD not in out
    assert "a local" not in out
