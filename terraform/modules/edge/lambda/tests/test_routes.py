"""Which paths a route admits: one spelling, and nothing that something behind could read in another way."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authorizer import routes
from common.claims import Assurance
from fakes import world

ROUTES = routes.parse(world.ROUTES)["a1b2c3d4e5"]

ADMITTED = [
    ("ANY /orders", "GET", "/orders"),
    ("ANY /orders", "DELETE", "/orders"),
    ("ANY /orders/{proxy+}", "GET", "/orders/42"),
    ("ANY /orders/{proxy+}", "GET", "/orders/42/items/7"),
    ("ANY /orders/{proxy+}", "GET", "/orders/a.b~c_d-e:f@g"),
    ("ANY /orders/{proxy+}", "GET", "/orders/..."),
    ("GET /customers/{id}", "GET", "/customers/42"),
    ("GET /", "GET", "/"),
]

VARIANTS = [
    "/orders/",
    "/orders/42/",
    "//orders/42",
    "/orders//42",
    "/orders/42//",
    "/Orders/42",
    "/ORDERS/42",
    "/orders/../orders/42",
    "/orders/..",
    "/orders/.",
    "/orders/./42",
    "/orders/../admin",
    "/orders/%2e%2e/admin",
    "/orders/%2E%2E/admin",
    "/orders/.%2e/admin",
    "/orders/%252e%252e/admin",
    "/orders%2f42",
    "/orders%2F42",
    "/orders/%34%32",
    "/orders/42%00",
    "/orders/42\0",
    "/orders/42;admin",
    "/orders;/42",
    "/orders/..;/admin",
    "/orders\\42",
    "/orders/..\\admin",
    "/orders/42 ",
    "/orders/42\n",
    "/orders/42\r\nx: y",
    "/orders/42?x",
    "/orders/42#x",
    "/orders/\uff14\uff12",
    "/orders/\u00e9",
    "/orders/\u2024\u2024/admin",
    "/orders/%c0%ae%c0%ae/admin",
    "/orders/*",
    "orders/42",
    "",
    "http://api/orders/42",
    "/orders/" + "4" * 2000,
]


@pytest.mark.parametrize(("route", "method", "path"), ADMITTED)
def test_a_path_in_its_one_spelling_is_admitted(route: str, method: str, path: str) -> None:
    assert ROUTES[route].admits(method, path)


@pytest.mark.parametrize("path", VARIANTS)
@pytest.mark.parametrize("route", ROUTES)
def test_no_variant_of_a_path_is_admitted(route: str, path: str) -> None:
    assert not ROUTES[route].admits("GET", path)


@pytest.mark.parametrize(
    ("route", "method", "path"),
    [
        ("ANY /orders", "GET", "/orders/42"),
        ("ANY /orders/{proxy+}", "GET", "/orders"),
        ("ANY /orders/{proxy+}", "GET", "/customers/42"),
        ("GET /customers/{id}", "GET", "/customers"),
        ("GET /customers/{id}", "GET", "/customers/42/orders"),
        ("GET /customers/{id}", "POST", "/customers/42"),
        ("GET /customers/{id}", "get", "/customers/42"),
        ("GET /", "GET", "/orders"),
        ("ANY /orders", "G E T", "/orders"),
        ("ANY /orders", "", "/orders"),
    ],
)
def test_a_path_or_method_of_another_route_is_not_admitted(route: str, method: str, path: str) -> None:
    assert not ROUTES[route].admits(method, path)


@settings(derandomize=True, max_examples=500, deadline=None)
@given(st.text(alphabet=st.sampled_from("/.%25eEfF;\\orders42?#@: \0é"), max_size=24))
def test_an_admitted_path_has_one_reading(text: str) -> None:
    path = "/orders/" + text
    if ROUTES["ANY /orders/{proxy+}"].admits("GET", path):
        assert unquote(path) == path
        assert not {"", ".", ".."} & set(path[1:].split("/"))
        assert re.fullmatch(r"[!-~]+", path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "expected"),
        ('{"orders": "identified"}', "route key"),
        ('{"$default": "identified"}', "route key"),
        ('{"ANY /{proxy+}/orders": "identified"}', "route key"),
        ('{"ANY /a/../b": "identified"}', "route key"),
        ('{"ANY /a//b": "identified"}', "route key"),
        ('{"ANY /a/": "identified"}', "route key"),
        ('{"ANY /%61": "identified"}', "route key"),
        ('{"FETCH /a": "identified"}', "route key"),
        ('{"ANY /a": "none"}', "identified or verified"),
        ('{"ANY /a": null}', "identified or verified"),
        ('{"ANY /a": "verified", "ANY /a": "identified"}', "twice"),
        ("{", "Expecting"),
        ("null", "expected"),
    ],
)
def test_routes_that_cannot_be_meant_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        routes.parse(f'{{"api": {text}}}')


def test_verified_is_enough_everywhere_and_identified_is_not() -> None:
    assert Assurance.VERIFIED.satisfies(Assurance.IDENTIFIED)
    assert Assurance.IDENTIFIED.satisfies(Assurance.IDENTIFIED)
    assert not Assurance.IDENTIFIED.satisfies(Assurance.VERIFIED)
