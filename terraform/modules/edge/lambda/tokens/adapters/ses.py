"""Codes by e-mail, with SES."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tokens import codes
from tokens.adapters import aws
from tokens.ports import Dependency

# SES delivers what is sent here to nobody: no quota, no reputation, the same price and the same call as for a
# customer (SES Developer Guide, "Using the mailbox simulator").
NOBODY = "success@simulator.amazonses.com"

SUBJECT = "Seu código de acesso"
TEXT = (
    "Seu código de acesso é {code}. Ele vale por {minutes} minutos e só pode ser usado uma vez.\n\n"
    "Se você não pediu um código, ignore esta mensagem e não o informe a ninguém.\n"
)


class SesSender:
    """Sends from one address: `ses:SendEmail` on its identity is all that is needed."""

    def __init__(self, sender: str) -> None:
        """Send from `sender`."""
        self._sender = sender

    @cached_property
    def _client(self) -> Any:
        """The client; tokens without a code need none."""
        return aws.client("sesv2")

    def send(self, address: str | None, code: str) -> None:
        """Send a code."""
        text = TEXT.format(code=code, minutes=codes.LIFETIME // 60)
        message = {"Subject": _text(SUBJECT), "Body": {"Text": _text(text)}}
        with aws.calls(Dependency.SENDER):
            self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [address or NOBODY]},
                Content={"Simple": message},
            )


def _text(data: str) -> dict[str, str]:
    return {"Data": data, "Charset": "UTF-8"}
