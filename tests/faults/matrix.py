"""The fault matrix: what happens where, as data. Every cell is a scenario, or says why it has none.

To add a fault or a stage, add its column or row here; a test fails until all its cells are filled.
"""

from __future__ import annotations

from tests.faults.scenario import CannotOccur, Scenario
from tests.faults.scenarios import checking, committing, forking, held, leaving, loading, opening

FAULTS = (
    "error",
    "hang",
    "slow",
    "out of memory",
    "truncated",
    "replaced while loading",
    "callback raises",
    "cancel",
    "supersede",
    "stop",
    "fork",
)


def _held(point: str) -> dict[str, Scenario | CannotOccur]:
    return {
        "hang": held.hang(point),
        "slow": held.slow(point),
        "callback raises": held.callback_raises(point),
        "cancel": held.cancel(point),
        "supersede": held.supersede(point),
        "stop": held.stop(point),
        "fork": forking.fork(point),
    }


def _leaving(point: str) -> dict[str, Scenario | CannotOccur]:
    return {
        "hang": leaving.hang(point),
        "slow": leaving.slow(point),
        "truncated": leaving.truncated(point),
        "replaced while loading": leaving.replaced(point),
        "callback raises": leaving.callback_raises(point),
        "cancel": leaving.cancel(point),
        "supersede": leaving.supersede(point),
        "stop": leaving.stop(point),
        "fork": forking.fork(point),
    }


_BY_EXCHANGE = "a commit is one exchange of a pointer under a mutex: "

MATRIX: dict[str, dict[str, Scenario | CannotOccur]] = {
    "open": {
        **_held("open"),
        "error": opening.missing,
        "out of memory": opening.out_of_memory,
        "truncated": opening.truncated,
        "replaced while loading": opening.replaced,
    },
    "parse": {
        **_held("parse"),
        "error": loading.garbage,
        "out of memory": loading.too_large,
        "truncated": loading.truncated,
        "replaced while loading": loading.overwritten,
    },
    "init": {
        **_held("init"),
        "error": loading.unknown_operator,
        "out of memory": loading.no_memory_left,
        "truncated": loading.weights_truncated,
        "replaced while loading": loading.replaced_once_made,
    },
    "warm-up": {
        **_held("warm-up"),
        "error": checking.fails_to_run,
        "out of memory": checking.too_large_to_run,
        "truncated": checking.truncated_meanwhile("warm-up"),
        "replaced while loading": checking.replaced_meanwhile("warm-up"),
    },
    "contract": {
        **_held("contract"),
        "error": checking.wider_than_the_contract,
        "out of memory": checking.no_memory_for_the_contract,
        "truncated": checking.truncated_meanwhile("contract"),
        "replaced while loading": checking.replaced_meanwhile("contract"),
    },
    "golden": {
        **_held("golden"),
        "error": checking.other_answers,
        "out of memory": checking.golden_too_large,
        "truncated": checking.golden_truncated,
        "replaced while loading": checking.golden_replaced,
    },
    "commit": {
        "error": CannotOccur(_BY_EXCHANGE + "it has no way to fail"),
        "hang": committing.observer_hangs,
        "slow": committing.observer_is_slow,
        "out of memory": CannotOccur(
            _BY_EXCHANGE + "the few hundred bytes for it nothing from outside can refuse"
        ),
        "truncated": checking.truncated_meanwhile("commit"),
        "replaced while loading": checking.replaced_meanwhile("commit"),
        "callback raises": committing.observer_raises,
        "cancel": committing.cancelled_at_the_same_time,
        "supersede": committing.superseded_at_the_same_time,
        "stop": committing.stopped_at_the_same_time,
        "fork": forking.fork("commit"),
    },
    "drain": {
        **_leaving("drain"),
        "error": leaving.straggler_fails(RuntimeError("scripted")),
        "out of memory": leaving.straggler_fails(MemoryError("scripted")),
    },
    "unload": {
        **_leaving("unload"),
        "error": leaving.unload_fails(RuntimeError("scripted")),
        "out of memory": leaving.unload_fails(MemoryError("scripted")),
    },
}

STAGES = tuple(MATRIX)
