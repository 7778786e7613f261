"""Counters and pending codes in one DynamoDB table.

Partition key `key` (string), no sort key; TTL attribute `expires` (number, seconds since 1970). DynamoDB
deletes expired items up to days late, so every condition looks at `expires` itself. Each method is one
conditional write, and those of one item are applied one after the other: there is no read that could be
stale.

    key                                          count  mac  customer  tries  expires
    limit#<name>#<HMAC>#<end of the window>        x                             x
    code#<HMAC of the CPF>                               x      x        x       x
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tokens.ports import Dependency, PendingCode, UnavailableError


class DynamoDbStore:
    """A table: `dynamodb:UpdateItem`, `PutItem` and `DeleteItem` on it are all that is needed."""

    def __init__(self, client: Any, table: str) -> None:
        """Keep everything in `table`."""
        self._client = client
        self._table = table

    def count(self, key: str, *, most: int, expires: int) -> bool:
        """Count one more, unless `most` are counted."""
        counted = self._change(
            "update_item",
            Key={"key": {"S": key}},
            UpdateExpression="ADD #count :one SET expires = :expires",
            ConditionExpression="attribute_not_exists(#count) OR #count < :most",
            ExpressionAttributeNames={"#count": "count"},
            ExpressionAttributeValues={":one": _n(1), ":most": _n(most), ":expires": _n(expires)},
        )
        return counted is not None

    def save(self, subject: str, code: PendingCode) -> None:
        """Keep the one pending code of a subject, in place of the last."""
        item = {
            **_code_key(subject),
            "mac": {"S": code.mac},
            "customer": {"S": code.customer},
            "tries": _n(0),
            "expires": _n(code.expires),
        }
        self._change("put_item", Item=item)

    def attempt(self, subject: str, *, now: int, most: int) -> PendingCode | None:
        """Count a try at the pending code and return it."""
        answer = self._change(
            "update_item",
            Key=_code_key(subject),
            UpdateExpression="ADD tries :one",
            ConditionExpression="attribute_exists(#key) AND expires > :now AND tries < :most",
            ExpressionAttributeNames={"#key": "key"},
            ExpressionAttributeValues={":one": _n(1), ":now": _n(now), ":most": _n(most)},
            ReturnValues="ALL_NEW",
        )
        if answer is None:
            return None
        item = answer["Attributes"]
        return PendingCode(
            mac=item["mac"]["S"], customer=item["customer"]["S"], expires=int(item["expires"]["N"])
        )

    def consume(self, subject: str, mac: str, *, now: int) -> bool:
        """Delete the pending code if it is still this one and valid."""
        deleted = self._change(
            "delete_item",
            Key=_code_key(subject),
            ConditionExpression="mac = :mac AND expires > :now",
            ExpressionAttributeValues={":mac": {"S": mac}, ":now": _n(now)},
        )
        return deleted is not None

    def _change(self, call: str, **arguments: Any) -> dict[str, Any] | None:
        """Return the answer to a write, or None when its condition did not hold."""
        try:
            answer: dict[str, Any] = getattr(self._client, call)(TableName=self._table, **arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return None
            raise UnavailableError(Dependency.STORE) from error
        except BotoCoreError as error:
            raise UnavailableError(Dependency.STORE) from error
        return answer


def _n(number: int) -> dict[str, str]:
    return {"N": str(number)}


def _code_key(subject: str) -> dict[str, dict[str, str]]:
    return {"key": {"S": f"code#{subject}"}}
