"""Calls that moto does not have, of any service."""

from __future__ import annotations

import json

from moto.core.responses import TYPE_RESPONSE, BaseResponse

CODE = "NotInTheEmulator"


def install() -> None:
    """Answer 400 where moto answers 500, which the provider would repeat for minutes."""
    original = BaseResponse.call_action

    def call_action(self: BaseResponse) -> TYPE_RESPONSE:
        try:
            return original(self)
        except NotImplementedError as error:
            headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": CODE}
            return 400, headers, json.dumps({"__type": CODE, "message": str(error)})

    BaseResponse.call_action = call_action
