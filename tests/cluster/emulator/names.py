"""Whether names are ones that the server takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.cluster.emulator.errors import LABEL, SUBDOMAIN, invalid_value, required

if TYPE_CHECKING:
    from tests.cluster.emulator.resources import Resource

Json = dict[str, Any]
LABEL_FORM = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
SUBDOMAIN_FORM = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
DNS_1035 = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
DNS_1035_SAYS = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
    "character, "
    "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
    "'[a-z]([-a-z0-9]*[a-z0-9])?')"
)
LABELS = {"namespaces"}
PATH_SEGMENTS = {
    "roles",
    "rolebindings",
    "clusterroles",
    "clusterrolebindings",
    "events",
}  # RBAC has `system:...`
LONGEST_LABEL, LONGEST_SUBDOMAIN = 63, 253


def problems(resource: Resource, name: str) -> list[Json]:
    """The causes of a 422 for this name, as pkg/apis/core/validation words them."""
    field = "metadata.name"
    if not name:
        return [required(field, "name or generateName is required")]
    if resource.plural in PATH_SEGMENTS and not resource.custom:
        return [
            invalid_value(field, name, f"may not contain '{character}'")
            for character in "/%"
            if character in name
        ]
    if resource.plural == "services" and not resource.group:
        form, says, longest = DNS_1035, DNS_1035_SAYS, LONGEST_LABEL
    elif resource.plural in LABELS and not resource.group:
        form, says, longest = LABEL_FORM, LABEL, LONGEST_LABEL
    else:
        form, says, longest = SUBDOMAIN_FORM, SUBDOMAIN, LONGEST_SUBDOMAIN
    found = []
    if len(name) > longest:
        found.append(invalid_value(field, name, f"must be no more than {longest} characters"))
    if not form.fullmatch(name):
        dots = form is LABEL_FORM and SUBDOMAIN_FORM.fullmatch(name)
        found.append(invalid_value(field, name, "must not contain dots" if dots else says))
    return found
