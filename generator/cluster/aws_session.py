"""Asks AWS, in the region of one environment, with the credentials that this person has anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.cluster.aws_trouble import refused, unanswered

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    Answer = dict[str, Any]

ATTEMPTS, CONNECT, READ = 5, 5, 20
"""How often botocore asks, with backoff in between, and seconds until it gives an attempt up."""


class Aws:
    """The APIs of AWS. boto3 is imported, and credentials are looked for, with the first question."""

    def __init__(self, region: str) -> None:
        """Stand for a region; nothing is asked yet."""
        self.region = region
        self._clients: dict[str, Any] = {}

    def ask(
        self, service: str, operation: str, what: str, *, absent: Collection[str] = (), **parameters: Any
    ) -> Answer | None:
        """Make one call, `operation` as boto3 names it; return its answer, None for a code in `absent`.

        `what` says what it is for, after "may not".

        Raises:
            AwsTrouble: AWS refuses, or cannot be asked.
        """
        return self._asked(lambda: getattr(self._client(service), operation)(**parameters), what, absent)

    def collect(
        self,
        service: str,
        operation: str,
        key: str,
        what: str,
        *,
        absent: Collection[str] = (),
        **parameters: Any,
    ) -> list[Any]:
        """Return what all pages of a listing have under `key`; nothing for a code in `absent`.

        Raises:
            AwsTrouble: as `ask`.
        """

        def pages() -> Answer:
            paginator = self._client(service).get_paginator(operation)
            return {key: [item for page in paginator.paginate(**parameters) for item in page.get(key, [])]}

        found = self._asked(pages, what, absent)
        return list(found[key]) if found else []

    @staticmethod
    def _asked(question: Callable[[], Answer], what: str, absent: Collection[str]) -> Answer | None:
        """Ask, with botocore's exceptions turned into ours; None for a code in `absent`."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  (as below)

        try:
            return question()
        except ClientError as error:
            if error.response["Error"].get("Code") in absent:
                return None
            raise refused(error, what) from None
        except BotoCoreError as error:
            raise unanswered(error) from None

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            import boto3  # noqa: PLC0415  (takes long, and tests of other parts do without)
            from botocore.config import Config  # noqa: PLC0415

            config = Config(
                connect_timeout=CONNECT,
                read_timeout=READ,
                retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            )
            session = boto3.Session(region_name=self.region)
            self._clients[service] = session.client(service, config=config)
        return self._clients[service]
