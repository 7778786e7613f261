"""Every ExternalSecret's store is in its namespace, and reads this environment's secrets alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest


def check(environment: Environment) -> Iterator[str]:
    """Yield the stores that are missing or somebody else's, and the secrets that Terraform does not make."""
    tfvars = environment.tfvars
    for external in environment.of_kind("ExternalSecret"):
        store = external.spec["secretStoreRef"]
        if store.get("kind", "SecretStore") != "SecretStore":
            yield f"{external}: reads {store['kind']} {store['name']}, which no namespace limits"
        elif environment.find("SecretStore", store["name"], external.namespace) is None:
            yield f"{external}: there is no SecretStore {store['name']} in namespace {external.namespace}"
        prefix = f"{tfvars['platform']}/{environment.name}/"
        for key in sorted(entry["remoteRef"]["key"] for entry in external.spec.get("data") or []):
            if not key.startswith(prefix):
                yield f"{external}: {key} does not start with {prefix}, so it is another environment's"
    for store_object in environment.of_kind("SecretStore"):
        yield from _store(environment, store_object)


def _store(environment: Environment, store: Manifest) -> Iterator[str]:
    aws = store.spec["provider"]["aws"]
    account = f"arn:aws:iam::{environment.tfvars['account_id']}:role/"
    if not aws.get("role", "").startswith(account):
        yield f"{store}: its role is not one of this environment's account: {aws.get('role')}"
    if aws["region"] != environment.tfvars["region"]:
        yield f"{store}: it looks in {aws['region']}, the environment is in {environment.tfvars['region']}"
