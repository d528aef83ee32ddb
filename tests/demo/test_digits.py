from __future__ import annotations

import os

import numpy as np
import pytest

from edgeadapt.demo.digits import HeldOut, bare_session, input_size, model_input, own_answers
from edgeadapt.registry.family import ModelFamily
from edgeadapt.shipped import shipped

DIGITS = ModelFamily.from_yaml(shipped("families/digits.yaml"))


@pytest.fixture(scope="module")
def held_out():
    return HeldOut.read(shipped("families/digits/heldout.npz"))


@pytest.mark.parametrize("variant", DIGITS.variants, ids=DIGITS.names)
def test_an_image_is_brought_to_each_variants_input_as_in_the_golden_file(variant, held_out):
    size = input_size(variant)
    golden = np.load(variant.golden.inputs)["image"]
    mine = {model_input(image, size).tobytes() for image in held_out.images}
    assert {image[None].tobytes() for image in golden} <= mine


def test_the_variants_own_answers_are_right_about_as_often_as_declared(held_out):
    light = ModelFamily("digits")
    light.add_variant("small", DIGITS.variant("small").path, attributes={"input_size": 8})
    answers = own_answers(light, held_out, range(len(held_out.images)))["small"]
    right = sum(int(np.argmax(answers[image])) == label for image, label in enumerate(held_out.labels))
    assert right / len(held_out.labels) == pytest.approx(
        DIGITS.variant("small").metadata.accuracy_score, abs=0.002
    )


def test_a_bare_session_keeps_the_runtime_from_reporting_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    bare_session(DIGITS.variant("tiny"))
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"
