"""Family files, schema version 1: nodes → ModelFamily, every error with file, line, key and remedy.

What a value may be is decided by the variant's own classes; this file knows the keys. Model files are not opened:
a missing one is found by `ModelFamily.missing_files`, or when the variant is activated.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import attrs

from edgeadapt.errors import FamilyYamlError
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import Golden, ModelVariant, SessionOptions, VariantMetadata
from edgeadapt.registry.yaml_tree import Mapping, Node, Scalar, Sequence, read_tree
from edgeadapt.wording import did_you_mean, shown

__all__ = ["FamilyYamlError", "load_family"]

SCHEMA_VERSION = 1
_FAMILY_KEYS = ("schema_version", "name", "description", "variants")
_VARIANT_KEYS = (
    "name",
    "path",
    "backend",
    "tier",
    "sha256",
    "metadata",
    "attributes",
    "session",
    "golden",
)
_METADATA_KEYS = tuple(field.name for field in attrs.fields(VariantMetadata))
_SESSION_KEYS = tuple(field.name for field in attrs.fields(SessionOptions))
_GOLDEN_KEYS = tuple(field.name for field in attrs.fields(Golden))
_T = TypeVar("_T")


def load_family(path: str | os.PathLike[str]) -> ModelFamily:
    """Read a family file; relative paths in it are taken from its folder.

    Raises FamilyYamlError for whatever is wrong with the file or its content.
    """
    # A path given as bytes is nobody's mistake to see a traceback for.
    name = os.fsdecode(path)
    return _Loader(name).family(read_tree(name))


class _Loader:
    def __init__(self, path: str) -> None:
        self._path = path
        self._folder = os.path.dirname(os.path.abspath(path))

    def family(self, root: Node) -> ModelFamily:
        if not isinstance(root, Mapping):
            self._fail(
                root.line,
                "",
                "the file is not a list of `key: value` lines",
                "start it with `schema_version: 1`",
            )
        keys = {key.text: value for key, value in root.entries}
        # The version comes first: another one may have keys that this one does not know.
        version = keys.get("schema_version")
        if version is None:
            self._fail(root.line, "schema_version", "the key is missing", "add `schema_version: 1`")
        if (
            not isinstance(version, Scalar)
            or type(version.value) is not int
            or version.value != SCHEMA_VERSION
        ):
            found = shown(version.text) if isinstance(version, Scalar) else "this"
            self._fail(
                version.line, "schema_version", f"{found} is not a known version", "write `schema_version: 1`"
            )
        fields = self._fields(root, "", _FAMILY_KEYS, required=("name", "variants"))
        name = self._text(fields["name"], "name")
        description = self._text(fields["description"], "description") if "description" in fields else ""
        family = self._checked(lambda: ModelFamily(name, description), fields["name"].line, "name")
        variants = self._list(fields["variants"], "variants")
        if not variants:
            self._fail(fields["variants"].line, "variants", "the list is empty", "add at least one variant")
        for index, node in enumerate(variants):
            self._add_variant(family, node, f"variants[{index}]")
        return family

    def _add_variant(self, family: ModelFamily, node: Node, where: str) -> None:
        fields = self._fields(node, where, _VARIANT_KEYS, required=("name", "path"))
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
            else:
                # Sixty-four digits, or digits with an e between, look like a number.
                value = self._text(child, here, numbers_too=key == "sha256")
                values[key] = self._trial(key, value, child.line, here)
        values["path"] = self._resolved(values["path"])
        if values["name"] in family:
            line, name = fields["name"].line, shown(values["name"])
            self._fail(line, f"{where}.name", f"the name {name} is taken", "give each variant its own name")
        self._checked(lambda: family.add_variant(**values), node.line, where)

    def _trial(self, key: str, value: Any, line: int, where: str) -> Any:
        fields = {"name": "x", "path": "x", key: value}
        self._checked(lambda: ModelVariant(**fields), line, where)
        return value

    def _metadata(self, node: Node, where: str) -> VariantMetadata:
        values: dict[str, Any] = {}
        for key, child in self._fields(node, where, _METADATA_KEYS).items():
            here = f"{where}.{key}"
            value = self._scalar(child, here).value
            field: dict[str, Any] = {key: value}
            self._checked(lambda field=field: VariantMetadata(**field), child.line, here)  # type: ignore[misc]  # a default binds the loop's value
            values[key] = value
        return VariantMetadata(**values)

    def _attributes(self, node: Node, where: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, child in self._mapping(node, where).entries:
            here = f"{where}.{key.text}"
            value = self._scalar(child, here).value
            self._trial("attributes", {key.text: value}, child.line, here)
            values[key.text] = value
        return values

    def _session(self, node: Node, where: str) -> SessionOptions:
        values: dict[str, Any] = {}
        for key, child in self._fields(node, where, _SESSION_KEYS).items():
            here = f"{where}.{key}"
            value: Any
            if key == "providers":
                value = tuple(self._text(item, here) for item in self._list(child, here))
            elif key == "config_entries":
                entries = self._mapping(child, here).entries
                value = {
                    name.text: self._text(item, f"{here}.{name.text}", numbers_too=True)
                    for name, item in entries
                }
            else:
                value = self._scalar(child, here).value
            field = {key: value}
            self._checked(lambda field=field: SessionOptions(**field), child.line, here)  # type: ignore[misc]  # a default binds the loop's value
            values[key] = value
        return SessionOptions(**values)

    def _golden(self, node: Node, where: str) -> Golden:
        values: dict[str, Any] = {}
        for key, child in self._fields(node, where, _GOLDEN_KEYS, required=("inputs", "outputs")).items():
            here = f"{where}.{key}"
            if key in ("inputs", "outputs"):
                text = self._text(child, here)
                self._trial("path", text, child.line, here)
                values[key] = self._resolved(text)
            else:
                values[key] = self._scalar(child, here).value
                trial: dict[str, Any] = {"inputs": "x", "outputs": "x", key: values[key]}
                self._checked(lambda trial=trial: Golden(**trial), child.line, here)  # type: ignore[misc]  # a default binds the loop's value
        return Golden(**values)

    def _fields(
        self, node: Node, where: str, known: tuple[str, ...], required: tuple[str, ...] = ()
    ) -> dict[str, Node]:
        """Return a mapping's values by key; an empty value counts as not given."""
        mapping = self._mapping(node, where)
        fields: dict[str, Node] = {}
        for key, value in mapping.entries:
            if key.text not in known:
                remedy = did_you_mean(key.text, known, "known keys")
                self._fail(key.line, _joined(where, key.text), "this key is not known", remedy)
            if not (isinstance(value, Scalar) and value.value is None):
                fields[key.text] = value
        for key_name in required:
            if key_name not in fields:
                self._fail(
                    mapping.line, _joined(where, key_name), "the key is missing", f"add `{key_name}: …`"
                )
        return fields

    def _mapping(self, node: Node, where: str) -> Mapping:
        if not isinstance(node, Mapping):
            self._fail(
                node.line,
                where,
                "these are not `key: value` lines",
                "indent `key: value` lines below the key",
            )
        return node

    def _list(self, node: Node, where: str) -> tuple[Node, ...]:
        if not isinstance(node, Sequence):
            self._fail(node.line, where, "this is not a list", "write each item after a `- `")
        return node.items

    def _scalar(self, node: Node, where: str) -> Scalar:
        if not isinstance(node, Scalar):
            self._fail(node.line, where, "this is not a single value", "write one value after the colon")
        return node

    def _text(self, node: Node, where: str, *, numbers_too: bool = False) -> str:
        scalar = self._scalar(node, where)
        if isinstance(scalar.value, str):
            return scalar.value
        if scalar.value is not None and numbers_too:
            return scalar.text
        self._fail(scalar.line, where, f"{shown(scalar.text)} is not text", "put quotes around it")

    def _resolved(self, path: str) -> str:
        return os.path.normpath(os.path.join(self._folder, path))

    def _checked(self, make: Callable[[], _T], line: int, where: str) -> _T:
        try:
            return make()
        except (TypeError, ValueError) as error:
            self._fail(line, where, "the value does not fit", str(error))

    def _fail(self, line: int | None, key: str, problem: str, remedy: str) -> NoReturn:
        raise FamilyYamlError(self._path, line, shown(key)[1:-1], problem, remedy) from None


def _joined(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
