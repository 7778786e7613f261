"""What stops the bootstrap: what is wrong, and what somebody has to do about it."""

from __future__ import annotations


class Trouble(Exception):  # noqa: N818  (as Usage: it reads as what it is)
    """Something that only a person can put right."""

    def __init__(self, message: str, fix: str) -> None:
        """Say what is wrong, and what to do."""
        super().__init__(f"{message}\n{fix}")
        self.message, self.fix = message, fix


class Rejected(Trouble):
    """HCP Terraform understood the request and refused it; `status` and `detail` are its own words."""

    def __init__(self, status: int, detail: str, what: str) -> None:
        """Say what was refused."""
        super().__init__(
            f"HCP Terraform refuses to {what}: {detail} ({status})", _FIXES.get(status, _FIXES[422])
        )
        self.status, self.detail = status, detail


class Unsure(Trouble):
    """There was no answer to a request that may have been carried out: look before asking again."""


# What the token may not see is 404, too: developer.hashicorp.com/terraform/cloud-docs/api-docs#response-codes
_FIXES = {
    401: "The token is mistyped, expired or revoked. Make a new one with `terraform login`.",
    403: "The token's owner may not do this. Run it as an owner of the organization.",
    404: "It is not there, or the token's owner may not see it. Run it as an owner of the organization.",
    409: "Somebody else is changing it. Wait a minute and run this again.",
    422: "If the reason is not plain, report it: this command sent what HCP Terraform does not take.",
}
