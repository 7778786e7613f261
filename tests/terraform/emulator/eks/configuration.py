"""An add-on's configurationValues, which EKS checks against the schema of the add-on's version.

The schemas are the top level of what DescribeAddonConfiguration answers, for add-ons where AWS or its users
publish it: vpc-cni v1.15.1-eksbuild.1, coredns v1.10.1-eksbuild.11, kube-proxy v1.28.8-eksbuild.5. A
newer version may know more keys: add one when DescribeAddonConfiguration shows it. Of other add-ons only the
syntax is checked.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml
from jsonschema import Draft6Validator

from tests.terraform.emulator.errors import InvalidParameterException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema.exceptions import ValidationError

REFUSAL = "ConfigurationValue provided in request is not supported: "
STRING, INTEGER, OBJECT, ARRAY = ({"type": kind} for kind in ("string", "integer", "object", "array"))
OBJECT_OR_NULL = {"type": ["object", "null"]}

PROPERTIES: dict[str, dict[str, Any]] = {
    "vpc-cni": {
        "affinity": OBJECT_OR_NULL,
        "enableNetworkPolicy": STRING,  # "true": a boolean is refused
        "enableWindowsIpam": STRING,
        "eniConfig": OBJECT,
        "env": OBJECT,
        "init": OBJECT,
        "livenessProbeTimeoutSeconds": INTEGER,
        "nodeAgent": OBJECT,
        "readinessProbeTimeoutSeconds": INTEGER,
        "resources": OBJECT,
        "tolerations": ARRAY,
    },
    "coredns": {
        "affinity": OBJECT_OR_NULL,
        "autoScaling": OBJECT,
        "computeType": STRING,
        "corefile": STRING,
        "nodeSelector": OBJECT,
        "podAnnotations": OBJECT,
        "podDisruptionBudget": OBJECT,
        "podLabels": OBJECT,
        "replicaCount": INTEGER,
        "resources": OBJECT,
        "tolerations": ARRAY,
        "topologySpreadConstraints": ARRAY,
    },
    "kube-proxy": {
        "ipvs": OBJECT,
        "mode": {"enum": ["iptables", "ipvs"]},
        "podAnnotations": OBJECT,
        "podLabels": OBJECT,
        "resources": OBJECT,
    },
}


def check(addon: str, values: str) -> None:
    """Judge the values that a call gives an add-on.

    Raises:
        InvalidParameterException: they are no map in JSON or YAML, or not what the add-on's schema allows.
    """
    try:
        document = _read(values)
    except yaml.YAMLError as error:
        raise InvalidParameterException(f"{REFUSAL}{error}") from error
    if not isinstance(document, dict):
        raise InvalidParameterException(f"{REFUSAL}it is no map")
    if addon not in PROPERTIES:
        return
    schema = {"type": "object", "properties": PROPERTIES[addon], "additionalProperties": False}
    errors = [said for error in Draft6Validator(schema).iter_errors(document) for said in _said(error)]
    if errors:
        raise InvalidParameterException(
            f"{REFUSAL}Json schema validation failed with error: [{', '.join(errors)}]"
        )


def _read(values: str) -> object:
    try:
        return json.loads(values)
    except ValueError:
        return yaml.safe_load(values)


def _said(error: ValidationError) -> Iterator[str]:
    """One sentence for each fault, in EKS's words where they are known."""
    if error.validator != "additionalProperties":
        yield f"{error.json_path}: {error.message}"
        return
    for key in sorted(error.instance.keys() - error.schema["properties"].keys()):
        yield f"$.{key}: is not defined in the schema and the schema does not allow additional properties"
