"""A subinterpreter of the process, as mod_wsgi makes them, is refused, and does no harm to what serves."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("_testcapi", reason="makes subinterpreters, on every version of Python alike")

PROGRAM = """
import _testcapi
from edgeadapt.backends.fake import FakeLoader
from edgeadapt.swapper.swapper import HotSwapper

with HotSwapper(FakeLoader("a", "b"), "a") as swapper:
    _testcapi.run_in_subinterp('''
try:
    import edgeadapt.swapper.swapper
except ImportError as error:
    print(error, flush=True)
''')
    swapper.swap_to("b").wait()
    print(swapper.infer(0))
"""


def test_a_subinterpreter_is_refused_with_a_remedy_while_the_main_one_goes_on_serving() -> None:
    ran = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", PROGRAM],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    refusal, *answers = ran.stdout.splitlines()
    assert refusal.startswith("edgeadapt serves in a process's main interpreter only")
    assert "WSGIApplicationGroup" in refusal
    assert (answers, ran.stderr, ran.returncode) == (["b"], "", 0)
