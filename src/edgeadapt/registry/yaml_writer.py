"""ModelFamily → a family file: a text of its own, or the text that it was read from with what has changed since.

Every text is read again before it is handed out: what is written is what the family says.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import attrs

from edgeadapt.errors import FamilyYamlError
from edgeadapt.registry.activation import ActivationRules
from edgeadapt.registry.adapter import AdapterSteps, step_key
from edgeadapt.registry.contract import Contract
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.file_replacement import replace_file
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.registry.yaml_edit import CannotKeep, FamilyText
from edgeadapt.registry.yaml_emit import block
from edgeadapt.registry.yaml_loader import SCHEMA_VERSION, parse_family
from edgeadapt.registry.yaml_tree import MAX_BYTES, read_text

_UTF8_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def family_text(family: ModelFamily, path: str | None) -> str:
    """Return the family's text as it is to stand at `path`, else where it was read from; raises ValueError."""
    if family.source is not None:
        try:
            return kept_text(family, family.source if path is None else path)
        except (CannotKeep, FamilyYamlError):
            pass  # its file is gone, says something else by now, or can't be edited: the family says all of it
    return _fresh_text(family, path or family.source)


def kept_text(family: ModelFamily, path: str) -> str:
    """Return the text of the family's source, for `path`, with what the family says otherwise.

    Raises CannotKeep where that can't be written into this text, FamilyYamlError where the source can't be read.
    """
    assert family.source is not None
    return changed_text(read_text(family.source), family, path)


def changed_text(text: str, family: ModelFamily, path: str) -> str:
    """Return a text of the family's source, for `path`, with what the family says otherwise; raises as `kept_text`."""
    assert family.source is not None
    before = parse_family(text, family.source)
    if (before.contract, before.activation) != (family.contract, family.activation):
        raise CannotKeep("its contract or its rules of activation are others than in its file")
    if family.names[: len(before)] != before.names:
        raise CannotKeep("its variants are others than in its file")
    edited = FamilyText(text)
    for key in ("name", "description"):
        if getattr(before, key) != getattr(family, key):
            edited.set(getattr(family, key), key)
    has_moved = os.path.dirname(os.path.abspath(path)) != os.path.dirname(family.source)
    for index, (old, new) in enumerate(zip(before.variants, family.variants, strict=False)):
        _edit_metadata(edited, index, old, new)
        if has_moved:
            _edit_paths(edited, index, new, path)
    edited.add_variants([_variant_data(variant, path) for variant in family.variants[len(before) :]])
    return _confirmed(family, edited.text, path, CannotKeep)


def write_family(family: ModelFamily, path: str) -> str:
    """Write the family's text to `path`, at once and whole, and return it; raises ValueError and OSError."""
    text = family_text(family, path)
    put_text(path, text)
    return text


def put_text(path: str, text: str) -> None:
    """Put a text into a family file's place, with the mark at its start that the file had; raises OSError."""
    try:
        with open(path, "rb") as file:
            mark = _UTF8_MARK if file.read(3) == _UTF8_MARK.encode() else ""
    except FileNotFoundError:
        mark = ""
    replace_file(path, (mark + text).encode("utf-8", "strict"))


def _edit_metadata(edited: FamilyText, index: int, old: ModelVariant, new: ModelVariant) -> None:
    if attrs.evolve(old, metadata=new.metadata) != new:
        raise CannotKeep(f"variant `{new.name}` is another than in its file")
    now = attrs.asdict(new.metadata)
    changed = {key: value for key, value in now.items() if value != getattr(old.metadata, key)}
    if None in changed.values():
        raise CannotKeep(f"variant `{new.name}` has lost metadata")
    if changed:
        edited.set_of_variant(index, changed, "metadata")


def _edit_paths(edited: FamilyText, index: int, variant: ModelVariant, path: str) -> None:
    data = _variant_data(variant, path)
    edited.set_of_variant(index, {"path": data["path"]})
    if variant.golden is not None:
        names = {key: data["golden"][key] for key in ("inputs", "outputs")}
        edited.set_of_variant(index, names, "golden")


def _fresh_text(family: ModelFamily, path: str | None) -> str:
    if not len(family):
        raise ValueError(f"family `{family.name}` has no variants, and a family file has one at least")
    text = "".join(line + "\n" for line in block(_family_data(family, path)))
    return _confirmed(family, text, path or "family.yaml", ValueError)


def _confirmed(family: ModelFamily, text: str, path: str, error: type[ValueError]) -> str:
    """Return a text that reads as the family; raises `error` where it doesn't."""
    try:
        found = parse_family(text, path)
    except FamilyYamlError as problem:
        raise error(f"family `{family.name}` can't be written as a file: {problem.problem}") from problem
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise error(f"family `{family.name}` can't be written as a file: it is larger than 1 MiB")
    if _with_full_paths(found) != _with_full_paths(family):
        raise error(f"family `{family.name}` can't be written as a file: it would be read otherwise")
    return text


def _with_full_paths(family: ModelFamily) -> tuple[Any, ...]:
    variants = []
    for variant in family.variants:
        golden = variant.golden
        if golden is not None:
            golden = attrs.evolve(
                golden, inputs=os.path.abspath(golden.inputs), outputs=os.path.abspath(golden.outputs)
            )
        variants.append(attrs.evolve(variant, path=os.path.abspath(variant.path), golden=golden))
    return family.name, family.description, family.contract, family.activation, tuple(variants)


def _family_data(family: ModelFamily, path: str | None) -> dict[str, Any]:
    data: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "name": family.name}
    if family.description:
        data["description"] = family.description
    if family.contract is not None:
        data["contract"] = _contract_data(family.contract)
    data.update(_others_than(ActivationRules(), attrs.asdict(family.activation)))
    data["variants"] = [_variant_data(variant, path) for variant in family.variants]
    return data


def _contract_data(contract: Contract) -> dict[str, Any]:
    sides = (("inputs", contract.inputs), ("outputs", contract.outputs))
    return {
        side: [_others_than(None, attrs.asdict(tensor)) for tensor in tensors]
        for side, tensors in sides
        if tensors is not None
    }


def _variant_data(variant: ModelVariant, path: str | None) -> dict[str, Any]:
    data: dict[str, Any] = {"name": variant.name, "path": _path_from(variant.path, path)}
    blank = ModelVariant("x", "x")
    for key in ("backend", "tier", "sha256"):
        if getattr(variant, key) != getattr(blank, key):
            data[key] = getattr(variant, key)
    parts = {
        "metadata": _others_than(blank.metadata, attrs.asdict(variant.metadata)),
        "attributes": dict(variant.attribute_pairs),
        "session": _others_than(blank.session, attrs.asdict(variant.session)),
    }
    if "config_entries" in parts["session"]:
        parts["session"]["config_entries"] = dict(variant.session.config_entries)
    if variant.golden is not None:
        golden = attrs.asdict(variant.golden)
        parts["golden"] = {
            **{key: _path_from(golden.pop(key), path) for key in ("inputs", "outputs")},
            **_others_than(attrs.evolve(variant.golden, atol=1e-4, rtol=1e-3), golden),
        }
    data.update({key: part for key, part in parts.items() if part})
    if variant.standby:
        data["standby"] = True
    if variant.preflight is not None:
        data["preflight"] = variant.preflight
    if variant.adapter is not None:
        data["adapter"] = _adapter_data(variant.adapter)
    return data


def _adapter_data(adapter: AdapterSteps) -> dict[str, Any]:
    return {
        side: [{step_key(step): attrs.asdict(step)} for step in steps]
        for side, steps in (("inputs", adapter.inputs), ("outputs", adapter.outputs))
        if steps
    }


def _others_than(blank: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is None, or as in a value that nothing was said of: a file says what is its own."""
    return {
        key: value
        for key, value in values.items()
        if value is not None and (blank is None or value != getattr(blank, key))
    }


def _path_from(path: str, file: str | None) -> str:
    """Return a path as a family file says it: from the file's folder what lies in there, in full what doesn't."""
    if file is None:
        return path
    folder = os.path.dirname(os.path.abspath(file))
    full = os.path.abspath(path)
    inside = full.startswith(os.path.join(folder, ""))
    return os.path.relpath(full, folder).replace(os.sep, "/") if inside else full
