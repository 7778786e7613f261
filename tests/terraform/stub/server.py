"""Serve a schema to terraform over its plugin protocol, version 6; run by terraform, with the schema's file.

Only this needs the packages `tf` and `grpcio`, which is why it runs in a virtual environment of its own.
"""

# ruff: noqa: N802, ARG002 - the methods are the protocol's

from __future__ import annotations

import json
import os
import pathlib
import sys
from typing import TYPE_CHECKING, Any

import msgpack  # type: ignore[import-not-found]
import tf.provider  # type: ignore[import-not-found]
import tf.runner  # type: ignore[import-not-found]
from tf.gen import tfplugin_pb2 as pb  # type: ignore[import-not-found]
from tf.gen import tfplugin_pb2_grpc as grpc

from tests.terraform.stub import schema, values
from tests.terraform.stub.atlas import Atlas
from tests.terraform.stub.provider import RefusedError, Rules
from tests.terraform.stub.tfe import Tfe
from tests.terraform.stub.values import UNKNOWN
from tests.terraform.stub.world import World

if TYPE_CHECKING:
    from tests.terraform.stub.schema import Attribute, Block, Nested

WORLD = "STUB_WORLD"  # the environment variable with the file of what was applied
RULES: dict[str, type[Rules]] = {"mongodb/mongodbatlas": Atlas, "hashicorp/tfe": Tfe}


def main(file: str) -> None:
    """Serve until terraform has had enough."""
    told = schema.decode(json.loads(pathlib.Path(file).read_text(encoding="utf-8")))
    world = World(pathlib.Path(os.environ[WORLD]) if WORLD in os.environ else None)
    rules = RULES.get(told.source.partition("/")[2], Rules)()
    servicer = Servicer(told, rules, world)
    # The package serves providers that are written with it; ours speaks the protocol itself.
    tf.provider.ProviderServicer = lambda _: servicer
    tf.runner.run_provider(None, ["stub"])


def read(dynamic: Any) -> Any:
    """Return a value of the protocol; whatever is unknown, however little, is UNKNOWN."""
    if dynamic.json:
        return json.loads(dynamic.json)
    return msgpack.unpackb(dynamic.msgpack, ext_hook=lambda *_: UNKNOWN) if dynamic.msgpack else None


def write(value: Any) -> Any:
    """Return a value for the protocol."""
    packed = msgpack.packb(value, default=lambda _: msgpack.ExtType(0, b"\0"))
    return pb.DynamicValue(msgpack=packed)


def _block(block: Block) -> Any:
    attributes = [_attribute(name, part) for name, part in block.attributes.items()]
    nesting = pb.Schema.NestedBlock.NestingMode
    blocks = [
        pb.Schema.NestedBlock(
            type_name=name,
            nesting=nesting.Value(part.nesting.upper()),
            block=_block(part.block),
            min_items=part.least,
            max_items=part.most,
        )
        for name, part in block.blocks.items()
    ]
    return pb.Schema.Block(attributes=attributes, block_types=blocks)


def _attribute(name: str, part: Attribute) -> Any:
    told: dict[str, Any] = (
        {"nested_type": _object(part.nested)} if part.nested else {"type": json.dumps(part.type).encode()}
    )
    flags = {flag: getattr(part, flag) for flag in ("required", "optional", "computed")}
    return pb.Schema.Attribute(name=name, **told, **flags)


def _object(nested: Nested) -> Any:
    mode = pb.Schema.Object.NestingMode.Value(nested.nesting.upper())
    return pb.Schema.Object(attributes=_block(nested.block).attributes, nesting=mode)


def _schema(block: Block) -> Any:
    return pb.Schema(block=_block(block))


def _diagnostics(error: RefusedError) -> list[Any]:
    return [pb.Diagnostic(severity=pb.Diagnostic.ERROR, summary=str(error))]


class Servicer(grpc.ProviderServicer):  # type: ignore[misc] # a class that is not there for mypy
    """Answers terraform. Its methods have the protocol's names."""

    def __init__(self, told: schema.Schema, rules: Rules, world: World) -> None:
        """Serve a schema by the rules of its provider."""
        self.schema, self.rules, self.world = told, rules, world

    def GetMetadata(self, request: Any, context: Any) -> Any:
        return pb.GetMetadata.Response()

    def GetProviderSchema(self, request: Any, context: Any) -> Any:
        return pb.GetProviderSchema.Response(
            provider=_schema(self.schema.provider),
            resource_schemas={kind: _schema(block) for kind, block in self.schema.resources.items()},
            data_source_schemas={kind: _schema(block) for kind, block in self.schema.data_sources.items()},
        )

    # terraform itself has looked at names, types and what is required, by the schema.

    def ValidateProviderConfig(self, request: Any, context: Any) -> Any:
        return pb.ValidateProviderConfig.Response()

    def ValidateResourceConfig(self, request: Any, context: Any) -> Any:
        return pb.ValidateResourceConfig.Response()

    def ValidateDataResourceConfig(self, request: Any, context: Any) -> Any:
        return pb.ValidateDataResourceConfig.Response()

    def ConfigureProvider(self, request: Any, context: Any) -> Any:
        try:
            self.rules.configure(read(request.config))
        except RefusedError as error:
            return pb.ConfigureProvider.Response(diagnostics=_diagnostics(error))
        return pb.ConfigureProvider.Response()

    def UpgradeResourceState(self, request: Any, context: Any) -> Any:
        stored = json.loads(request.raw_state.json)
        shape = self.schema.resources[request.type_name].shape
        return pb.UpgradeResourceState.Response(upgraded_state=write(values.fit(shape, stored)))

    def PlanResourceChange(self, request: Any, context: Any) -> Any:
        kind, prior, proposed = request.type_name, read(request.prior_state), read(request.proposed_new_state)
        block = self.schema.resources[kind]
        if proposed is None:
            return pb.PlanResourceChange.Response(planned_state=write(None))
        if prior is None:
            return pb.PlanResourceChange.Response(planned_state=write(values.opened(block, proposed)))
        replaced = [
            name for name, part in block.attributes.items() if part.replaces and prior[name] != proposed[name]
        ]
        if prior != proposed:
            proposed |= dict.fromkeys(self.rules.volatile.get(kind, ()), UNKNOWN)
        paths = [pb.AttributePath(steps=[pb.AttributePath.Step(attribute_name=name)]) for name in replaced]
        return pb.PlanResourceChange.Response(planned_state=write(proposed), requires_replace=paths)

    def ApplyResourceChange(self, request: Any, context: Any) -> Any:
        kind, prior, planned = request.type_name, read(request.prior_state), read(request.planned_state)
        try:
            with self.world.open() as kinds:
                there = kinds.setdefault(kind, {})
                if planned is None:
                    key = self.rules.key(kind, prior)
                    self.rules.delete(kinds, kind, there.get(key, prior))
                    there.pop(key, None)
                    new = None
                elif prior is None:
                    new = self._filled(kind, planned, self.rules.create(kinds, kind, planned))
                else:
                    new = self._filled(kind, planned, self.rules.update(kinds, kind, prior, planned))
                if new is not None:
                    there[self.rules.key(kind, new)] = new
        except RefusedError as error:
            kept = write(prior)
            return pb.ApplyResourceChange.Response(new_state=kept, diagnostics=_diagnostics(error))
        return pb.ApplyResourceChange.Response(new_state=write(new))

    def _filled(self, kind: str, planned: Any, answer: Any) -> Any:
        return values.fill(self.schema.resources[kind].shape, planned, answer)

    def ReadResource(self, request: Any, context: Any) -> Any:
        kind, state = request.type_name, read(request.current_state)
        return pb.ReadResource.Response(new_state=write(self._now(kind, self.rules.key(kind, state))))

    def ImportResourceState(self, request: Any, context: Any) -> Any:
        kind, now = request.type_name, self._now(request.type_name, request.id)
        if now is None:
            error = RefusedError(f"there is no {kind} {request.id}")
            return pb.ImportResourceState.Response(diagnostics=_diagnostics(error))
        imported = pb.ImportResourceState.ImportedResource(type_name=kind, state=write(now))
        return pb.ImportResourceState.Response(imported_resources=[imported])

    def _now(self, kind: str, key: str) -> Any:
        with self.world.open() as kinds:
            stored = kinds.get(kind, {}).get(key)
            now = None if stored is None else self.rules.read(kinds, kind, stored)
        return values.fit(self.schema.resources[kind].shape, now)

    def ReadDataSource(self, request: Any, context: Any) -> Any:
        kind, config = request.type_name, read(request.config)
        try:
            with self.world.open() as kinds:
                found = self.rules.search(kinds, kind, config)
        except RefusedError as error:
            return pb.ReadDataSource.Response(diagnostics=_diagnostics(error))
        asked = {name: value for name, value in config.items() if value not in (None, [])}
        shape = self.schema.data_sources[kind].shape
        return pb.ReadDataSource.Response(state=write(values.fit(shape, found | asked)))

    def GetFunctions(self, request: Any, context: Any) -> Any:
        return pb.GetFunctions.Response()

    def StopProvider(self, request: Any, context: Any) -> Any:
        return pb.StopProvider.Response()


if __name__ == "__main__":
    main(sys.argv[1])
