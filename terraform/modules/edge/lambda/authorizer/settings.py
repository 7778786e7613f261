"""The settings of the authorizer, from environment variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from authorizer import routes
from authorizer.verification import Trust
from common import environment, keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.routes import Routes

VARIABLES = {
    "ISSUER": environment.origin,
    "AUDIENCE": environment.word,
    "JWKS": keys.parse,  # public keys that may have signed: the current one, the next one, the last one
    "ROUTES": routes.parse,  # {"<API id>": {"ANY /orders": "identified"}}: all that the gateway asks about
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Whose tokens count, and what each route asks for."""

    trust: Trust
    routes: Routes


def read(variables: Mapping[str, str]) -> Settings:
    """Return the settings of an environment.

    Raises:
        SettingsError: some are missing or wrong.
    """
    values = environment.read(variables, VARIABLES)
    trust = Trust(issuer=values["ISSUER"], audience=values["AUDIENCE"], keys=values["JWKS"])
    return Settings(trust=trust, routes=values["ROUTES"])
