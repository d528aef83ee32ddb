"""When which variant serves: what a policy decides over all states of a device, as a list whose first fit decides.

A state is one that has lasted, so that what waits for a time has waited, and nothing served before: then neither a
tolerance nor the guard has a say. A rule is looked at by itself, as the rows above it have had their turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from edgeadapt.program import expr as p
from edgeadapt.program.constant import duration_ns, param_values
from edgeadapt.program.program import Choice, Program, RankedChoice, Rule
from edgeadapt.regions import EVERYTHING, NOTHING, Answer, Axis, Region, Values
from edgeadapt.registry.family import ModelFamily
from edgeadapt.replay.changes import Value
from edgeadapt.replay.knobs import Knob
from edgeadapt.runtime.expr_text import expr_text
from edgeadapt.runtime.session import OTHERWISE, Session
from edgeadapt.state import SIGNALS, DeviceState
from edgeadapt.tooling.decision_cells import Cell, Cells, Point

# What one rule's states may be at most; each costs tens of microseconds.
_MOST_POINTS = 20_000
_STATE: dict[str, Value] = {
    **dict.fromkeys(signal.attribute for signal in SIGNALS.values()),
    "cpu_utilization_pct": 0.0,
    "available_ram_mb": 4000.0,
}
# Past the last duration, in seconds.
_BEYOND_S = 1.0


@attrs.frozen
class Row:
    """One row: in the states of `region` of those left, `rule` decides, and picks `variant` by its choice `choice`.

    `for_ms` is how long they must have lasted, `hold_ms` how long the rule stays at least, `until` what ends it (empty
    where it is that the states are left), `linger_ms` how long that must have lasted.
    """

    rule: str
    variant: str
    choice: str
    region: Region
    for_ms: float = 0.0
    hold_ms: float = 0.0
    linger_ms: float = 0.0
    until: str = ""


@attrs.frozen
class DecisionTable:
    """The rows in their order; `never` lists the variants that no row picks.

    `kinds` has each signal and input by name; `sampled` those that were only looked at in typical values, `too_many` the
    rules that depend on too much to be listed.
    """

    rows: tuple[Row, ...]
    kinds: Mapping[str, Knob]
    never: tuple[str, ...]
    sampled: tuple[str, ...]
    too_many: tuple[str, ...]


def decision_table(program: Program, family: ModelFamily, most_points: int = _MOST_POINTS) -> DecisionTable:
    """Decide every state for a policy and a family that has its variants."""
    rows: list[Row] = []
    kinds: dict[str, Knob] = {}
    sampled: dict[str, None] = {}
    too_many: list[str] = []
    for rule in (*program.rules, None):
        found = _Decided(program, family, rule, most_points)
        kinds |= found.cells.knobs
        if found.rows is None:
            too_many.append(OTHERWISE if rule is None else rule.name)
            continue
        rows += found.rows
        sampled.update(dict.fromkeys(found.cells.sampled))
    served = {row.variant for row in rows}
    # What a rule picks that is not listed is not known.
    never = () if too_many else tuple(name for name in family.names if name not in served)
    return DecisionTable(tuple(rows), kinds, never, tuple(sampled), tuple(too_many))


class _Decided:
    """One rule by itself, or `otherwise` for None; `rows` is None where it depends on too much."""

    def __init__(self, program: Program, family: ModelFamily, rule: Rule | None, most: int) -> None:
        self._rule = rule
        self._name = OTHERWISE if rule is None else rule.name
        rules = () if rule is None else (rule,)
        # Alone, and unguarded: what the rules above and the guard do is not this rule's.
        self._program = attrs.evolve(program, rules=rules, guard=None, properties=())
        self._session = Session(self._program, family, auto_commit=False)
        choices = program.otherwise if rule is None else rule.choices
        conditions = [] if rule is None else [rule.when, *([rule.until] if rule.until is not None else [])]
        conditions += [choice.where for choice in choices if choice.where is not None]
        self.cells = Cells(self._program, family, self._session.inputs, conditions, list(_scores(choices)))
        points = self.cells.points(most)
        self.rows = None if points is None else list(self._listed(list(points)))

    def _listed(self, points: list[Point]) -> Iterator[Row]:
        axes = {name: Axis(name, _all(points, name)) for name in self.cells.knobs}
        regions: dict[str, Region] = {}
        example: dict[str, Point] = {}
        for point in points:
            variant = self._decide(point)
            if variant is None:
                continue
            box = {axes[name]: cell.values for name, cell in point.items() if cell.values != axes[name].full}
            regions[variant] = regions.get(variant, NOTHING) | (Region((box,)) if box else EVERYTHING)
            example.setdefault(variant, point)
        for variant, region in regions.items():
            yield self._row(variant, _widened(region), example[variant])

    def _row(self, variant: str, region: Region, point: Point) -> Row:
        choice = self._choice(point)
        rule, params = self._rule, param_values(self._program)
        if rule is None:
            return Row(self._name, variant, choice, region)
        return Row(
            self._name,
            variant,
            choice,
            region,
            for_ms=duration_ns(rule.for_, params) / 1e6,
            hold_ms=duration_ns(rule.hold, params) / 1e6,
            linger_ms=duration_ns(rule.linger, params) / 1e6,
            until="" if rule.until is None else expr_text(rule.until),
        )

    def _decide(self, point: Point) -> str | None:
        """Return what this rule picks in a state that lasts; None where it is not active, or leaves it to the next."""
        session, states, inputs = self._started(point)
        decision = session.step(states[0], inputs)
        if len(states) > 1:
            decision = session.step(states[1], inputs)
        return decision.target if decision.rule == self._name else None

    def _choice(self, point: Point) -> str:
        session, states, inputs = self._started(point)
        for state in states:
            explanation = session.step(state, inputs, explain=True).explanation
        assert explanation is not None
        return explanation.choices[-1].text

    def _started(self, point: Point) -> tuple[Session, list[DeviceState], dict[str, Value]]:
        values, inputs = dict(_STATE), {}
        for name, cell in point.items():
            signal = self.cells.knobs[name].signal
            if signal is None:
                inputs[name] = cell.given
            else:
                values[signal.attribute] = cell.given
        waits = self._rule is not None and self._rule.for_ is not None
        last = (
            duration_ns(self._rule.for_, param_values(self._program)) / 1e9 if self._rule and waits else 0.0
        )
        times = [0.0, last + _BEYOND_S] if waits else [0.0]
        states = [DeviceState(timestamp=seconds, **values) for seconds in times]  # type: ignore[arg-type] # by the schema's own table
        return self._session.copy(), states, inputs


def _widened(region: Region) -> Region:
    """Let a region's boxes overlap where that says the same with fewer words."""
    widened = NOTHING
    for box in region.boxes:
        for axis in tuple(box):
            wider = {other: values for other, values in box.items() if other is not axis}
            if Region((wider,)).within(region) is Answer.YES:
                box = wider
        widened |= Region((box,)) if box else EVERYTHING
    return region if region.exceeded else widened


def _all(points: list[Point], name: str) -> Values:
    found: dict[int, Cell] = {id(point[name]): point[name] for point in points}
    everything = Values(())
    for cell in found.values():
        everything |= cell.values
    return everything


def _scores(choices: tuple[Choice, ...]) -> Iterator[p.Expr]:
    for choice in choices:
        if isinstance(choice, RankedChoice):
            yield from (ranking.score for ranking in choice.rankings)
