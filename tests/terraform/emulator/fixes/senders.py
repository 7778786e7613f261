"""SES identities: the tokens of Easy DKIM, tags under the ARN that AWS gives them, and what AWS refuses.

moto makes no tokens, of which a domain has three and an address none; tells a time as text; files tags under
email-identity/; and makes an identity twice, or deletes what is not there, without a word.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.ses.models import EmailIdentity
from moto.ses.utils import get_arn
from moto.sesv2.models import SESV2Backend

TOKENS = 3  # SES developer guide, "Easy DKIM": CNAME records of a domain


class AlreadyExistsError(JsonRESTError):
    """As SES answers it."""

    def __init__(self, identity: str) -> None:
        """Name the identity."""
        super().__init__("AlreadyExistsException", f"Email identity {identity} already exist.")


def install() -> None:
    """Mend all of it."""
    _complete_dkim()
    _refuse_what_is_there_and_what_is_not()


def _complete_dkim() -> None:
    make = EmailIdentity.__init__

    def make_complete(self: EmailIdentity, email_identity: str, *arguments: Any, **others: Any) -> None:
        make(self, email_identity, *arguments, **others)
        if "LastKeyGenerationTimestamp" in self.dkim_attributes:
            self.dkim_attributes["LastKeyGenerationTimestamp"] = int(time.time())
        if self.identity_type == "DOMAIN" and self.dkim_attributes["SigningAttributesOrigin"] == "AWS_SES":
            self.dkim_attributes["Tokens"] = [_token(email_identity, number) for number in range(TOKENS)]

    EmailIdentity.__init__ = make_complete


def _token(domain: str, number: int) -> str:
    return hashlib.sha256(f"{domain} {number}".encode()).hexdigest()[:32]


def _refuse_what_is_there_and_what_is_not() -> None:
    create, delete = SESV2Backend.create_email_identity, SESV2Backend.delete_email_identity

    def create_email_identity(self: SESV2Backend, **wanted: Any) -> EmailIdentity:
        if wanted["email_identity"] in self.core_backend.email_identities:
            raise AlreadyExistsError(wanted["email_identity"])
        identity = create(self, **wanted)
        self.core_backend.tagger.tag_resource(_arn(self, identity), identity.tags)
        return identity

    def delete_email_identity(self: SESV2Backend, email_identity: str) -> None:
        identity = self.get_email_identity(email_identity)  # which refuses what is not there
        self.core_backend.tagger.delete_all_tags_for_resource(_arn(self, identity))
        delete(self, email_identity)

    SESV2Backend.create_email_identity = create_email_identity
    SESV2Backend.delete_email_identity = delete_email_identity


def _arn(backend: SESV2Backend, identity: EmailIdentity) -> str:
    return str(get_arn(backend, "ses", f"identity/{identity.email_identity}"))
