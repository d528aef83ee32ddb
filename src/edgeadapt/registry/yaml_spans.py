"""YAML text → where each of its values stands, so that one can be replaced and every other character stays.

It takes text that the family loader has read, so it checks nothing again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs


@attrs.define
class Span:
    """A value from `start` to `end`, in characters; a mapping has `keys`, a sequence `items`."""

    kind: str
    """`scalar`, `alias`, `mapping` or `sequence`."""
    start: int
    end: int
    column: int
    is_flow: bool = False
    has_anchor: bool = False
    text: str = ""
    keys: dict[str, Span] = attrs.field(factory=dict)
    items: list[Span] = attrs.field(factory=list)

    @property
    def last(self) -> Span:
        """The value inside that ends last: a block's own end lies behind the comments after it."""
        inside = [*self.keys.values(), *self.items]
        return self if self.is_flow or not inside else inside[-1].last


def spans_of(text: str) -> Span:
    """Return the document's root."""
    # Imported here, as the loader does.
    from ruamel.yaml import YAML

    events = iter(YAML(typ="safe", pure=True).parse(text))
    return next(span for event in events if (span := _value(event, events, text)) is not None)


def _value(event: Any, events: Iterator[Any], text: str) -> Span | None:
    """Return the value that begins with an event; None where none does."""
    kind = type(event).__name__.removesuffix("Event").removesuffix("Start").lower()
    start, end, column = event.start_mark.index, event.end_mark.index, event.start_mark.column
    if kind in ("scalar", "alias"):
        has_anchor = kind == "scalar" and event.anchor is not None
        return Span(kind, start, end, column, has_anchor=has_anchor, text=getattr(event, "value", ""))
    if kind not in ("mapping", "sequence"):
        return None
    span = Span(kind, start, end, column, is_flow=bool(event.flow_style), has_anchor=event.anchor is not None)
    for inner in events:
        value = _value(inner, events, text)
        if value is None:  # its end
            span.end = inner.end_mark.index
            break
        if kind == "sequence":
            span.items.append(value)
        else:
            child = _value(next(events), events, text)
            assert child is not None, "a key has a value"
            if child.start == child.end and (colon := text.find(":", value.end)) >= 0:
                # Where nothing is written, the parser's place for it is that of whatever comes next.
                child.start = child.end = colon + 1
            span.keys[value.text] = child
    return span
