"""The contract suite passes a backend that keeps every promise, and names the one that a wrong backend breaks."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from edgeadapt.backends.base import BackendCapability, InferenceBackend
from edgeadapt.backends.tensor_spec import TensorSpec
from edgeadapt.errors import ActivationError, InputError, NotServing
from edgeadapt.testing.backend_contract import BackendContract

FLOAT = np.dtype("float32")


class Doubling(InferenceBackend):
    """A right one: doubles one array of any length."""

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails
        self.on = False

    def load(self) -> None:
        if self.fails:
            raise ActivationError("it", "loading", "it was told to fail")
        self.on = True

    def infer(self, inputs: Any) -> Any:
        if not self.on:
            raise NotServing("it is not loaded")
        given = inputs.get("x") if isinstance(inputs, Mapping) else inputs
        if not isinstance(given, np.ndarray) or given.dtype != FLOAT:
            raise InputError("it takes one float32 array")
        return self.answer(given)

    def answer(self, given: Any) -> Any:
        return given * 2

    def unload(self) -> None:
        self.on = False

    @property
    def is_loaded(self) -> bool:
        return self.on

    @property
    def capabilities(self) -> BackendCapability:
        return BackendCapability(
            "doubling",
            dynamic_shapes=True,
            concurrent_infer=True,
            input_names=tuple(spec.name for spec in self.inputs),
            output_names=tuple(spec.name for spec in self.outputs),
        )

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        return (TensorSpec("x", "float32", FLOAT, ("N", 3)),)

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        return (TensorSpec("y", "float32", FLOAT, ("N", 3)),)


class AnswersBeforeItsLoad(Doubling):
    def infer(self, inputs: Any) -> Any:
        return self.answer(inputs)


class DeniesThatItIsLoaded(Doubling):
    @property
    def is_loaded(self) -> bool:
        return False


class StaysLoaded(Doubling):
    def unload(self) -> None:
        pass


class UnloadsOnlyOnce(Doubling):
    def unload(self) -> None:
        if not self.on:
            raise RuntimeError("there is nothing to free")
        super().unload()


class FailsInItsOwnWords(Doubling):
    def load(self) -> None:
        if self.fails:
            raise OSError("no such file")
        super().load()


class FailsInSilence(Doubling):
    def load(self) -> None:
        self.on = not self.fails


class FailsHalfWay(Doubling):
    def load(self) -> None:
        self.on = True
        super().load()


class SharesItsModel(Doubling):
    users: set[int] = set()  # noqa: RUF012 - one for all is what is wrong with it

    def load(self) -> None:
        super().load()
        self.users.add(id(self))

    def unload(self) -> None:
        super().unload()
        self.users.clear()

    @property
    def is_loaded(self) -> bool:
        return self.on and id(self) in self.users


class IsCancelledForGood(Doubling):
    def cancel_load(self) -> None:
        self.on = False


class TellsOtherNames(Doubling):
    @property
    def capabilities(self) -> BackendCapability:
        return BackendCapability("doubling", dynamic_shapes=True, input_names=("image",), output_names=("y",))


class TellsFixedSizes(Doubling):
    @property
    def capabilities(self) -> BackendCapability:
        return BackendCapability("doubling", input_names=("x",), output_names=("y",))


class WrapsItsAnswer(Doubling):
    def answer(self, given: Any) -> Any:
        return {"y": given * 2}


class ListsItsAnswers(Doubling):
    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        return tuple(TensorSpec(name, "float32", FLOAT, ("N", 3)) for name in ("y", "z"))

    def answer(self, given: Any) -> Any:
        return [given * 2, given * 3]


class AnswersInAnotherType(Doubling):
    def answer(self, given: Any) -> Any:
        return given.astype("float64") * 2


class TakesNoNames(Doubling):
    def infer(self, inputs: Any) -> Any:
        return super().infer(None if isinstance(inputs, dict) else inputs)


class TripsOverWrongInputs(Doubling):
    def infer(self, inputs: Any) -> Any:
        if isinstance(inputs, str):
            raise TypeError("unsupported operand")
        return super().infer(inputs)


class WritesIntoItsInputs(Doubling):
    def answer(self, given: Any) -> Any:
        if given.flags.writeable:
            given += 1
        return given * 2


class GivesItsInputsBack(Doubling):
    def answer(self, given: Any) -> Any:
        return given[:]


class ReusesItsBuffer(Doubling):
    def load(self) -> None:
        super().load()
        self.buffer = np.empty((1, 3), FLOAT)
        self.lock = threading.Lock()

    def answer(self, given: Any) -> Any:
        np.multiply(given, 2, out=self.buffer)
        return self.buffer


class CountsOnBeingAlone(Doubling):
    def load(self) -> None:
        super().load()
        self.at_work = threading.Semaphore(1)
        self.second = threading.Event()

    def answer(self, given: Any) -> Any:
        if not self.at_work.acquire(blocking=False):
            self.second.set()
            raise RuntimeError("the request is busy")
        # Where others come at once, one of them comes while this one is at work.
        if threading.current_thread() is not threading.main_thread():
            self.second.wait(10)
        self.at_work.release()
        return given * 2


class Case(BackendContract):
    kind: type[Doubling] = Doubling

    def make(self) -> InferenceBackend:
        return self.kind()

    def make_failing(self) -> InferenceBackend | None:
        return self.kind(fails=True)

    def wrong_inputs(self) -> tuple[Any, ...]:
        return (np.zeros((1, 3), "float64"), "text")


def broken(kind: type[Doubling]) -> dict[str, str]:
    """Run every test of the suite, and return what those say that fail."""
    found: dict[str, str] = {}
    for name in dir(Case):
        if name.startswith("test_"):
            case = Case()
            case.kind = kind
            try:
                getattr(case, name)()
            except pytest.skip.Exception:
                continue
            except AssertionError as error:
                found[name.removeprefix("test_")] = str(error)
            except Exception as error:  # noqa: BLE001 - pytest would fail such a test too
                found[name.removeprefix("test_")] = repr(error)
    return found


class TestARightOne(Case):
    pass


@pytest.mark.parametrize(
    ("kind", "check", "words"),
    [
        (AnswersBeforeItsLoad, "it_serves_nothing_before_it_is_loaded", "before `load` raises nothing"),
        (DeniesThatItIsLoaded, "one_load_makes_it_serve", "`is_loaded` is not True after `load`"),
        (StaysLoaded, "it_serves_nothing_after_it_is_unloaded", "not False after `unload`"),
        (UnloadsOnlyOnce, "it_can_be_unloaded_twice_and_without_a_load", "nothing to free"),
        (FailsInItsOwnWords, "a_load_that_fails_leaves_it_unloaded", "raises OSError, not ActivationError"),
        (FailsInSilence, "a_load_that_fails_leaves_it_unloaded", "`load` does not raise"),
        (FailsHalfWay, "a_load_that_fails_leaves_it_unloaded", "not False after a load that failed"),
        (SharesItsModel, "two_backends_do_not_touch_each_other", "unloading one backend unloads another"),
        (IsCancelledForGood, "a_cancel_does_nothing_when_nothing_is_loading", "`cancel_load` unloads"),
        (TellsOtherNames, "its_capabilities_are_those_of_its_inputs_and_outputs", "`capabilities.input_names`"),
        (TellsFixedSizes, "its_capabilities_are_those_of_its_inputs_and_outputs", "`capabilities.dynamic_shapes`"),
        (WrapsItsAnswer, "its_answers_are_what_its_outputs_say", "one output comes as a dict"),
        (ListsItsAnswers, "its_answers_are_what_its_outputs_say", "do not come as a dict by name"),
        (AnswersInAnotherType, "its_answers_are_what_its_outputs_say", "type float64 is not that of `y`"),
        (TakesNoNames, "it_takes_its_inputs_by_name", "takes one float32 array"),
        (TripsOverWrongInputs, "wrong_inputs_are_refused_and_it_goes_on", "raises TypeError, not InputError"),
        (WritesIntoItsInputs, "it_leaves_its_inputs_as_they_are", "writes into its inputs"),
        (GivesItsInputsBack, "its_answers_share_no_memory_with_its_inputs", "shares memory with its inputs"),
        (ReusesItsBuffer, "an_answer_stays_when_the_next_one_is_made", "two answers share memory"),
        (CountsOnBeingAlone, "threads_get_their_own_answers_where_it_claims_concurrent_infer", "request is busy"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)  # fmt: skip
def test_a_wrong_backend_is_caught_by_the_check_of_its_promise(
    kind: type[Doubling], check: str, words: str
) -> None:
    assert words in broken(kind)[check]


def test_one_wrong_promise_is_told_as_that_one() -> None:
    alone = (FailsInItsOwnWords, WrapsItsAnswer, GivesItsInputsBack, TripsOverWrongInputs)
    assert {kind.__name__: len(broken(kind)) for kind in alone if len(broken(kind)) != 1} == {}


def test_without_a_failing_load_or_wrong_inputs_those_checks_are_skipped() -> None:
    class Least(BackendContract):
        def make(self) -> InferenceBackend:
            return Doubling()

    for check in (
        Least().test_a_load_that_fails_leaves_it_unloaded,
        Least().test_wrong_inputs_are_refused_and_it_goes_on,
    ):
        with pytest.raises(pytest.skip.Exception):
            check()


def test_a_subclass_has_to_say_how_to_make_one() -> None:
    with pytest.raises(NotImplementedError, match="`make` returns a new backend"):
        BackendContract().make()
