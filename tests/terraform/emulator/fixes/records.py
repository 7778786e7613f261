"""Route 53: a record that is there is not made again, and one that is gone may be.

moto refuses a change that it has seen before, if any record stands at that name or after it. Another value
for a name that is taken it takes, which Route 53 refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.route53.exceptions import ResourceRecordAlreadyExists
from moto.route53.models import Route53Backend

if TYPE_CHECKING:
    from moto.route53.models import FakeZone

    Change = dict[str, Any]


def install() -> None:
    """Look for the record itself, and let moto forget what it has seen."""
    change = Route53Backend.change_resource_record_sets

    def change_resource_record_sets(self: Route53Backend, zoneid: str, change_list: list[Change]) -> None:
        zone = self.get_hosted_zone(zoneid)
        for wanted in change_list:
            if wanted["Action"] == "CREATE":
                _refuse_what_is_there(zone, wanted["ResourceRecordSet"])
                while wanted in zone.rr_changes:
                    zone.rr_changes.remove(wanted)
        change(self, zoneid, change_list)

    Route53Backend.change_resource_record_sets = change_resource_record_sets


def _refuse_what_is_there(zone: FakeZone, record: dict[str, Any]) -> None:
    name, kind, identifier = f"{record['Name'].strip('.')}.", record["Type"], record.get("SetIdentifier")
    for there in zone.rrsets:
        if (f"{there.name.strip('.')}.", there.type, there.set_identifier) == (name, kind, identifier):
            raise ResourceRecordAlreadyExists(name=name, _type=kind)
