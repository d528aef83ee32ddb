"""The fake backend does as it is told, so that tests above it can believe it."""

from __future__ import annotations

import threading

import pytest

from edgeadapt.backends.fake import FakeBackend, FakeLoader
from edgeadapt.errors import ActivationError, NotServing


def test_it_answers_with_its_variant_or_what_it_was_given() -> None:
    for backend, answer in ((FakeBackend("a"), "a"), (FakeBackend("a", output=0), 0)):
        backend.load()
        assert backend.infer(None) == answer
        assert backend.is_loaded


def test_it_serves_only_between_load_and_unload() -> None:
    backend = FakeBackend("a")
    with pytest.raises(NotServing):
        backend.infer(0)
    backend.load()
    backend.unload()
    assert backend.unload_thread == threading.get_native_id()
    with pytest.raises(NotServing):
        backend.infer(0)


def test_it_fails_where_it_is_told() -> None:
    with pytest.raises(OSError, match="load"):
        FakeBackend("a", load_error=OSError("load")).load()
    backend = FakeBackend("a", infer_error=OSError("infer"), unload_error=OSError("unload"))
    backend.load()
    with pytest.raises(OSError, match="infer"):
        backend.infer(0)
    with pytest.raises(OSError, match="unload"):
        backend.unload()


def test_its_load_waits_for_the_gate() -> None:
    gate = threading.Event()
    backend = FakeBackend("a", gate=gate)
    thread = threading.Thread(target=backend.load)
    thread.start()
    assert backend.load_started.wait(30)
    assert not backend.is_loaded
    gate.set()
    thread.join()
    assert backend.is_loaded


def test_a_loader_makes_a_new_one_each_time_and_knows_its_variants() -> None:
    loader = FakeLoader("a", "b")
    assert loader("a") is not loader("a")
    assert loader.last("a") is loader.made[1]
    with pytest.raises(LookupError):
        loader.last("b")
    with pytest.raises(ActivationError, match="known: a, b"):
        loader("c")
