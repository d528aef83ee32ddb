"""Runs a function in a process of its own, and reads that process's memory: one heap must not explain another's growth."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

_T = TypeVar("_T")
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6


def alone(function: Callable[..., _T], *arguments: Any) -> _T:
    """Return what the function returns in a new interpreter; it is found again by its module and name."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def resident_mb() -> float:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * _PAGE_MB


def dirty_mb() -> float:
    """Return how much of the process's memory is its own: what it would not share, and cannot be read again from a file."""
    with open("/proc/self/smaps_rollup") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Private_Dirty:")) * 1024 / 1e6
