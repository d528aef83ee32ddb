"""Family files, schema version 1: nodes → ModelFamily, every error with file, line, key and remedy.

What a value may be is decided by the variant's own classes; this file knows the keys. Model files are not opened:
a missing one is found by `ModelFamily.missing_files`, or when the variant is activated.
"""

from __future__ import annotations

import os
from typing import Any

import attrs

from edgeadapt.errors import FamilyYamlError
from edgeadapt.registry.contract import Contract
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


def family_problems(path: str) -> tuple[FamilyYamlError, ...]:
    """Return everything that is wrong with the content of a family file, in its order; a wrong part hides no other.

    Raises FamilyYamlError for a file that can't be read.
    """
    text = read_text(path)
    problems: list[FamilyYamlError] = []
    try:
        _Loader(path, problems).family(parse_tree(path, text))
    except FamilyYamlError as error:
        problems.append(error)
    return tuple(sorted(problems, key=lambda problem: problem.line or 0))


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
        family = ModelFamily("unnamed")
        with self.apart():
            name = self.text(fields["name"], "name")
            family = self.checked(lambda: ModelFamily(name), fields["name"].line, "name")
        if "description" in fields:
            with self.apart():
                family.description = self.text(fields["description"], "description")
        if "contract" in fields:
            # For a family whose contract is wrong: its adapters lead to one all the same.
            family.contract = Contract()
            with self.apart():
                family.contract = read_contract(self, fields["contract"])
        with self.apart():
            family.activation = read_rules(self, fields)
        variants = self.items(fields["variants"], "variants")
        if not variants:
            self.fail(fields["variants"].line, "variants", "the list is empty", "add at least one variant")
        for index, node in enumerate(variants):
            with self.apart():
                self._add_variant(family, node, f"variants[{index}]")
        return family

    def _add_variant(self, family: ModelFamily, node: Node, where: str) -> None:
        fields = self.fields(node, where, VARIANT_KEYS, required=("name", "path"))
        # Each field is tried on a variant of its own first, so that its error names its line.
        values: dict[str, Any] = {}
        for key, child in fields.items():
            with self.apart():
                values[key] = self._value(family, key, child, f"{where}.{key}")
        if not {"name", "path"} <= values.keys():
            return  # it was told why
        values["path"] = self.resolved(values["path"])
        if values["name"] in family:
            line, name = fields["name"].line, shown(values["name"])
            self.fail(line, f"{where}.name", f"the name {name} is taken", "give each variant its own name")
        self.checked(lambda: family.add_variant(**values), node.line, where)

    def _value(self, family: ModelFamily, key: str, node: Node, where: str) -> Any:
        match key:
            case "metadata":
                return self._metadata(node, where)
            case "session":
                return self._session(node, where)
            case "golden":
                return self._golden(node, where)
            case "attributes":
                return self._attributes(node, where)
            case "standby":
                return self._trial(key, self.scalar(node, where).value, node.line, where)
            case "adapter":
                if family.contract is None:
                    what = "an adapter needs to know what callers give and get"
                    self.fail(node.line, where, what, "add the family's `contract:`")
                return read_adapter(self, node, where)
        # Sixty-four digits, or digits with an e between, look like a number; and `preflight` may like a switch.
        value = self.text(node, where, numbers_too=key in ("sha256", "preflight"))
        return self._trial(key, value, node.line, where)

    def _trial(self, key: str, value: Any, line: int, where: str) -> Any:
        fields = {"name": "x", "path": "x", key: value}
        self.checked(lambda: ModelVariant(**fields), line, where)
        return value

    def _metadata(self, node: Node, where: str) -> VariantMetadata:
        values: dict[str, Any] = {}
        for key, child in self.fields(node, where, _METADATA_KEYS).items():
            here = f"{where}.{key}"
            with self.apart():
                value = self.scalar(child, here).value
                field: dict[str, Any] = {key: value}
                self.checked(lambda field=field: VariantMetadata(**field), child.line, here)  # type: ignore[misc]  # a default binds the loop's value
                values[key] = value
        return VariantMetadata(**values)

    def _attributes(self, node: Node, where: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, child in self.mapping(node, where).entries:
            here = f"{where}.{key.text}"
            with self.apart():
                value = self.scalar(child, here).value
                self._trial("attributes", {key.text: value}, child.line, here)
                values[key.text] = value
        return values

    def _session(self, node: Node, where: str) -> SessionOptions:
        values: dict[str, Any] = {}
        for key, child in self.fields(node, where, _SESSION_KEYS).items():
            here = f"{where}.{key}"
            with self.apart():
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
