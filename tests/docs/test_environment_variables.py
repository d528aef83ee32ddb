"""Every variable of the environment that is read is on the page of commands."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_variable_of_ours_is_in_the_reference() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "src" / "edgeadapt").rglob("*.py"))
    page = (ROOT / "docs/reference/cli.md").read_text("utf-8")
    read = set(re.findall(r"\bEDGEADAPT_[A-Z_]+\b", sources))
    assert [name for name in sorted(read) if f"`{name}`" not in page] == []
