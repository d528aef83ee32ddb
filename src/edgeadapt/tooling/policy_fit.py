"""Where a policy asks a family for what it does not tell: variants that a ranking can't judge, and so never picks."""

from __future__ import annotations

from collections.abc import Iterator

from edgeadapt.program import expr as p
from edgeadapt.program.program import Program, RankedChoice
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.variant import VARIANT_ATTRIBUTES


def unjudged(program: Program, family: ModelFamily) -> Iterator[str]:
    """Yield a line for each attribute that a choice goes by and some variants lack, with the remedy."""
    told: set[str] = set()
    owners = [(f"rule `{rule.name}`", rule.choices) for rule in program.rules]
    for owner, choices in (*owners, ("`otherwise`", program.otherwise)):
        for choice in choices:
            if not isinstance(choice, RankedChoice):
                continue
            # The very last choice ranks the unknown last, instead of passing it over.
            is_last = choices is program.otherwise and choice is choices[-1]
            for name in _needed(choice):
                lacking = [variant.name for variant in family if _lacks(family, variant.name, name)]
                if not lacking or name in told:
                    continue
                told.add(name)
                what = "all" if len(lacking) == len(family) else _listed(lacking)
                effect = "ranks them last" if is_last else "passes them over"
                yield f"`{name}` of {what} is unknown, so {owner} {effect}; declare it, {_where(name)}"


def _lacks(family: ModelFamily, variant: str, name: str) -> bool:
    return family.variant(variant).attribute(name) is None


def _needed(choice: RankedChoice) -> Iterator[str]:
    expressions = [ranking.score for ranking in choice.rankings]
    if choice.where is not None:
        expressions.append(choice.where)
    for expression in expressions:
        yield from dict.fromkeys(_unconditional(expression))


def _unconditional(expr: p.Expr) -> Iterator[str]:
    """Yield the attributes that an expression can't do without: not those that it asks about, or has a stand-in for."""
    match expr:
        case p.AttributeRef(name=name):
            yield name
        case p.IsKnown() | p.Coalesce() | p.Or():
            return
        case _:
            for child in p.children(expr):
                yield from _unconditional(child)


def _listed(names: list[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return " and ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


def _where(name: str) -> str:
    row = VARIANT_ATTRIBUTES.get(name)
    if row is None:
        return f"as `{name.removeprefix('variant.')}` in `attributes`"
    return f"as `{row.attribute}` in `metadata`"
