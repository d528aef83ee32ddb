"""The whole demo, stage by stage; it prints nothing but through the progress it is given."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from edgeadapt.demo.accounting import Request, is_useful, total
from edgeadapt.demo.arrivals import poisson_arrivals
from edgeadapt.demo.day import Day
from edgeadapt.demo.digits import HeldOut, own_answers
from edgeadapt.demo.family_copy import FamilyCopy
from edgeadapt.demo.outcome import Outcome, Settings
from edgeadapt.demo.progress import Progress
from edgeadapt.demo.runs import AloneRun, PolicyRun, Scene, run_alone, run_policy, strained
from edgeadapt.demo.verdict import against, most_accurate, verdict
from edgeadapt.program.program import Program
from edgeadapt.registry.family import ModelFamily
from edgeadapt.shipped import shipped

RATE_HZ = 250.0
DEADLINE_S = 0.020


def play(program: Program, settings: Settings, progress: Progress) -> Outcome:
    """Play the day under the policy and with each variant alone; raises what the engine raises if it can't start."""
    family_path = shipped("families/digits.yaml")
    family = ModelFamily.from_yaml(family_path)
    held_out = HeldOut.read(family_path.parent / "digits" / "heldout.npz")
    day = Day.read(shipped("policies/traces/day.csv"), settings.play_s)
    arrivals = poisson_arrivals(RATE_HZ, settings.play_s, len(held_out.images), settings.seed)
    with progress.stage("each model's own answers, to check against", None):
        own = own_answers(family, held_out, (arrival.image for arrival in arrivals))
    scene = Scene(day, arrivals, held_out, own, settings.cores, settings.burns)
    with tempfile.TemporaryDirectory(prefix="edgeadapt-demo-") as folder:
        copy = FamilyCopy(family_path, Path(folder))
        with progress.stage(f"the day under the policy {program.name}", settings.play_s) as tick:
            run = run_policy(scene, program, copy, tick)
    alone: dict[str, AloneRun] = {}
    for variant in family:
        with progress.stage(f"the same day with {variant.name} alone", settings.play_s) as tick:
            alone[variant.name] = run_alone(scene, variant, DEADLINE_S, tick)
    return _outcome(program.name, family, settings, scene, run, alone)


def _outcome(
    name: str,
    family: ModelFamily,
    settings: Settings,
    scene: Scene,
    run: PolicyRun,
    alone: dict[str, AloneRun],
) -> Outcome:
    hard = strained(scene)
    policy = total(name, run.requests, DEADLINE_S, hard)
    useful = _useful(run.requests)
    others = tuple(total(variant, other.requests, DEADLINE_S, hard) for variant, other in alone.items())
    rows = tuple(against(policy, other, useful, _useful(alone[other.name].requests)) for other in others)
    sharpest = most_accurate(family)
    return Outcome(
        policy_name=name,
        day=scene.day,
        rate_hz=RATE_HZ,
        deadline_s=DEADLINE_S,
        settings=settings,
        run=run,
        policy=policy,
        alone=others,
        against=rows,
        verdict=verdict(policy, others, rows, sharpest),
        peer=alone[sharpest].requests,
        peer_name=sharpest,
        disturbed=max(run.disturbed, *(other.disturbed for other in alone.values())),
    )


def _useful(requests: Sequence[Request]) -> list[bool]:
    return [is_useful(request, DEADLINE_S) for request in requests]
