"""Where conditions and scores depend on signals that are never still."""

from __future__ import annotations

from edgeadapt.language.linting.context import Context
from edgeadapt.language.linting.facts import NOISY
from edgeadapt.program import expr as p
from edgeadapt.program.program import Choice, RankedChoice

_ORDERINGS = (p.CompareOp.LT, p.CompareOp.LE, p.CompareOp.GT, p.CompareOp.GE)


def noisy_names(ctx: Context, *exprs: p.Expr | None) -> list[str]:
    """Return the noisy signals that expressions read, each once."""
    return [n.name for n in ctx.reads(*exprs) if isinstance(n, p.SignalRef) and n.name in NOISY]


def memoryless_noise(ctx: Context, expr: p.Expr) -> str | None:
    """Return a noisy signal that a condition compares without `band`; None where there is none."""
    for node in ctx.all_nodes(expr):
        if isinstance(node, p.InRange) or (isinstance(node, p.Compare) and node.op in _ORDERINGS):
            names = noisy_names(ctx, node)
            if names and varies(ctx, node):
                return names[0]
    return None


def varies(ctx: Context, expr: p.Expr) -> bool:
    """Whether a condition is not known to be the same in every state."""
    return not ctx.is_impossible(lambda c: c.true(expr)) and not ctx.is_impossible(lambda c: c.not_true(expr))


def has_band(ctx: Context, *exprs: p.Expr | None) -> bool:
    """Whether a condition remembers."""
    return any(isinstance(node, p.Band) for expr in exprs for node in ctx.all_nodes(expr))


def unsteady(ctx: Context, choice: Choice) -> str | None:
    """Return a noisy signal that a choice's `where` reads, or a score of it without `tolerance`; None if it is steady."""
    names = _unbanded(ctx, choice.where)
    if isinstance(choice, RankedChoice) and choice.tolerance is None:
        names += noisy_names(ctx, *(ranking.score for ranking in choice.rankings))
    return names[0] if names else None


def _unbanded(ctx: Context, expr: p.Expr | None) -> list[str]:
    """Return the noisy signals that a condition reads outside of bands, which steady them."""
    lets = {let.name: let.value.expr for let in ctx.program.lets}
    names: list[str] = []
    stack = [] if expr is None else [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, p.Band):
            continue
        if isinstance(node, p.SignalRef) and node.name in NOISY:
            names.append(node.name)
        if isinstance(node, p.LetRef):
            # Each let once: one that uses another twice would double the work.
            opened = lets.pop(node.name, None)
            stack += [] if opened is None else [opened]
        else:
            stack += p.children(node)
    return names
