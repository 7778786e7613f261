"""Recover a provider's schema from the wheel of its CDK bindings, without importing it.

The bindings are generated from the schema. `.jsii` lists the types of their arguments, and so what is
required; the JavaScript has each argument with its type, and beside each output a comment that says whether
it is computed.
"""

from __future__ import annotations

import io
import json
import re
import tarfile
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.terraform.stub.schema import Attribute, Block, Nested, Schema

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from tests.terraform.stub.schema import Type

MODULE = re.compile(r"package/lib/([\w-]+)/index\.js")
CLASS = re.compile(r"^class (?P<name>\w+) extends cdktf\.(?P<base>\w+) \{.*?^\}", re.DOTALL | re.MULTILINE)
FUNCTION = re.compile(r"^function (\w+)ToHclTerraform\(.*?^\}", re.DOTALL | re.MULTILINE)
ARGUMENT = re.compile(
    r"^ +(?P<name>\w+): \{\s*value: (?P<value>[^\n]*),\s*isBlock: (?P<block>\w+),"
    r'\s*type: "(?P<nesting>\w+)",\s*storageClassType: "(?P<storage>\w+)"',
    re.MULTILINE,
)
PROPERTY = re.compile(r"(?:this\._|struct\.)(\w+?)(?:\.internalValue)?[),]")
COMMENT = re.compile(r"// (\w+) - computed: (true|false), optional: (?:true|false), required: (?:true|false)")
TYPE_NAME = re.compile(r'tfResourceType = "(\w+)"')

KINDS = {"TerraformResource", "TerraformDataSource", "TerraformProvider"}
SCALARS = {"string": "string", "number": "number", "boolean": "bool", "any": "string"}
NESTINGS = {"struct": "single", "list": "list", "set": "set", "map": "map"}


def recover(wheel: pathlib.Path) -> Schema:
    """Return the schema of the provider's version that the wheel was generated from."""
    files = _files(wheel)
    types = json.loads(files["package/.jsii"])["types"]
    provider = json.loads(files["package/package.json"])["cdktf"]["provider"]
    found = Schema(source=provider["name"], version=provider["version"], provider=Block())
    for path, text in files.items():
        if MODULE.fullmatch(path):
            _module(text, types, found)
    return found


def _files(wheel: pathlib.Path) -> dict[str, str]:
    with zipfile.ZipFile(wheel) as archive:
        (inner,) = [name for name in archive.namelist() if name.endswith(".jsii.tgz")]
        content = io.BytesIO(archive.read(inner))
    with tarfile.open(fileobj=content) as package:
        wanted = [m for m in package if m.isfile() and m.name.endswith((".js", ".jsii", "package.json"))]
        return {m.name: part.read().decode() for m in wanted if (part := package.extractfile(m))}


def _module(text: str, types: dict[str, Any], found: Schema) -> None:
    """Add what a module has: a resource, a data source or the provider itself."""
    classes = {match["name"]: match for match in CLASS.finditer(text)}
    for name, match in classes.items():
        if match["base"] not in KINDS:
            continue
        config = next(
            key for key, value in types.items() if value["name"] == f"{name}Config" and _same(value, text)
        )
        bindings = Bindings(
            text=text,
            classes={other: m[0] for other, m in classes.items()},
            functions={f[1][0].upper() + f[1][1:]: f[0] for f in FUNCTION.finditer(text)},
            types=types,
            namespace=config.rpartition(".")[0],
        )
        block = bindings.block(match[0], f"{name}Config", match[0])
        if match["base"] == "TerraformProvider":
            block.attributes.pop("alias", None)  # Terraform's own
            found.provider = block
            continue
        if "id" in block.attributes and not block.attributes["id"].required:
            block.attributes["id"] = Attribute(type="string", optional=True, computed=True)
        places = found.resources if match["base"] == "TerraformResource" else found.data_sources
        places[_type_name(text)] = block


def _same(interface: dict[str, Any], text: str) -> bool:
    """Say whether an interface is of this module: names are unique inside of one only."""
    return f'{interface["fqn"].removesuffix("Config")}"' in text


def _type_name(text: str) -> str:
    match = TYPE_NAME.search(text)
    if match is None:
        raise ValueError("a module without the name of its resource")
    return match[1]


@dataclass(frozen=True, kw_only=True)
class Bindings:
    """A module of the bindings."""

    text: str
    classes: dict[str, str]
    functions: dict[str, str]  # body of `...ToHclTerraform` by the struct that it takes
    types: dict[str, Any]
    namespace: str

    def block(self, body: str, interface: str, outputs: str) -> Block:
        """Return what a body takes, as the interface says it, and what the outputs read."""
        found = Block()
        properties = self._properties(interface)
        computed = {name: flag == "true" for name, flag in COMMENT.findall(outputs)}
        for argument in ARGUMENT.finditer(body):
            match = PROPERTY.search(argument["value"])
            declared = properties.get(match[1]) if match else None
            required = declared is not None and not declared.get("optional")
            summary = (declared or {}).get("docs", {}).get("summary", "")
            self._add(
                found, argument, required=required, is_block=summary.startswith(f"{argument['name']} block")
            )
        for name, is_computed in computed.items():
            if name in found.attributes:
                attribute = found.attributes[name]
                attribute.computed = is_computed and not attribute.required
            elif is_computed and name not in found.blocks:
                found.attributes[name] = Attribute(type=self._output(name, outputs), computed=True)
        return found

    def _properties(self, interface: str) -> dict[str, dict[str, Any]]:
        declared = self.types.get(f"{self.namespace}.{interface}", {})
        return {part["name"]: part for part in declared.get("properties", [])}

    def _add(self, found: Block, argument: re.Match[str], *, required: bool, is_block: bool) -> None:
        name, storage = argument["name"], argument["storage"]
        if argument["block"] == "false":
            kind = _plain_type(storage, is_set=argument["nesting"] == "set")
            found.attributes[name] = Attribute(type=kind, required=required, optional=not required)
            return
        struct = self._struct(storage)
        outputs = self.classes.get(f"{struct}OutputReference", "")
        inner = self.block(self.functions.get(struct, ""), struct, outputs)
        nested = Nested(nesting=NESTINGS[argument["nesting"]], block=inner)
        if not is_block:
            found.attributes[name] = Attribute(nested=nested, required=required, optional=not required)
            return
        if nested.nesting in ("list", "set"):
            nested.least = int(required)
            nested.most = int(f'new {struct}OutputReference(this, "{name}")' in self.text)
        found.blocks[name] = nested

    def _struct(self, storage: str) -> str:
        for name in (storage, storage.removesuffix("List"), storage.removesuffix("Map")):
            if name in self.functions:
                return name
        return storage

    def _output(self, name: str, outputs: str) -> Type:
        """Return the type of what is only read."""
        made = re.search(
            rf"new (cdktf\.)?(\w+?)(List|Map|OutputReference)\(this, ['\"]{name}['\"](, true)?", outputs
        )
        if made and made[1]:
            return _plain_type(made[2] + made[3])
        if made:
            inner = self.block("", "", self.classes.get(f"{made[2]}OutputReference", "")).shape
            return {"List": ["set" if made[4] else "list", inner], "Map": ["map", inner]}.get(made[3], inner)
        got = re.search(rf"(tolist\()?this\.get(\w+)Attribute\(['\"]{name}['\"]\)", outputs)
        return _plain_type(got[2], is_set=bool(got[1])) if got else "string"


def _plain_type(name: str, *, is_set: bool = False) -> Type:
    """Return the type behind string, stringList, numberMap, StringListMap and the like."""
    for suffix, kind in (("List", "set" if is_set else "list"), ("Map", "map")):
        if name.endswith(suffix):
            return [kind, _plain_type(name.removesuffix(suffix) or "string")]
    return SCALARS[name.lower()]


def summary(schema: Schema) -> Iterator[str]:
    """Yield what was found, for people."""
    yield f"{schema.source} {schema.version}"
    yield f"{len(schema.resources)} resources, {len(schema.data_sources)} data sources"
