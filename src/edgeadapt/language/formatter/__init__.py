"""The canonical form of a policy: `format_policy` of what an author wrote, `format_tree` of a tree alone.

Printing never changes what is parsed, and printing what was printed changes nothing.
"""

from edgeadapt.language.formatter.canonical import canonical
from edgeadapt.language.formatter.format import format_policy, format_tree, without_spans

__all__ = ["canonical", "format_policy", "format_tree", "without_spans"]
