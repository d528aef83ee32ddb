"""What a property's condition sees of a step that was made: the same values that the rules saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edgeadapt.program.constant import param_values
from edgeadapt.program.kind import Boolean
from edgeadapt.program.program import Program
from edgeadapt.runtime.evaluate import Scope, Value, evaluate, truth
from edgeadapt.runtime.inputs import Given, HostInput, host_inputs, take
from edgeadapt.state import SIGNALS, DeviceState


class PropertyScope:
    """Makes scopes for one program; `bands` are the policy's after the step."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._params = param_values(program)
        self._inputs: dict[str, HostInput] = {declared.name: declared for declared in host_inputs(program)}

    def of(self, state: DeviceState, inputs: Mapping[str, Given], bands: Sequence[bool]) -> Scope:
        """Return the values of every name at a step."""
        signals = {name: _value(name, state) for name in self._program.signals}
        given = {name: take(self._inputs[name], value).value for name, value in inputs.items()}
        scope = Scope(signals, given, self._params, bands)
        for let in self._program.lets:
            is_condition = isinstance(let.value.kind, Boolean)
            scope.lets[let.name] = (truth if is_condition else evaluate)(let.value.expr, scope)
        return scope


def _value(name: str, state: DeviceState) -> Value:
    value = state.value(name)
    return float(SIGNALS[name].words.index(value)) if isinstance(value, str) else value
