"""ONNXBackend on small models made here: what it answers, and what it is before, after and between."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.errors import NotServing
from edgeadapt.registry.variant import ModelVariant
from tests.backends.onnx_loading import IMAGE, loaded


@pytest.mark.parametrize("given", [IMAGE, {"image": IMAGE}, [IMAGE], (IMAGE,)])
def test_one_input_may_come_as_an_array_a_dict_or_a_sequence(doubling: ModelVariant, given: object) -> None:
    answer = loaded(doubling).infer(given)
    assert isinstance(answer, np.ndarray)
    np.testing.assert_array_equal(answer, IMAGE * 2)


def test_several_inputs_and_outputs_go_by_name_or_in_order(pair: ModelVariant) -> None:
    left, right = np.array([5, 6, 7]), np.array([1, 2, 3])
    backend = loaded(pair)
    for given in ({"right": right, "left": left}, [left, right], (left, right)):
        answer = backend.infer(given)
        assert list(answer) == ["sum", "difference"]
        np.testing.assert_array_equal(answer["sum"], [6, 8, 10])
        np.testing.assert_array_equal(answer["difference"], [4, 4, 4])


def test_what_becomes_an_array_counts_as_one(doubling: ModelVariant) -> None:
    class Tensor:
        def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
            return IMAGE

    np.testing.assert_array_equal(loaded(doubling).infer(Tensor()), IMAGE * 2)


def test_layout_and_byte_order_do_not_matter(doubling: ModelVariant) -> None:
    backend = loaded(doubling)
    for given in (
        np.asfortranarray(IMAGE),
        IMAGE[::-1],
        IMAGE.astype(">f4"),
        np.broadcast_to(IMAGE[:1], (3, 4)),
    ):
        np.testing.assert_array_equal(backend.infer(given), np.asarray(given, np.float32) * 2)


def test_it_says_what_it_can_do_once_it_is_loaded(doubling: ModelVariant, pair: ModelVariant) -> None:
    backend = ONNXBackend(doubling)
    assert not backend.is_loaded
    assert backend.last_load_time_sec is None
    assert backend.capabilities.input_names == ()
    backend.load()
    assert backend.is_loaded
    assert backend.last_load_time_sec is not None
    assert backend.last_load_time_sec > 0
    capabilities = backend.capabilities
    assert (capabilities.backend, capabilities.dynamic_shapes, capabilities.max_batch) == ("onnx", True, None)
    assert (capabilities.input_names, capabilities.output_names) == (("image",), ("doubled",))
    assert capabilities.concurrent_infer
    assert not capabilities.quantized
    fixed = loaded(pair).capabilities
    assert (fixed.dynamic_shapes, fixed.max_batch) == (False, 3)


def test_after_unload_it_does_not_serve(doubling: ModelVariant) -> None:
    backend = ONNXBackend(doubling)
    backend.unload()
    with pytest.raises(NotServing, match="variant `doubling` is not loaded"):
        backend.infer(IMAGE)
    backend.load()
    backend.load()
    backend.infer(IMAGE)
    backend.unload()
    backend.unload()
    assert not backend.is_loaded
    with pytest.raises(NotServing):
        backend.infer(IMAGE)


def test_threads_infer_at_once_while_another_unloads(doubling: ModelVariant) -> None:
    backend = loaded(doubling)
    ready = threading.Barrier(3)
    problems: list[BaseException] = []

    def serve() -> None:
        ready.wait()
        try:
            while True:
                np.testing.assert_array_equal(backend.infer(IMAGE), IMAGE * 2)
        except NotServing:
            pass
        except BaseException as error:  # noqa: BLE001 - whatever it is, the main thread must hear of it
            problems.append(error)

    threads = [threading.Thread(target=serve) for _ in range(2)]
    for thread in threads:
        thread.start()
    ready.wait()
    for _ in range(50):
        backend.infer(IMAGE)
    backend.unload()
    for thread in threads:
        thread.join()
    assert problems == []
