from __future__ import annotations

import os
import sys

import pytest

from edgeadapt.demo.cores import few_cores

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can keep to a few processors")


def test_the_process_keeps_to_one_processor_and_gets_all_back():
    before = os.sched_getaffinity(0)
    with few_cores(1) as count:
        assert count == 1
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before


def test_more_than_there_are_is_all():
    with few_cores(10_000) as count:
        assert count == len(os.sched_getaffinity(0))
