"""Lambda: where a function logs to, which moto forgets, and changes of that and of its key."""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaFunction


def install() -> None:
    """Keep what a function is made or changed with."""
    make, configuration, update = (
        LambdaFunction.__init__,
        LambdaFunction.get_configuration,
        LambdaFunction.update_configuration,
    )

    def make_with_logging(
        self: LambdaFunction, account_id: str, spec: dict[str, Any], *arguments: Any, **others: Any
    ) -> None:
        make(self, account_id, spec, *arguments, **others)
        # Lambda Developer Guide, "Working with CloudWatch Logs": what is so when nothing is said.
        group = f"/aws/lambda/{self.function_name}"
        self.logging = {"LogFormat": "Text", "LogGroup": group, **spec.get("LoggingConfig", {})}

    def configuration_with_logging(self: LambdaFunction, *arguments: Any, **others: Any) -> dict[str, Any]:
        return {**configuration(self, *arguments, **others), "LoggingConfig": self.logging}

    def update_all(self: LambdaFunction, config_updates: dict[str, Any]) -> dict[str, Any]:
        self.logging = {**self.logging, **config_updates.get("LoggingConfig", {})}
        self.kms_key_arn = config_updates.get("KMSKeyArn", self.kms_key_arn)
        return update(self, config_updates)

    LambdaFunction.__init__ = make_with_logging
    LambdaFunction.get_configuration = configuration_with_logging
    LambdaFunction.update_configuration = update_all
