"""The typed syntax tree of a policy: what the author wrote, with spans, before any name or unit has a meaning."""

from __future__ import annotations

from edgeadapt.diagnostics import Span
from edgeadapt.values import frozen


@frozen
class Ident:
    """A name or quoted name where it stands."""

    text: str
    span: Span


@frozen
class Number:
    """A numeric literal: its digits (with `-` where it belongs to it) and unit as written, None for a bare number."""

    digits: str
    unit: str | None
    span: Span


@frozen
class Bool:
    """`true` or `false`."""

    value: bool
    span: Span


@frozen
class Name:
    """A name in an expression: signal, input, param, let, attribute or word."""

    text: str
    span: Span


@frozen
class Attribute:
    """`variant.KEY`."""

    key: str
    span: Span


@frozen
class LevelOf:
    """`level(EXPR)`."""

    operand: Expr
    span: Span


@frozen
class Unary:
    """`-x` or `not x`."""

    op: str
    operand: Expr
    span: Span


@frozen
class Binary:
    """`+ - * / ??`."""

    op: str
    left: Expr
    right: Expr
    span: Span


@frozen
class Comparison:
    """`a < b`, with the width where `band` is written."""

    op: str
    left: Expr
    right: Expr
    band: Expr | None
    span: Span


@frozen
class In:
    """`x in a .. b`."""

    operand: Expr
    low: Expr
    high: Expr
    span: Span


@frozen
class Known:
    """`x is known` or `x is unknown`."""

    operand: Expr
    known: bool
    span: Span


@frozen
class Logic:
    """`and` or `or` over two or more parts."""

    op: str
    parts: tuple[Expr, ...]
    span: Span


Expr = Number | Bool | Name | Attribute | LevelOf | Unary | Binary | Comparison | In | Known | Logic
Literal = Number | Bool | Name


@frozen
class Range:
    """`in A .. B` of an input or param."""

    low: Literal
    high: Literal
    span: Span


@frozen
class InputDecl:
    """`input N: …`; `words` is None for a measure."""

    name: Ident
    measure: Ident | None
    words: tuple[Ident, ...]
    ordered: bool
    range: Range | None
    stale: Expr | None
    span: Span


@frozen
class ParamDecl:
    """`param N = LITERAL [in A .. B]`."""

    name: Ident
    default: Literal
    range: Range | None
    span: Span


@frozen
class LetDecl:
    """`let N = EXPR`."""

    name: Ident
    value: Expr
    span: Span


@frozen
class RankingClause:
    """`highest EXPR` or `lowest EXPR`."""

    highest: bool
    score: Expr
    span: Span


@frozen
class ChoiceClause:
    """One choice of a `use`: a variant, or rankings."""

    variant: Ident | None
    rankings: tuple[RankingClause, ...]
    tolerance: Expr | None
    where: Expr | None
    span: Span


@frozen
class Clause:
    """A clause of a rule: `word` is its keyword; `value` an expression, choices, or None for `urgent`."""

    word: str
    value: Expr | None
    choices: tuple[ChoiceClause, ...]
    span: Span


@frozen
class RuleDecl:
    """A rule with its clauses in the author's order, repeated ones included."""

    name: Ident
    doc: str
    clauses: tuple[Clause, ...]
    span: Span


@frozen
class OtherwiseDecl:
    """`otherwise use …`."""

    choices: tuple[ChoiceClause, ...]
    span: Span


@frozen
class AtMost:
    """`at most N swaps per W`."""

    count: Number
    per: Expr
    span: Span


@frozen
class GuardDecl:
    """`guard { … }`."""

    cooldowns: tuple[Clause, ...]
    limits: tuple[AtMost, ...]
    span: Span


@frozen
class Promise:
    """`never use V… when COND [for D]` or `always use …`."""

    always: bool
    variants: tuple[Ident, ...]
    when: Expr
    for_: Expr | None
    span: Span


@frozen
class PropertyDecl:
    """`property N { … }`."""

    name: Ident
    body: Promise | AtMost
    span: Span


@frozen
class Assign:
    """`signal = literal`; value None is `unknown`."""

    name: Ident
    value: Literal | None
    span: Span


@frozen
class Step:
    """`at T: … [expect V]`."""

    at: Expr
    assigns: tuple[Assign, ...]
    expect: Ident | None
    span: Span


@frozen
class TestDecl:
    """`test N { … }`."""

    __test__ = False  # pytest would otherwise take the class for a test case

    name: Ident
    steps: tuple[Step, ...]
    span: Span


Section = (
    Ident | InputDecl | ParamDecl | LetDecl | RuleDecl | OtherwiseDecl | GuardDecl | PropertyDecl | TestDecl
)


@frozen
class PolicyTree:
    """A whole file. `edition` is None where it is missing, `name` where it can't be read; `sections` keep their order."""

    edition: Number | None
    name: Ident | None
    doc: str
    sections: tuple[Section, ...]
    span: Span
