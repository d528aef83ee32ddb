"""Whether one condition holds wherever another does, from its shape alone: sound, and silent where it can't tell."""

from __future__ import annotations

from edgeadapt.program.expr import And, Compare, CompareOp, Const, Expr, Or

_BELOW = (CompareOp.LT, CompareOp.LE)
_ABOVE = (CompareOp.GT, CompareOp.GE)


def implies(given: Expr, wanted: Expr) -> bool:
    """Return True only if `wanted` is true in every state where `given` is."""
    if given == wanted:
        return True
    if isinstance(given, Or):
        return all(implies(part, wanted) for part in given.parts)
    if isinstance(wanted, And):
        return all(implies(given, part) for part in wanted.parts)
    if isinstance(given, And) and any(implies(part, wanted) for part in given.parts):
        return True
    if isinstance(wanted, Or):
        return any(implies(given, part) for part in wanted.parts)
    if isinstance(given, Compare) and isinstance(wanted, Compare) and given.left == wanted.left:
        return _threshold(given, wanted)
    return False


def _threshold(given: Compare, wanted: Compare) -> bool:
    if not isinstance(given.right, Const) or not isinstance(wanted.right, Const):
        return False
    a, b = given.right.value, wanted.right.value
    if given.op in _BELOW and wanted.op in _BELOW:
        return a < b or (a == b and (wanted.op is CompareOp.LE or given.op is CompareOp.LT))
    if given.op in _ABOVE and wanted.op in _ABOVE:
        return a > b or (a == b and (wanted.op is CompareOp.GE or given.op is CompareOp.GT))
    return False
