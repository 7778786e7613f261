"""Trees to text: the YAML that Helm and Argo CD read, the JSON that Terraform reads."""

from generator.emit.as_json import json_text
from generator.emit.as_yaml import yaml_text

__all__ = ["json_text", "yaml_text"]
