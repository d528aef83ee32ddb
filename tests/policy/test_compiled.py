"""A compiled policy is the policy of its text, and serves where neither the language nor its parser is installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from edgeadapt.errors import PolicyFileError, ProgramError
from edgeadapt.policy import RulePolicy
from edgeadapt.program import ParameterError
from edgeadapt.program.compiled import to_bytes
from tests.runtime.world import MEASURED, state

TEXT = "edition 1 policy p { param floor = 20% in 5% .. 50% rule low { when battery < floor use tiny } otherwise use full }"
# A device without the language: neither its parser nor its package can be imported.
WITHOUT_LANGUAGE = """
import sys

sys.modules["lark"] = None

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name == "edgeadapt.language" or name.startswith("edgeadapt.language."):
            raise ImportError(f"there is no {name} on this device")

sys.meta_path.insert(0, Refuse())

import edgeadapt as ea
from edgeadapt.backends.fake import FakeBackend
from edgeadapt.profiler.fallback import FallbackProfiler

family = ea.ModelFamily("f")
for name, latency in (("tiny", 5.0), ("full", 50.0)):
    known = ea.VariantMetadata(expected_latency_ms=latency, accuracy_score=latency / 100)
    family.add_variant(name, name, metadata=known)

compiled = ea.RulePolicy.from_compiled(sys.argv[1], params={"floor": "30%"})
same = ea.RulePolicy.from_compiled(open(sys.argv[1], "rb").read())
assert compiled.program != same.program
presets = (ea.Balanced(), ea.MaximizeAccuracy(latency_ceiling_ms=20.0), ea.MinimizePower(min_accuracy_floor=0.2))
for policy in (compiled, same, *presets):
    with ea.Engine(family, policy, profiler=FallbackProfiler(), loader=FakeBackend) as engine:
        print(policy.name, engine.infer(1))

try:
    ea.RulePolicy.from_text("edition 1 policy p { otherwise use tiny }")
except ImportError:
    print("no language here")
"""


@pytest.fixture
def compiled(tmp_path: Path) -> Path:
    path = tmp_path / "p.eapc"
    path.write_bytes(to_bytes(RulePolicy.from_text(TEXT).program))
    return path


def test_a_compiled_policy_is_the_policy_of_its_text(compiled: Path) -> None:
    for given in (compiled, str(compiled), compiled.read_bytes()):
        policy = RulePolicy.from_compiled(given)
        assert policy.program == RulePolicy.from_text(TEXT).program
        assert policy.session(MEASURED).step(state(0, battery=10.0)).target == "tiny"


def test_its_parameters_can_be_set_anew(compiled: Path) -> None:
    policy = RulePolicy.from_compiled(compiled, params={"floor": "40%"})
    assert policy.program == RulePolicy.from_text(TEXT, params={"floor": "40%"}).program
    with pytest.raises(ParameterError, match=r"`floor` must be in 5% \.\. 50%"):
        RulePolicy.from_compiled(compiled, params={"floor": "60%"})


def test_a_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    for path, problem in (
        (tmp_path / "none.eapc", "cannot read it"),
        (tmp_path, "not a file"),
        ("a\0b", "not a path"),
    ):
        with pytest.raises(PolicyFileError, match=problem):
            RulePolicy.from_compiled(path)


def test_a_file_that_is_none_is_named_with_the_reason(compiled: Path) -> None:
    compiled.write_bytes(compiled.read_bytes()[:-3])
    with pytest.raises(ProgramError) as refused:
        RulePolicy.from_compiled(compiled)
    assert refused.value.name == str(compiled)
    assert refused.value.reason.startswith("it ends too early")
    assert str(compiled) in str(refused.value)


def test_an_engine_serves_without_the_language(compiled: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_LANGUAGE, str(compiled)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "p full",
        "p full",
        "balanced full",
        "maximize_accuracy tiny",
        "minimize_power full",
        "no language here",
    ]
