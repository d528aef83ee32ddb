"""Plain values → YAML text that the family loader reads back as the same values; it knows no family.

Text is quoted wherever any reader of YAML, of whatever version, could take it for something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from edgeadapt.registry.yaml_tree import resolve

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*\Z", re.ASCII)
# Words that one version of YAML or another takes for a switch.
_SWITCHES = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
_LONGEST_FLOW = 100


def scalar(value: str | float | bool | None) -> str:
    """Write a single value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        is_plain = _PLAIN.match(value) and value.lower() not in _SWITCHES and resolve(value) == value
        return value if is_plain else _quoted(value)
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        return repr(float(value))
    raise TypeError(f"a family file has no place for {type(value).__name__}")


def flow(value: Any) -> str:
    """Write a value on one line: `{a: 1, b: [2, 3]}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value)


def block(value: Mapping[str, Any], indent: int = 0) -> list[str]:
    """Write a mapping as lines; what is inside goes on its key's line where it is simple and short."""
    lines: list[str] = []
    for key, item in value.items():
        start = " " * indent + scalar(key) + ":"
        if _is_simple(item, len(start)):
            lines.append(f"{start} {flow(item)}")
        elif isinstance(item, Mapping):
            lines += [start, *block(item, indent + 2)]
        else:
            lines += [start, *block_items(item, indent + 2)]
    return lines


def block_items(items: Sequence[Any], indent: int) -> list[str]:
    """Write a list as lines, each item after its dash."""
    lines: list[str] = []
    for item in items:
        dash = " " * indent + "- "
        if isinstance(item, Mapping) and not _is_simple(item, len(dash)):
            first, *rest = block(item, indent + 2)
            lines += [dash + first.lstrip(" "), *rest]
        else:
            lines.append(dash + flow(item))
    return lines


def _is_simple(value: Any, used: int) -> bool:
    if isinstance(value, Mapping):
        # A variant and its parts are read line by line, a tensor or a step at a glance.
        return "path" not in value and not _is_nested(value.values()) and used + len(flow(value)) <= 80
    if isinstance(value, (list, tuple)):
        flat = not any(isinstance(item, Mapping) for item in value)
        return not value or (flat and used + len(flow(value)) <= _LONGEST_FLOW)
    return True


def _is_nested(values: Iterable[Any]) -> bool:
    return any(
        isinstance(item, Mapping) or (isinstance(item, (list, tuple)) and _has_mapping(item))
        for item in values
    )


def _has_mapping(items: Sequence[Any]) -> bool:
    return any(isinstance(item, Mapping) for item in items)


def _quoted(text: str) -> str:
    # JSON's escapes are YAML's too; what JSON leaves as it is and YAML does not is escaped here.
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char == " " or char.isprintable() else _escaped(char) for char in quoted)


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
