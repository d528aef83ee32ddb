from __future__ import annotations

from edgeadapt.demo.report import table


def test_columns_are_aligned_and_ruled():
    assert table([("when", "ms"), ("9:00", "5"), ("10:00", "120")], right=(1,)) == [
        "  when    ms",
        "  ----------",
        "  9:00     5",
        "  10:00  120",
    ]
