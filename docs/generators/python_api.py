"""Writes the public Python names from their signatures and docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

import attrs

import edgeadapt
from docs.generators.markdown import fenced, joined, table
from docs.generators.python_names import ALSO, GROUPS

_STARS: dict[Any, str] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
# What every exception has.
_PLAIN = frozenset(("with_traceback", "add_note", "args"))


def names() -> str:
    """Return every name by group; raises AssertionError for a public name in no group."""
    grouped = [name for group in GROUPS.values() for name in group]
    ungrouped = set(edgeadapt.__all__) - {*grouped, "__version__", "swap_codes"}
    assert not ungrouped, f"give each a group in docs/generators/python_names.py: {sorted(ungrouped)}"
    parts: list[str] = []
    for title, group in GROUPS.items():
        parts.append(f"## {title}")
        for name in group:
            parts += _about(name, f"edgeadapt.{name}", getattr(edgeadapt, name))
    parts.append("## In modules of their own")
    for path in ALSO:
        module, _, name = path.rpartition(".")
        parts += _about(name, path, getattr(import_module(module), name))
    return joined(parts)


def _about(name: str, path: str, value: Any) -> Iterator[str]:
    yield f"### {name}"
    if not inspect.isclass(value):
        yield fenced("py", f"{path}{_signature(value)}")
        yield _text(value)
        return
    yield fenced("py", f"class {path}{_signature(value, leave_out='self')}")
    kinds = [f"[`{base.__name__}`](#{base.__name__.lower()})" for base in _documented_bases(value)]
    kinds += [
        f"`{base.__name__}`"
        for base in value.__bases__
        if base.__module__ == "builtins" and base is not object
    ]
    yield f"A kind of {' and '.join(kinds)}." if kinds else ""
    yield _text(value)
    yield from _fields(value)
    for member, what in _members(value):
        yield from _member(member, what)


@lru_cache(maxsize=1)
def _documented() -> tuple[Any, ...]:
    """Return everything that has a place on the page."""
    named = [getattr(edgeadapt, name) for group in GROUPS.values() for name in group]
    return (
        *named,
        *(
            getattr(import_module(module), name)
            for module, _, name in (path.rpartition(".") for path in ALSO)
        ),
    )


def _documented_bases(value: type) -> list[type]:
    """Return the nearest bases that are on the page."""
    found: list[type] = []
    for base in value.__mro__[1:]:
        if base in _documented() and not any(issubclass(nearer, base) for nearer in found):
            found.append(base)
    return found


def _fields(value: type) -> Iterator[str]:
    """Yield the table of a value's attributes."""
    if not attrs.has(value):
        return
    rows = [
        [
            f"`{field.name}`",
            f"`{field.type if isinstance(field.type, str) else inspect.formatannotation(field.type)}`",
        ]
        for field in attrs.fields(value)
        if not field.name.startswith("_")
    ]
    if rows:
        yield table(["attribute", "type"], rows)


def _members(value: type) -> Iterator[tuple[str, Any]]:
    """Yield the public methods and properties, in the order of the source, that no base on this page shows."""
    seen: set[str] = set(_PLAIN)
    fields = {field.name for field in attrs.fields(value)} if attrs.has(value) else set()
    for owner in value.__mro__:
        if not owner.__module__.startswith("edgeadapt") or (owner is not value and owner in _documented()):
            continue
        for name, what in vars(owner).items():
            if name.startswith("_") or name in seen or name in fields:
                continue
            if callable(what) or isinstance(what, (property, classmethod, staticmethod)):
                seen.add(name)
                yield name, what


def _member(name: str, what: Any) -> Iterator[str]:
    if isinstance(what, property):
        told = inspect.signature(what.fget).return_annotation if what.fget else ""
        head = f"{name}: {told}"
    elif isinstance(what, classmethod):
        head = f"@classmethod\n{name}{_signature(what.__func__, leave_out='cls')}"
    else:
        function = what.__func__ if isinstance(what, staticmethod) else what
        prefix = "async " if inspect.iscoroutinefunction(function) else ""
        head = f"{prefix}{name}{_signature(function, leave_out='self')}"
    yield f"#### `{name}`"
    yield fenced("py", head)
    yield _text(what.fget if isinstance(what, property) else what)


def _signature(value: Any, leave_out: str = "") -> str:
    """Return a signature as its author wrote it, broken into lines where it is long."""
    if inspect.isclass(value) and not _has_own_constructor(value):
        return ""
    signature = inspect.signature(value)
    given = [parameter for name, parameter in signature.parameters.items() if name != leave_out]
    parts = _separated(given)
    returned = _annotation(signature.return_annotation)
    end = f" -> {returned}" if returned and not inspect.isclass(value) else ""
    short = f"({', '.join(parts)}){end}"
    if len(short) <= 88:
        return short
    return "(\n    " + ",\n    ".join(parts) + f",\n){end}"


def _has_own_constructor(value: type) -> bool:
    """Whether a class has more than Python's own, of which each version says something else."""
    owner = next(base for base in value.__mro__ if "__init__" in vars(base))
    return owner.__module__.startswith("edgeadapt")


def _separated(given: list[inspect.Parameter]) -> list[str]:
    parts: list[str] = []
    kinds = inspect.Parameter
    for parameter in given:
        before = [other.kind for other in given[: given.index(parameter)]]
        if parameter.kind is kinds.KEYWORD_ONLY and not {kinds.KEYWORD_ONLY, kinds.VAR_POSITIONAL} & set(
            before
        ):
            parts.append("*")
        parts.append(_parameter(parameter))
    return parts


def _parameter(parameter: inspect.Parameter) -> str:
    star = _STARS.get(parameter.kind, "")
    annotation = _annotation(parameter.annotation)
    text = f"{star}{parameter.name}" + (f": {annotation}" if annotation else "")
    if parameter.default is inspect.Parameter.empty:
        return text
    default = _default(parameter.default)
    return f"{text} = {default}" if annotation else f"{text}={default}"


def _default(value: Any) -> str:
    if inspect.isbuiltin(value) or inspect.isfunction(value):
        return f"{value.__module__}.{value.__qualname__}"
    shown = repr(value)
    if " at 0x" in shown or value is attrs.NOTHING:
        return "…"
    return f'"{value}"' if isinstance(value, str) else shown


def _annotation(annotation: Any) -> str:
    if annotation is inspect.Signature.empty:
        return ""
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


def _text(value: Any) -> str:
    """Return a docstring as Markdown, its examples as code."""
    text = inspect.getdoc(value) or ""
    return re.sub(r"(?:^|(?<=\n))(>>> .*?)(?=\n\n|\Z)", r"```python\n\1\n```", text, flags=re.DOTALL)
