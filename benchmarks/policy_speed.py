"""The five-rule policy and its family that the benchmarks of policies share."""

from __future__ import annotations

from edgeadapt.language import compile_text
from edgeadapt.registry.family import ModelFamily, VariantMetadata

POLICY = """edition 1

policy five_rules {
  rule hot {
    when temperature >= 75 °C
    until temperature < 68 °C
    urgent
    use lowest power then highest accuracy
  }
  rule saver {
    when battery < 20% and not charging
    until battery >= 30% or charging
    for 10 s
    hold 1 min
    use tiny
  }
  rule tight {
    when memory_available < 512 MB band 128 MB
    linger 5 s
    cooldown 30 s
    use lowest memory
  }
  rule busy {
    when cpu > 85%
    until cpu < 60%
    for 5 s
    use lowest latency
  }
  rule plugged_in {
    when charging and cpu < 60%
    for 30 s
    use full
  }
  otherwise use medium
  guard {
    cooldown 30 s
    at most 4 swaps per 1 min
  }
}
"""


def _family() -> ModelFamily:
    family = ModelFamily("digits")
    for name, accuracy, latency, memory, power in (
        ("tiny", 0.85, 1.0, 10.0, "low"),
        ("medium", 0.95, 10.0, 50.0, "medium"),
        ("full", 0.99, 100.0, 300.0, "high"),
    ):
        metadata = VariantMetadata(
            accuracy_score=accuracy,
            expected_latency_ms=latency,
            memory_footprint_mb=memory,
            power_draw_estimate=power,
        )
        family.add_variant(name, f"{name}.onnx", metadata=metadata)
    return family


FAMILY = _family()
PROGRAM = compile_text(POLICY, family=FAMILY)
