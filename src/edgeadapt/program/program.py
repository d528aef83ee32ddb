"""A compiled policy: plain, frozen data with a version and a digest. It knows nothing of text or of running."""

from __future__ import annotations

import hashlib
from functools import cached_property

from edgeadapt.program.expr import Band, Expr, Typed
from edgeadapt.program.kind import Kind
from edgeadapt.values import frozen

PROGRAM_VERSION = 1


@frozen
class Input:
    """A signal that the host application feeds; `low`/`high` clamp it; `stale_after` is a constant time in ms."""

    name: str
    kind: Kind
    low: float | None = None
    high: float | None = None
    stale_after: Expr | None = None


@frozen
class Param:
    """A value fixed when a session starts: number, quantity (canonical) or boolean, in `low .. high` if given."""

    name: str
    kind: Kind
    value: float | bool
    low: float | None = None
    high: float | None = None


@frozen
class Let:
    """A named expression."""

    name: str
    value: Typed


@frozen
class Ranking:
    """One `highest EXPR` or `lowest EXPR`."""

    highest: bool
    score: Expr


@frozen
class NamedChoice:
    """`use NAME [where COND]`."""

    variant: str
    where: Expr | None = None


@frozen
class RankedChoice:
    """`use RANKING then … [tolerance T] [where COND]`."""

    rankings: tuple[Ranking, ...]
    tolerance: Expr | None = None
    where: Expr | None = None


Choice = NamedChoice | RankedChoice


@frozen
class Rule:
    """A rule; its durations are constant expressions in ms, None where not written."""

    name: str
    doc: str
    when: Expr
    until: Expr | None
    for_: Expr | None
    linger: Expr | None
    hold: Expr | None
    cooldown: Expr | None
    urgent: bool
    choices: tuple[Choice, ...]


@frozen
class RateLimit:
    """`at most COUNT swaps per WINDOW`; the window is a constant time in ms, positive."""

    count: int
    per: Expr


@frozen
class Guard:
    """What suppresses swaps: `cooldown` first, then each limit in order."""

    cooldown: Expr | None = None
    limits: tuple[RateLimit, ...] = ()


@frozen
class UseProperty:
    """`never use V… when COND [for D]`, or with `always` `always use V… when COND [for D]`."""

    name: str
    always: bool
    variants: tuple[str, ...]
    when: Expr
    for_: Expr | None = None


@frozen
class RateProperty:
    """`at most N swaps per W`."""

    name: str
    limit: RateLimit


@frozen
class Program:
    """A whole compiled policy. `bands` lists every Band node by its index."""

    edition: int
    name: str
    doc: str
    family: str | None
    signals: tuple[str, ...]
    inputs: tuple[Input, ...]
    params: tuple[Param, ...]
    lets: tuple[Let, ...]
    bands: tuple[Band, ...]
    rules: tuple[Rule, ...]
    otherwise: tuple[Choice, ...]
    guard: Guard | None
    properties: tuple[UseProperty | RateProperty, ...] = ()
    version: int = PROGRAM_VERSION

    @cached_property
    def digest(self) -> str:
        """The hex sha256 of the program and its parameter values."""
        # attrs' repr spells every field, and floats round-trip, so equal text means equal programs.
        return hashlib.sha256(repr(self).encode()).hexdigest()
