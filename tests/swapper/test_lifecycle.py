"""The life of a swap request is a table; the native machine follows it and nothing else."""

from __future__ import annotations

import itertools

import pytest

from edgeadapt import _core
from edgeadapt.swapper.event import CODES

TABLE = {(start, trigger): end for start, trigger, end in _core.lifecycle_transitions()}
PATH = ("begin", "checked", "loaded", "warmed", "validated")


def machine_at(state: str) -> _core.Lifecycle:
    """Bring a machine to a state by legal moves alone."""
    for length in range(len(PATH) + 1):
        for last in ([], *([trigger] for trigger in _core.lifecycle_triggers())):
            machine = _core.Lifecycle()
            for trigger in (*PATH[:length], *last):
                machine.apply(trigger)
            if machine.state == state:
                return machine
    raise AssertionError(f"no way leads to {state}")


@pytest.mark.parametrize(
    ("state", "trigger"), [*itertools.product(_core.lifecycle_states(), _core.lifecycle_triggers())]
)
def test_every_pair_follows_the_table_or_changes_nothing(state: str, trigger: str) -> None:
    machine = machine_at(state)
    assert machine.apply(trigger) == ((state, trigger) in TABLE)
    assert machine.state == TABLE.get((state, trigger), state)


def test_a_request_ends_in_exactly_the_states_that_have_a_code() -> None:
    final = {state for state in _core.lifecycle_states() if all(start != state for start, _ in TABLE)}
    # The other two tell how far an open request is.
    assert final == CODES.keys() - {"idle", "releasing"}


def test_no_pair_leads_to_two_states() -> None:
    assert len(TABLE) == len(_core.lifecycle_transitions())


def test_an_unknown_trigger_is_a_wrong_call() -> None:
    with pytest.raises(ValueError, match="no such trigger"):
        _core.Lifecycle().apply("explode")
