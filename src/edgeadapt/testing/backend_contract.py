"""What any backend must keep, as tests: a subclass says how to make one, and pytest collects the rest.

    class TestMine(BackendContract):
        def make(self):
            return MyBackend(variant)

A test that fails says which promise of `InferenceBackend` is broken; one that lacks what it needs is skipped.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from edgeadapt.backends.base import BackendCapability, InferenceBackend
from edgeadapt.backends.warm_up import zeros
from edgeadapt.errors import ActivationError, InputError, NotServing
from edgeadapt.testing.answers import arrays_in, copied, read_only, same, share_memory

_STAGES = ("checking", "loading", "warming", "validating")
_THREADS = 4
_ROUNDS = 8
_PATIENCE_S = 60.0


class BackendContract:
    """The promises of a backend; override `make`, and what else your backend has to be tested with."""

    def make(self) -> InferenceBackend:
        """Return a new backend, not loaded, whose model answers the same inputs by the same answer."""
        raise NotImplementedError("a BackendContract's `make` returns a new backend")

    def make_failing(self) -> InferenceBackend | None:
        """Return a new backend whose `load` fails; None where none can be made."""
        return None

    def inputs(self) -> Sequence[Any]:
        """Return inputs that the model answers, different ones; by default zeros and ones of what it takes."""
        backend = self._loaded()
        try:
            made = zeros(backend.inputs)
        finally:
            backend.unload()
        if made is None:
            return (np.zeros(1, "float32"), np.ones(1, "float32"))
        ones = {name: np.full_like(array, 1) for name, array in made.items()}
        return tuple(each if len(each) > 1 else next(iter(each.values())) for each in (made, ones))

    def wrong_inputs(self) -> Sequence[Any]:
        """Return inputs that the model does not take; none where it takes anything."""
        return ()

    def test_it_serves_nothing_before_it_is_loaded(self) -> None:
        """`infer` raises NotServing, and `is_loaded` says so."""
        backend = self.make()
        _require(backend.is_loaded is False, "`is_loaded` is not False before `load`")
        self._refuses(backend, "before `load`")
        backend.unload()

    def test_one_load_makes_it_serve(self) -> None:
        """After `load` it answers, and `is_loaded` says so."""
        backend = self._loaded()
        _require(backend.is_loaded is True, "`is_loaded` is not True after `load`")
        backend.infer(self._input())
        backend.unload()

    def test_it_serves_nothing_after_it_is_unloaded(self) -> None:
        """`infer` raises NotServing again, also for one that has served."""
        backend = self._loaded()
        backend.infer(self._input())
        backend.unload()
        _require(backend.is_loaded is False, "`is_loaded` is not False after `unload`")
        self._refuses(backend, "after `unload`")

    def test_it_can_be_unloaded_twice_and_without_a_load(self) -> None:
        """`unload` does nothing when nothing is loaded."""
        self.make().unload()
        backend = self._loaded()
        backend.unload()
        backend.unload()
        _require(backend.is_loaded is False, "`is_loaded` is not False after two `unload`s")

    def test_a_load_that_fails_leaves_it_unloaded(self) -> None:
        """It raises ActivationError with a stage and a reason, and holds nothing."""
        backend = self.make_failing()
        if backend is None:
            pytest.skip("`make_failing` gives no backend whose load fails")
        failure: BaseException | None = None
        try:
            backend.load()
        except Exception as error:  # noqa: BLE001 - which class it is, is what is tested
            failure = error
        _require(failure is not None, "`load` does not raise where it fails")
        _require(
            isinstance(failure, ActivationError),
            f"a load that fails raises {type(failure).__name__}, not ActivationError",
        )
        assert isinstance(failure, ActivationError)
        _require(failure.stage in _STAGES, f"the ActivationError's stage is `{failure.stage}`")
        _require(
            bool(failure.reason.strip()) and "\n" not in failure.reason, "its reason is not one line of text"
        )
        _require(backend.is_loaded is False, "`is_loaded` is not False after a load that failed")
        self._refuses(backend, "after a load that failed")
        backend.unload()

    def test_two_backends_do_not_touch_each_other(self) -> None:
        """A swap loads the new one while the old one serves, then unloads the old one."""
        old, new = self._loaded(), self._loaded()
        before = copied(new.infer(self._input()))
        old.unload()
        _require(new.is_loaded is True, "unloading one backend unloads another")
        _require(same(new.infer(self._input()), before), "unloading one backend changes another's answers")
        new.unload()

    def test_a_cancel_does_nothing_when_nothing_is_loading(self) -> None:
        """A request may be cancelled when its load has just ended."""
        backend = self._loaded()
        backend.cancel_load()
        _require(backend.is_loaded is True, "`cancel_load` unloads a loaded backend")
        backend.infer(self._input())
        backend.unload()
        backend.cancel_load()

    def test_its_capabilities_are_those_of_its_inputs_and_outputs(self) -> None:
        """Names, open sizes and the batch agree with `inputs` and `outputs`."""
        backend = self._loaded()
        told = backend.capabilities
        _require(isinstance(told, BackendCapability), "`capabilities` is no BackendCapability")
        _require(bool(told.backend.strip()), "`capabilities.backend` is empty")
        for side, names, specs in (
            ("input", told.input_names, backend.inputs),
            ("output", told.output_names, backend.outputs),
        ):
            _require(
                names == tuple(spec.name for spec in specs),
                f"`capabilities.{side}_names` are not the names in `{side}s`",
            )
        shapes = [spec.shape for spec in backend.inputs]
        if shapes:
            is_open = any(not isinstance(dim, int) for shape in shapes for dim in shape)
            _require(
                told.dynamic_shapes is is_open,
                "`capabilities.dynamic_shapes` does not say whether `inputs` leave a size open",
            )
        fixed = [shape[0] for shape in shapes if shape and isinstance(shape[0], int)]
        _require(
            not fixed or (told.max_batch is not None and 1 <= told.max_batch <= max(1, min(fixed))),
            "`capabilities.max_batch` is not within the first sizes that `inputs` fix",
        )
        backend.unload()

    def test_its_answers_are_what_its_outputs_say(self) -> None:
        """One output comes as it is, several as a dict, of the types and sizes told."""
        backend = self._loaded()
        answer = backend.infer(self._input())
        names = backend.capabilities.output_names
        if isinstance(answer, Mapping):
            _require(len(answer) > 1, "one output comes as a dict; return it as it is")
            _require(not names or tuple(answer) == names, "the answer's names are not `output_names`")
        else:
            _require(len(names) < 2, "several outputs do not come as a dict by name")
        for spec, array in zip(backend.outputs, arrays_in(answer), strict=False):
            fits = len(spec.shape) == array.ndim and all(
                not isinstance(dim, int) or dim == size
                for dim, size in zip(spec.shape, array.shape, strict=True)
            )
            _require(not spec.shape or fits, f"the answer's shape {array.shape} is not that of {spec}")
            is_type = spec.dtype is None or spec.dtype.kind == "U" or array.dtype == spec.dtype
            _require(is_type, f"the answer's type {array.dtype} is not that of {spec}")
        backend.unload()

    def test_it_takes_its_inputs_by_name(self) -> None:
        """Warm-up and golden inputs are dicts by name."""
        backend = self._loaded()
        names = tuple(spec.name for spec in backend.inputs)
        given = self._input()
        if not names or (len(names) > 1 and not isinstance(given, Mapping)):
            pytest.skip("it does not tell its inputs' names")
        named = given if isinstance(given, Mapping) else {names[0]: given}
        _require(
            same(backend.infer(named), copied(backend.infer(given))),
            "a dict by name is not answered as the arrays themselves",
        )
        backend.unload()

    def test_wrong_inputs_are_refused_and_it_goes_on(self) -> None:
        """They raise InputError, which is the caller's and counts against no variant."""
        wrong = self.wrong_inputs()
        if not wrong:
            pytest.skip("`wrong_inputs` gives none")
        backend = self._loaded()
        before = copied(backend.infer(self._input()))
        for given in wrong:
            failure: BaseException | None = None
            try:
                backend.infer(given)
            except Exception as error:  # noqa: BLE001 - which class it is, is what is tested
                failure = error
            name = "nothing" if failure is None else type(failure).__name__
            _require(isinstance(failure, InputError), f"a wrong input raises {name}, not InputError")
        _require(same(backend.infer(self._input()), before), "it answers otherwise after a wrong input")
        backend.unload()

    def test_it_leaves_its_inputs_as_they_are(self) -> None:
        """Callers may use them again, and may have locked them."""
        backend = self._loaded()
        for given in self.inputs():
            before = copied(given)
            backend.infer(given)
            _require(same(given, before), "`infer` writes into its inputs")
            backend.infer(read_only(given))
        backend.unload()

    def test_its_answers_share_no_memory_with_its_inputs(self) -> None:
        """A caller may write its next input into the same array."""
        backend = self._loaded()
        for given in self.inputs():
            answer = backend.infer(given)
            _require(not share_memory(answer, given), "an answer shares memory with its inputs")
        backend.unload()

    def test_an_answer_stays_when_the_next_one_is_made(self) -> None:
        """An answer is the caller's, however long; not a buffer of the runtime."""
        backend = self._loaded()
        answers = [backend.infer(given) for given in self.inputs()]
        kept = copied(answers[0])
        answers.extend(backend.infer(given) for given in reversed(self.inputs()))
        shared = any(share_memory(answers[0], other) for other in answers[1:])
        _require(not shared, "two answers share memory")
        backend.unload()
        _require(same(answers[0], kept), "an answer changes after it was given")

    def test_threads_get_their_own_answers_where_it_claims_concurrent_infer(self) -> None:
        """The swapper does not serialise `infer`."""
        backend = self._loaded()
        if not backend.capabilities.concurrent_infer:
            pytest.skip("it does not claim `concurrent_infer`")
        asked = list(self.inputs())
        expected = [copied(backend.infer(given)) for given in asked]
        together = threading.Barrier(_THREADS)
        problems: list[str] = []

        def serve(turn: int) -> None:
            mine = turn % len(asked)
            try:
                for _ in range(_ROUNDS):
                    together.wait(_PATIENCE_S)
                    if not same(backend.infer(asked[mine]), expected[mine]):
                        problems.append("an answer differs from the one without others at work")
            except threading.BrokenBarrierError:
                return  # another thread has told why
            except Exception as error:  # noqa: BLE001 - a backend may fail in any way
                problems.append(f"`infer` raises {type(error).__name__}: {error}")
                together.abort()

        threads = [threading.Thread(target=serve, args=(turn,), daemon=True) for turn in range(_THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(_PATIENCE_S)
        if any(thread.is_alive() for thread in threads):
            problems.append("`infer` does not end")
        _require(not problems, f"with {_THREADS} threads at once, {next(iter(problems), '')}")
        backend.unload()

    def _loaded(self) -> InferenceBackend:
        backend = self.make()
        backend.load()
        return backend

    def _input(self) -> Any:
        return self.inputs()[0]

    def _refuses(self, backend: InferenceBackend, when: str) -> None:
        raised = "nothing"
        try:
            backend.infer(self._input())
        except NotServing:
            return
        except Exception as error:  # noqa: BLE001 - which class it is, is what is tested
            raised = type(error).__name__
        _require(False, f"`infer` {when} raises {raised}, not NotServing")


def _require(holds: bool, message: str) -> None:
    # Not by `assert`, which Python leaves out under -O and pytest explains only in files that it collects.
    if not holds:
        raise AssertionError(message)
