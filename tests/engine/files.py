"""A policy's and a family's file as a test wants them, written as an editor saves: beside it, then renamed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from edgeadapt.policy import RulePolicy
from edgeadapt.registry import ModelFamily

POLICY = """\
edition 1
policy by_battery {{
  rule low {{ when battery < {low}% use {small} }}
  rule high {{ when battery >= 80% use full else medium }}
  otherwise use medium
  guard {{ cooldown 0 s }}
}}
"""
MEMORY_MB = {"full": 300, "medium": 100, "tiny": 10, "micro": 5}


def policy_text(low: int = 20, small: str = "tiny") -> str:
    return POLICY.format(low=low, small=small)


def family_text(*variants: str, name: str = "digits", rules: str = "", **paths: str) -> str:
    """Return a family of these variants; a variant's path can be given by its name."""
    lines = ["schema_version: 1", f"name: {name}"]
    lines += [rules] if rules else []
    lines.append("variants:")
    for variant in variants or ("full", "medium", "tiny"):
        lines.append(f"  - name: {variant}\n    path: {paths.get(variant, f'{variant}.onnx')}")
        lines.append(f"    metadata: {{memory_footprint_mb: {MEMORY_MB[variant]}}}")
    return "\n".join(lines) + "\n"


class Files:
    """The two files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.policy = folder / "p.eap"
        self.family = folder / "f.yaml"
        save(self.policy, policy_text())
        save(self.family, family_text())

    def running(self, bench: Any, *percents: float, **settings: Any) -> Any:
        """Return an engine that serves by these files."""
        bench.family = ModelFamily.from_yaml(self.family)
        for name in MEMORY_MB:
            bench.loader.script(name)
        policy = settings.pop("policy", None) or RulePolicy.from_file(self.policy)
        return bench.running(*percents, policy=policy, **settings)


def save(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)
