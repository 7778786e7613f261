"""The names of what stands in front of an environment: the API Gateway, its functions and their packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.access import AccessNames
from generator.model.gateway import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator


class GatewayNames(AccessNames):
    """Names that exist while the gateway is on."""

    __slots__ = ()

    @property
    def api_names(self) -> dict[str, str]:
        """The HTTP APIs by host, sorted: one a host, for HTTP APIs do not route by host."""
        return {host: f"{self.prefix}-{host.removesuffix(f'.{self.domain}')}" for host in self.hosts}

    @property
    def vpc_link_name(self) -> str:
        """The VPC link, and what Terraform names after it: the probe, security groups, alarms."""
        return self.prefix

    @property
    def function_names(self) -> dict[str, str]:
        """The Lambda functions, by what they are for; their IAM roles are called the same."""
        return {function: f"{self.prefix}-{function}" for function in FUNCTIONS}

    @property
    def package_bucket(self) -> str:
        """The bucket of the functions' packages; the whole world shares such names, so it has the account."""
        return f"{self.prefix}-packages-{self.account}"

    @property
    def package_uploader_role_name(self) -> str:
        """The IAM role that CI puts packages there with."""
        return f"{self.prefix}-packages"

    @property
    def attempts_table_name(self) -> str:
        """The DynamoDB table of attempts and codes."""
        return f"{self.prefix}-tokens"

    @property
    def hmac_secret_name(self) -> str:
        """The secret that makes CPFs unrecognisable in that table."""
        return self.secret_name("gateway/hmac-key")

    @property
    def customers_secret_name(self) -> str:
        """The connection string that customers are looked up with, which the stack `database` stores."""
        return self.secret_name("gateway/mongodb-uri")

    @property
    def signing_key_aliases(self) -> dict[str, str]:
        """The KMS keys of tokens, by their names in the spec; the first signs."""
        keys = self.gateway.tokens.signing_keys if self.gateway.tokens else ()
        return {key: f"alias/{self.prefix}-signing-{key}" for key in keys}

    @property
    def audience(self) -> str:
        """Whom the gateway's tokens are for: nobody outside the environment takes them."""
        return self.prefix

    @property
    def issuer(self) -> str:
        """Who the gateway's tokens are from; the public keys are below it."""
        return f"https://{self.api_host}"

    @property
    def sender_identity(self) -> str:
        """The domain that SES sends codes for."""
        return self.domain

    @property
    def own_secrets(self) -> Iterator[str]:
        """Secrets that no workload may ask for."""
        yield self.atlas_credentials_secret_name
        yield self.argocd_repository_secret_name
        if self.gateway.enabled:
            yield self.hmac_secret_name
            yield self.customers_secret_name
