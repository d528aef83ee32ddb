from __future__ import annotations

import threading

from edgeadapt.demo.family_copy import FamilyCopy
from edgeadapt.demo.mischief import Mischief, victim
from edgeadapt.demo.watched import Step
from edgeadapt.program.decision import Decision
from edgeadapt.registry.family import ModelFamily
from edgeadapt.shipped import shipped
from edgeadapt.state import DeviceState

PATH = shipped("families/digits.yaml")
STATE = DeviceState(None, None, None, 4000.0, 0.0, None, None, 0.0)


def step(active):
    return Step(0.0, STATE, Decision(active, active, False, "otherwise", "UNCHANGED"), ())


def test_the_victim_is_the_best_variant_used_so_far():
    family = ModelFamily.from_yaml(PATH)
    assert victim(family, [step("small"), step("medium_int8"), step("small")]).name == "medium_int8"
    assert victim(family, [step(None)]) is None


def test_the_file_is_broken_at_half_time_and_repaired_later(tmp_path):
    copy = FamilyCopy(PATH, tmp_path)
    whole = (tmp_path / "digits" / "small.onnx").read_bytes()
    time = [0.0]
    spoilt, repaired = threading.Event(), threading.Event()
    spoil, repair = copy.spoil, copy.repair
    copy.spoil = lambda variant: (spoil(variant), spoilt.set())
    copy.repair = lambda variant: (repair(variant), repaired.set())
    with Mischief(copy, [step("small")], lambda: time[0], play_s=10.0) as mischief:
        time[0] = 5.2
        assert spoilt.wait(20)
        assert len((tmp_path / "digits" / "small.onnx").read_bytes()) == len(whole) // 2
        time[0] = 8.0
        assert repaired.wait(20)
    assert (tmp_path / "digits" / "small.onnx").read_bytes() == whole
    assert mischief.spoiled.variant == "small"


def test_a_day_given_up_is_left_alone(tmp_path):
    with Mischief(FamilyCopy(PATH, tmp_path), [step("small")], lambda: 0.0, play_s=10.0) as mischief:
        pass
    assert mischief.spoiled is None
