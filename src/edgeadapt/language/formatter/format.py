"""A parsed policy → its canonical text."""

from __future__ import annotations

from typing import Any

import attrs

from edgeadapt.diagnostics import PolicyError, Source, Span
from edgeadapt.language.formatter.canonical import canonical
from edgeadapt.language.formatter.columns import align_comments
from edgeadapt.language.formatter.comments import Comments
from edgeadapt.language.formatter.layout import lay_out
from edgeadapt.language.parser import Parsed, parse
from edgeadapt.language.tree import PolicyTree


def format_policy(parsed: Parsed) -> str:
    """Return the text of a policy in canonical form, with its comments where they were.

    Raises PolicyError for a text with syntax errors, and in the rare case that the formatted text would have one: it
    may have more parentheses, and nest too deeply for them.
    """
    if parsed.tree is None or parsed.diagnostics:
        raise PolicyError(parsed.diagnostics)
    text = _print(parsed.tree, Comments(parsed.source.text))
    again = parse(Source(parsed.source.name, text))
    if again.tree is None or again.diagnostics:
        raise PolicyError(again.diagnostics)
    # The promise that a formatter stands or falls with, held in every run and not in tests alone.
    assert without_spans(again.tree) == without_spans(canonical(parsed.tree))
    return text


def format_tree(tree: PolicyTree) -> str:
    """Return the text of a tree whose spans mean nothing."""
    return _print(tree, Comments(""))


def without_spans(node: Any) -> Any:
    """Return a node of the tree as plain data, to be compared with another whatever their places."""
    if isinstance(node, tuple):
        return tuple(without_spans(item) for item in node)
    if not attrs.has(type(node)):
        return node
    fields = (getattr(node, field.name) for field in attrs.fields(type(node)))
    return (type(node).__name__, *(without_spans(value) for value in fields if not isinstance(value, Span)))


def _print(tree: PolicyTree, comments: Comments) -> str:
    return "\n".join(align_comments(lay_out(tree, comments))) + "\n"
