"""The example in the language's page, step by step, is what the evaluator does."""

from __future__ import annotations

import re
from pathlib import Path

import edgeadapt as ea
from tests.docs.blocks import blocks

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/language.md").read_text(encoding="utf-8")


def test_the_rule_goes_through_the_phases_that_the_table_shows() -> None:
    (rule,) = (block.text for block in blocks(PAGE) if block.text.startswith("rule r {"))
    rows = re.findall(r"^\| (\d+) s \| (\d+) % \| (\w+) \|", PAGE, re.MULTILINE)
    family = ea.ModelFamily("two")
    for name in ("a", "b"):
        family.add_variant(name, f"{name}.onnx")
    session = ea.RulePolicy.from_text(f"edition 1 policy p {{ {rule} otherwise use b }}").session(family)
    assert len(rows) == 9
    for at, cpu, phase in rows:
        state = ea.DeviceState(None, None, None, 4000.0, float(cpu), None, None, float(at))
        explanation = session.step(state, explain=True).explanation
        assert explanation is not None
        assert explanation.rules[0].phase == phase, at
