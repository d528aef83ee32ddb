"""The runs that are compared: the day under the policy, by the real engine, and with one variant alone."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence

import attrs
import numpy as np

from edgeadapt.demo.accounting import Request
from edgeadapt.demo.alone import alone
from edgeadapt.demo.arrivals import Arrival
from edgeadapt.demo.burner import Burner
from edgeadapt.demo.bystanders import Bystanders
from edgeadapt.demo.day import Day
from edgeadapt.demo.digits import Answers, HeldOut, Pixels, Scores, input_size, model_input
from edgeadapt.demo.family_copy import FamilyCopy
from edgeadapt.demo.mischief import Mischief, Spoiled
from edgeadapt.demo.play_clock import PlayClock
from edgeadapt.demo.replay import Replay
from edgeadapt.demo.swaps import Swap, swaps
from edgeadapt.demo.watched import Step, WatchedPolicy
from edgeadapt.engine import Engine
from edgeadapt.observability import ObservabilityCollector
from edgeadapt.profiler.recorded import RecordedProfiler
from edgeadapt.program.program import Program
from edgeadapt.registry.family import ModelFamily, ModelVariant

Tick = Callable[[float], None]
# Decisions a day. A real device decides every second of sixteen hours; as many within seconds would be all it does.
_POLLS = 400
_SHORTEST_POLL_S = 0.005
_ALL_EVENTS = 100_000


@attrs.frozen
class Scene:
    """What every run has in common: the day, the requests, the expected answers and the competing work."""

    day: Day
    arrivals: tuple[Arrival, ...]
    held_out: HeldOut
    own: Answers
    cores: int
    burns: bool

    def replay(self) -> Replay:
        """Return the requests, ready to be played."""
        return Replay(self.arrivals, self.held_out, self.own, self.day.play_s)

    def burner(self) -> Burner:
        """Return the competing work, none where the demo goes without."""
        return Burner(self.day.load() if self.burns else (), self.cores if self.burns else 0)


@attrs.frozen
class PolicyRun:
    """The day under the policy.

    `overhead_cpu_s` is the processor time of all but answering: decisions and loads. `disturbed` is the part of the
    processors' time that other programs took.
    """

    requests: tuple[Request, ...]
    steps: tuple[Step, ...]
    swaps: tuple[Swap, ...]
    spoiled: Spoiled | None
    overhead_cpu_s: float
    disturbed: float


@attrs.frozen
class AloneRun:
    """The day with one variant alone; `disturbed` is the part of the processors' time that other programs took."""

    requests: tuple[Request, ...]
    disturbed: float


def run_policy(scene: Scene, program: Program, copy: FamilyCopy, tick: Tick) -> PolicyRun:
    """Play the day through an engine; one model file breaks half-way."""
    policy, clock = WatchedPolicy(program), PlayClock()
    events = ObservabilityCollector(_ALL_EVENTS)
    engine = Engine(
        copy.family,
        policy,
        poll_interval_sec=max(_SHORTEST_POLL_S, scene.day.play_s / _POLLS),
        profiler=RecordedProfiler(scene.day.trace, clock=clock, speed=scene.day.speed),
        observability=events,
    )
    with contextlib.ExitStack() as stack:
        burner = stack.enter_context(scene.burner())
        stack.enter_context(engine)
        mischief = stack.enter_context(Mischief(copy, policy.steps, clock, scene.day.play_s))
        others = stack.enter_context(Bystanders(burner.pids))
        burner.start()
        process_before, thread_before = time.process_time(), time.thread_time()
        requests = scene.replay().play(_by_engine(engine, copy.family), clock, tick)
        overhead_s = (time.process_time() - process_before) - (time.thread_time() - thread_before)
    return PolicyRun(
        requests=requests,
        steps=tuple(policy.steps),
        swaps=swaps(events.events("swap_stage.v1"), policy.steps),
        spoiled=mischief.spoiled,
        overhead_cpu_s=overhead_s,
        disturbed=others.share,
    )


def run_alone(scene: Scene, variant: ModelVariant, deadline_s: float, tick: Tick) -> AloneRun:
    """Play the day with one variant, served by ONNX Runtime alone.

    What is late before it is begun is skipped. It is the kinder treatment: in a day as short as this one, the backlog
    of a busy hour would make the variant late for hours more.
    """
    answer = alone(variant)
    with scene.burner() as burner, Bystanders(burner.pids) as others:
        burner.start()
        requests = scene.replay().play(answer, PlayClock(), tick, skip_after_s=deadline_s)
    return AloneRun(requests, others.share)


def _by_engine(engine: Engine, family: ModelFamily) -> Callable[[Pixels], tuple[str, Scores]]:
    sizes = {variant.name: input_size(variant) for variant in family}

    def answer(pixels: Pixels) -> tuple[str, Scores]:
        # One lease a request: the variant that the image is resized for is the one that answers.
        with engine.lease() as lease:
            return lease.variant, np.asarray(lease.infer(model_input(pixels, sizes[lease.variant])))

    return answer


def strained(scene: Scene) -> Sequence[bool]:
    """Say of each arrival whether the device was hot or its battery low then, by the day's own signals."""
    rows = scene.day.trace.rows
    times = [row.state.timestamp for row in rows]
    moments = [scene.day.time_of_day(arrival.at_s) for arrival in scene.arrivals]
    states = [rows[max(0, int(at) - 1)].state for at in np.searchsorted(times, moments, side="right")]
    return [
        (state.thermal_zone_c or 0.0) >= HOT_C
        or (state.is_charging is False and (state.battery_pct or 100.0) < LOW_PCT)
        for state in states
    ]


HOT_C = 70.0
LOW_PCT = 20.0
