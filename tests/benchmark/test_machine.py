"""What a report says of the machine and the software."""

from __future__ import annotations

import os
import platform
import re

import numpy as np

from edgeadapt.benchmark.machine import this_machine, versions


def test_the_machine_has_a_name_and_sizes() -> None:
    machine = this_machine()
    assert machine.cpu
    assert not machine.cpu.isdecimal()
    assert machine.cores == os.cpu_count()
    assert machine.memory_mb > 100
    assert platform.system() in machine.system


def test_what_measured_says_its_version_itself() -> None:
    found = versions({"onnxruntime": "9.9", "openvino": "1.0"})
    assert (found["onnxruntime"], found["openvino"]) == ("9.9", "1.0")
    assert (found["python"], found["numpy"]) == (platform.python_version(), np.__version__)
    assert re.match(r"\d+\.\d+", found["edgeadapt"])
