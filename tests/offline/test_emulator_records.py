"""The emulator's Route 53: a name is taken as long as its record is there, and no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.terraform.emulator.process import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Change = Callable[[str, str, str], Any]

pytestmark = pytest.mark.offline


@pytest.fixture(scope="module")
def change() -> Iterator[Change]:
    """Changes a record of a zone: an action, a name and a value."""
    with running("111111111111") as emulator:
        route53 = emulator.client("route53", "us-east-1")
        zone = route53.create_hosted_zone(Name="shop.example", CallerReference="shop")["HostedZone"]["Id"]

        def call(action: str, name: str, value: str) -> Any:
            record = {"Name": name, "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": value}]}
            batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
            return route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)

        yield call


def test_a_name_that_is_taken_is_refused_whatever_its_value(change: Change) -> None:
    change("CREATE", "a.shop.example", "one.example")
    for value in ("one.example", "two.example"):
        with pytest.raises(ClientError, match=r"InvalidChangeBatch.*'a\.shop\.example\.'.* already exists"):
            change("CREATE", "a.shop.example", value)
    change("UPSERT", "a.shop.example", "two.example")


def test_a_name_that_is_free_again_is_not(change: Change) -> None:
    change("CREATE", "z.shop.example", "one.example")  # stands after the other
    for _ in range(2):
        change("CREATE", "b.shop.example", "one.example")
        change("DELETE", "b.shop.example", "one.example")
