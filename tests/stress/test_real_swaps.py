"""Readers against a thousand swaps between real models: every answer is the leased variant's own, bit for bit."""

from __future__ import annotations

import itertools
import threading

import attrs
import numpy as np
import onnxruntime
import pytest

from edgeadapt import swap_codes
from edgeadapt.backends import default_loader
from edgeadapt.registry.family import ModelFamily
from edgeadapt.shipped import shipped
from edgeadapt.swapper.swapper import HotSwapper

SWAPS = 1000
READERS = 4
# Input sizes 4 and 8: an answer of the wrong one is an error, not only a difference.
VARIANTS = ("tiny", "small")
MEDIUM_EVERY = 50
IMAGES = 16


@attrs.frozen
class Case:
    """One variant's inputs and what a bare session answers to them."""

    inputs: list[np.ndarray]
    answers: list[np.ndarray]


def resized(images: np.ndarray, size: int) -> np.ndarray:
    scaled = images.astype(np.float32) / np.float32(16)
    if size == 4:
        return scaled.reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4))[:, None]
    return scaled.repeat(size // 8, axis=1).repeat(size // 8, axis=2)[:, None]


def case_of(family: ModelFamily, name: str, images: np.ndarray) -> Case:
    variant = family.variant(name)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        variant.path, sess_options=options, providers=["CPUExecutionProvider"]
    )
    size = int(dict(variant.attribute_pairs)["input_size"])
    inputs = [image[None] for image in resized(images, size)]
    return Case(inputs, [session.run(None, {"image": image})[0] for image in inputs])


@pytest.mark.timeout(110)
def test_four_readers_over_a_thousand_swaps_see_no_error_and_no_wrong_answer() -> None:
    family = ModelFamily.from_yaml(shipped("families/digits.yaml"))
    with np.load(shipped("families/digits/heldout.npz")) as heldout:
        images = heldout["images"][:IMAGES]
    cases = {name: case_of(family, name, images) for name in (*VARIANTS, "medium")}
    ready = threading.Barrier(READERS + 1)
    is_over = threading.Event()
    problems: list[str] = []
    served = [0] * READERS
    seen: list[set[int]] = [set() for _ in range(READERS)]

    def read(reader: int, swapper: HotSwapper) -> None:
        ready.wait()
        last = 0
        for number in itertools.count(reader):
            if is_over.is_set():
                return
            try:
                with swapper.lease() as lease:
                    case = cases[lease.variant]
                    answer = lease.infer(case.inputs[number % IMAGES])
                    if not np.array_equal(answer, case.answers[number % IMAGES]):
                        problems.append(f"{lease.variant}: another answer")
                    if lease.generation < last:
                        problems.append(f"generation {lease.generation} after {last}")
                    last = lease.generation
            except Exception as error:  # noqa: BLE001 - any error at all fails the test, with its text
                problems.append(repr(error))
                return
            served[reader] += 1
            seen[reader].add(last)

    with HotSwapper(default_loader(family), VARIANTS[0]) as swapper:
        threads = [threading.Thread(target=read, args=(reader, swapper)) for reader in range(READERS)]
        for thread in threads:
            thread.start()
        ready.wait()
        for swap in range(1, SWAPS + 1):
            name = "medium" if swap % MEDIUM_EVERY == 0 else VARIANTS[swap % len(VARIANTS)]
            event = swapper.swap_to(name).wait(60)
            assert event is not None
            assert event.code == swap_codes.SWAP_COMMITTED, event.error
        is_over.set()
        for thread in threads:
            thread.join()
        assert problems == []
        assert swapper.generation == SWAPS + 1
        assert swapper.counters()["succeeded"] == SWAPS + 1
    assert min(served) > 0
    assert min(len(generations) for generations in seen) > 10
