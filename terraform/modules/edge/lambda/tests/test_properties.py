"""Whatever comes, the functions answer; and without a valid token the authorizer lets nobody through."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from authorizer import decision
from fakes import events, world
from fakes.forgery import NOW, claims, header, sign, token
from tokens import dispatch

WORLD = world.new()
KEY = WORLD.published[0]
TRUST = WORLD.authorizer
GOOD = token(KEY)

NUMBERS = st.integers() | st.floats()
LEAVES = st.none() | st.booleans() | NUMBERS | st.text(max_size=20) | st.binary(max_size=8)
TREES = st.recursive(
    LEAVES,
    lambda tree: st.lists(tree, max_size=3) | st.dictionaries(st.text(max_size=8), tree, max_size=3),
    max_leaves=8,
)
HOW = st.sampled_from(["replace", "insert", "delete", "cut"])
ROUTES = [
    "POST /auth/token",
    "POST /auth/code",
    "GET /.well-known/jwks.json",
    "GET /.well-known/openid-configuration",
]


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of everything inside a tree."""
    found = [path] if path else []
    if isinstance(tree, dict):
        return found + [p for name, value in tree.items() for p in places(value, (*path, name))]
    if isinstance(tree, list):
        return found + [p for index, value in enumerate(tree) for p in places(value, (*path, index))]
    return found


def replaced(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(tree)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


BASE = events.authorization(None)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.data())
def test_an_event_without_a_token_is_never_authorized(data: st.DataObject) -> None:
    event = BASE
    for _ in range(data.draw(st.integers(0, 3))):
        path = data.draw(st.sampled_from(places(event)))
        event = replaced(event, path, data.draw(TREES))
    answer = decision.answer(event, TRUST, NOW)
    assert answer == {"isAuthorized": False, "context": {}}


@settings(derandomize=True, max_examples=300, deadline=None)
@given(TREES)
def test_anything_at_all_gets_an_answer(event: Any) -> None:
    assert decision.answer(event, TRUST, NOW)["isAuthorized"] is False
    assert dispatch.answer(event, WORLD.service, NOW)["statusCode"] == 404


@settings(derandomize=True, max_examples=500, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.characters(), HOW)
def test_a_token_with_one_character_changed_is_another_token(place: int, character: str, how: str) -> None:
    changed = {
        "replace": GOOD[:place] + character + GOOD[place + 1 :],
        "insert": GOOD[:place] + character + GOOD[place:],
        "delete": GOOD[:place] + GOOD[place + 1 :],
        "cut": GOOD[:place],
    }[how]
    allowed = decision.answer(events.authorization(changed), TRUST, NOW)["isAuthorized"]
    assert allowed is (changed == GOOD)


# What else a claim of a good token may be, said once more and in another way.
ALSO = {
    "iat": lambda value: type(value) is int and NOW <= value <= NOW + 5,
    "nbf": lambda value: type(value) is int and value <= NOW + 5,
    "exp": lambda value: type(value) is int and NOW < value <= NOW + 900,
    "jti": lambda value: isinstance(value, str) and bool(re.fullmatch("[A-Za-z0-9_-]{16,64}", value)),
}


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.data())
def test_signed_claims_of_another_shape_are_never_authorized(data: st.DataObject) -> None:
    """Not even our own key makes a token of what is none."""
    good = claims(sub=world.ANA.id)
    name = data.draw(st.sampled_from(sorted(good)))
    value = data.draw(TREES.filter(lambda v: not isinstance(v, bytes)))
    text = json.dumps({**good, name: value}, default=str)
    read = json.loads(text)[name]
    answer = decision.answer(events.authorization(sign(KEY, header(KEY), text)), TRUST, NOW)
    assert answer["isAuthorized"] is (name in ALSO and ALSO[name](read))


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.data())
def test_the_token_function_answers_whatever_it_is_asked(data: st.DataObject) -> None:
    event = events.request(data.draw(st.sampled_from(ROUTES)), {"cpf": world.KNOWN, "code": "12345678"})
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(event)))
        event = replaced(event, path, data.draw(TREES))
    fresh = world.World(signing=KEY, published=WORLD.published)
    response = dispatch.answer(event, fresh.service, NOW)
    assert response["statusCode"] in {200, 202, 400, 401, 404, 413, 415}
    assert json.loads(response["body"])


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_a_body_of_any_text_gets_an_answer_and_no_token(body: str) -> None:
    for route in ROUTES[:2]:
        response = dispatch.answer(events.request(route, body), WORLD.service, NOW)
        assert response["statusCode"] in {400, 413}
