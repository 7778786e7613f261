"""Settings: a function that was told something wrong does not start, and says what, not which value."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

import authorizer.settings
import tokens.settings
from common import keys as key_sets
from common.environment import SettingsError
from fakes import keys, world

HERE = Path(__file__).parents[1]
CURRENT, NEXT = keys.new("2026-11"), keys.new("2027-02")
AUTHORIZER = {
    "ISSUER": world.ISSUER,
    "AUDIENCE": world.AUDIENCE,
    "JWKS": keys.document(CURRENT, NEXT),
    "ROUTES": world.ROUTES,
}
TOKEN = {
    "ISSUER": world.ISSUER,
    "AUDIENCE": world.AUDIENCE,
    "JWKS": keys.document(CURRENT, NEXT),
    "KEY_ID": "2026-11",
    "KMS_KEY_ID": "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "TABLE": "techchallenge-dev-tokens",
    "SECRET_ID": "techchallenge/dev/edge/hmac",
    "MONGODB_SECRET_ID": "techchallenge/dev/customers/mongodb",
    "MONGODB_DATABASE": "customers",
    "MONGODB_COLLECTION": "customers",
    "SENDER": "Tech Challenge <no-reply@dev.techchallenge.example>",
}


def test_settings_are_read() -> None:
    assert list(authorizer.settings.read(AUTHORIZER).trust.keys.by_id) == ["2026-11", "2027-02"]
    assert tokens.settings.read(TOKEN).key_id == "2026-11"
    assert authorizer.settings.VARIABLES.keys() == AUTHORIZER.keys()
    assert tokens.settings.VARIABLES.keys() == TOKEN.keys()


def test_all_that_is_wrong_is_said_at_once_and_no_value_is_quoted() -> None:
    wrong = {**TOKEN, "ISSUER": "http://secret.example", "SENDER": "secret"}
    del wrong["TABLE"]
    with pytest.raises(SettingsError) as caught:
        tokens.settings.read(wrong)
    assert str(caught.value) == (
        "ISSUER: expected https://<host> without a path or a slash at the end; TABLE is not set; "
        "SENDER: expected an e-mail address, or a name and then the address in <>"
    )


def test_a_key_that_is_not_published_cannot_sign() -> None:
    with pytest.raises(SettingsError, match="publish a key before it signs"):
        tokens.settings.read({**TOKEN, "KEY_ID": "2027-05"})


@pytest.mark.parametrize(
    "issuer", ["https://api.example.com/", "https://", "https://a b", "https://api.example.com\n"]
)
def test_an_issuer_has_one_spelling(issuer: str) -> None:
    with pytest.raises(SettingsError, match="ISSUER"):
        authorizer.settings.read({**AUTHORIZER, "ISSUER": issuer})


@pytest.mark.parametrize("sender", ["a@b.example\nBcc: c@d.example", "A <a@b.example", "a@b.example>", "a"])
def test_a_sender_is_one_address(sender: str) -> None:
    with pytest.raises(SettingsError, match="SENDER"):
        tokens.settings.read({**TOKEN, "SENDER": sender})


def private() -> dict[str, Any]:
    return {**CURRENT.jwk, "d": "AAAA"}


def of_p384() -> dict[str, Any]:
    public = ec.generate_private_key(ec.SECP384R1()).public_key()
    return {**keys.jwk("k", NEXT.private.public_key()), "crv": public.curve.name}


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ([], "at least one key"),
        ([CURRENT.jwk, CURRENT.jwk], "the same kid"),
        ([private()], "private key"),
        ([of_p384()], "not for ES256"),
        ([{**CURRENT.jwk, "use": "enc"}], "not for ES256"),
        ([{**CURRENT.jwk, "alg": "HS256"}], "not for ES256"),
        ([{**CURRENT.jwk, "kty": "oct", "k": "AAAA"}], "has not just"),
        ([{**CURRENT.jwk, "x": CURRENT.jwk["y"]}], "not on the curve"),
        ([{**CURRENT.jwk, "x": CURRENT.jwk["x"][:-2]}], "not base64url"),
        ([{**CURRENT.jwk, "x": CURRENT.jwk["x"] + "A"}], "not 32 bytes"),
        ([{**CURRENT.jwk, "kid": "a b"}], "a kid does not match"),
        ([{**CURRENT.jwk, "kid": 7}], "object of strings"),
        ([{**CURRENT.jwk, "jku": "https://evil.example"}], "has not just"),
        (["key"], "object of strings"),
    ],
)
def test_a_key_set_has_public_keys_for_es256_and_nothing_else(members: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        key_sets.parse(json.dumps({"keys": members}))


def test_a_key_set_is_published_as_it_was_told() -> None:
    assert key_sets.parse(keys.document(CURRENT, NEXT)).document() == {"keys": [CURRENT.jwk, NEXT.jwk]}


def started(handler: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    code = f"import sys, {handler}; print(sorted({{name.partition('.')[0] for name in sys.modules}}))"
    region = {"AWS_DEFAULT_REGION": "us-east-1", "PATH": os.environ["PATH"]}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=HERE,
        env={**region, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_handler_does_not_start_on_wrong_settings() -> None:
    run = started("authorizer.handler", {**AUTHORIZER, "ROUTES": "{}}"})
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].startswith("common.environment.SettingsError: ROUTES: ")


def test_the_authorizer_knows_neither_aws_nor_a_database_and_the_token_function_waits_for_its_own() -> None:
    loaded = {
        "authorizer.handler": started("authorizer.handler", AUTHORIZER).stdout,
        "tokens.handler": started("tokens.handler", TOKEN).stdout,
    }
    heavy = ["boto3", "botocore", "pymongo", "requests", "urllib3"]
    found = {handler: [name for name in heavy if f"'{name}'" in out] for handler, out in loaded.items()}
    assert found == {"authorizer.handler": [], "tokens.handler": ["botocore", "urllib3"]}
