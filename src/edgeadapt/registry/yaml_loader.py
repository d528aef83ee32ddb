"""Family files, schema version 1: nodes → ModelFamily, every error with file, line, key and remedy.

What a value may be is decided by the variant's own classes; this file knows the keys. Model files are not opened:
a missing one is found by `ModelFamily.missing_files`, or when the variant is activated.
"""

from __future__ import annotations

import os
from typing import Any

import attrs

from edgeadapt.errors import FamilyYamlError
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import Golden, ModelVariant, SessionOptions, VariantMetadata
from edgeadapt.registry.yaml_activation import RULE_KEYS, read_adapter, read_contract, read_rules
from edgeadapt.registry.yaml_fields import FieldReader
from edgeadapt.registry.yaml_tree import Mapping, Node, Scalar, parse_tree, read_text
from edgeadapt.wording import shown

__all__ = ["FamilyYamlError", "load_family"]

SCHEMA_VERSION = 1
FAMILY_KEYS = ("schema_version", "name", "description", "contract", *RULE_KEYS, "variants")
VARIANT_KEYS = (
    "name",
    "path",
    "backend",
    "tier",
    "sha256",
    "metadata",
    "attributes",
    "session",
    "golden",
    "standby",
    "preflight",
    "adapter",
)
_METADATA_KEYS = tuple(field.name for field in attrs.fields(VariantMetadata))
_SESSION_KEYS = tuple(field.name for field in attrs.fields(SessionOptions))
_GOLDEN_KEYS = tuple(field.name for field in attrs.fields(Golden))


def load_family(path: str | os.PathLike[str]) -> ModelFamily:
    """Read a family file; relative paths in it are taken from its folder.

    Raises FamilyYamlError for whatever is wrong with the file or its content.
    """
    # A path given as bytes is nobody's mistake to see a traceback for.
    name = os.fsdecode(path)
    return parse_family(read_text(name), name)


def parse_family(text: str, path: str) -> ModelFamily:
    """Read a family file's text as `load_family` reads it from `path`."""
    family = _Loader(path).family(parse_tree(path, text))
    family.source = os.path.abspath(path)
    return family


class _Loader(FieldReader):
    def family(self, root: Node) -> ModelFamily:
        if not isinstance(root, Mapping):
            self.fail(
                root.line,
                "",
                "the file is not a list of `key: value` lines",
                "start it with `schema_version: 1`",
            )
        keys = {key.text: value for key, value in root.entries}
        # The version comes first: another one may have keys that this one does not know.
        version = keys.get("schema_version")
        if version is None:
            self.fail(root.line, "schema_version", "the key is missing", "add `schema_version: 1`")
        if (
            not isinstance(version, Scalar)
            or type(version.value) is not int
            or version.value != SCHEMA_VERSION
        ):
            found = shown(version.text) if isinstance(version, Scalar) else "this"
            self.fail(
                version.line, "schema_version", f"{found} is not a known version", "write `schema_version: 1`"
            )
        fields = self.fields(root, "", FAMILY_KEYS, required=("name", "variants"))
        name = self.text(fields["name"], "name")
        description = self.text(fields["description"], "description") if "description" in fields else ""
        contract = read_contract(self, fields["contract"]) if "contract" in fields else None
        rules = read_rules(self, fields)
        family = self.checked(
            lambda: ModelFamily(name, description, contract=contract, activation=rules),
            fields["name"].line,
            "name",
        )
        variants = self.items(fields["variants"], "variants")
        if not variants:
            self.fail(fields["variants"].line, "variants", "the list is empty", "add at least one variant")
        for index, node in enumerate(variants):
            self._add_variant(family, node, f"variants[{index}]")
        return family

    def _add_variant(self, family: ModelFamily, node: Node, where: str) -> None:
        fields = self.fields(node, where, VARIANT_KEYS, required=("name", "path"))
        # Each field is tried on a variant of its own first, so that its error names its line.
        values: dict[str, Any] = {}
        for key, child in fields.items():
            here = f"{where}.{key}"
            if key == "metadata":
                values[key] = self._metadata(child, here)
            elif key == "session":
                values[key] = self._session(child, here)
            elif key == "golden":
                values[key] = self._golden(child, here)
            elif key == "attributes":
                values[key] = self._attributes(child, here)
            elif key == "adapter":
                values[key] = read_adapter(self, child, here)
                if family.contract is None:
                    self.fail(
                        child.line,
                        here,
                        "an adapter needs to know what callers give and get",
                        "add the family's `contract:`",
                    )
            elif key == "standby":
                values[key] = self._trial(key, self.scalar(child, here).value, child.line, here)
            else:
                # Sixty-four digits, or digits with an e between, look like a number; and `preflight` may like a switch.
                value = self.text(child, here, numbers_too=key in ("sha256", "preflight"))
                values[key] = self._trial(key, value, child.line, here)
        values["path"] = self.resolved(values["path"])
        if values["name"] in family:
            line, name = fields["name"].line, shown(values["name"])
            self.fail(line, f"{where}.name", f"the name {name} is taken", "give each variant its own name")
        self.checked(lambda: family.add_variant(**values), node.line, where)

    def _trial(self, key: str, value: Any, line: int, where: str) -> Any:
        fields = {"name": "x", "path": "x", key: value}
        self.checked(lambda: ModelVariant(**fields), line, where)
        return value

    def _metadata(self, node: Node, where: str) -> VariantMetadata:
        values: dict[str, Any] = {}
        for key, child in self.fields(node, where, _METADATA_KEYS).items():
            here = f"{where}.{key}"
            value = self.scalar(child, here).value
            field: dict[str, Any] = {key: value}
            self.checked(lambda field=field: VariantMetadata(**field), child.line, here)  # type: ignore[misc]  # a default binds the loop's value
            values[key] = value
        return VariantMetadata(**values)

    def _attributes(self, node: Node, where: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, child in self.mapping(node, where).entries:
            here = f"{where}.{key.text}"
            value = self.scalar(child, here).value
            self._trial("attributes", {key.text: value}, child.line, here)
            values[key.text] = value
        return values

    def _session(self, node: Node, where: str) -> SessionOptions:
        values: dict[str, Any] = {}
        for key, child in self.fields(node, where, _SESSION_KEYS).items():
            here = f"{where}.{key}"
            value: Any
            if key == "providers":
                value = tuple(self.text(item, here) for item in self.items(child, here))
            elif key == "config_entries":
                entries = self.mapping(child, here).entries
                value = {
                    name.text: self.text(item, f"{here}.{name.text}", numbers_too=True)
                    for name, item in entries
                }
            else:
                value = self.scalar(child, here).value
            field = {key: value}
            self.checked(lambda field=field: SessionOptions(**field), child.line, here)  # type: ignore[misc]  # a default binds the loop's value
            values[key] = value
        return SessionOptions(**values)

    def _golden(self, node: Node, where: str) -> Golden:
        values: dict[str, Any] = {}
        for key, child in self.fields(node, where, _GOLDEN_KEYS, required=("inputs", "outputs")).items():
            here = f"{where}.{key}"
            if key in ("inputs", "outputs"):
                text = self.text(child, here)
                self._trial("path", text, child.line, here)
                values[key] = self.resolved(text)
            else:
                values[key] = self.scalar(child, here).value
                trial: dict[str, Any] = {"inputs": "x", "outputs": "x", key: values[key]}
                self.checked(lambda trial=trial: Golden(**trial), child.line, here)  # type: ignore[misc]  # a default binds the loop's value
        return Golden(**values)
