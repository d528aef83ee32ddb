"""What the trial's process answers of a variant, asked without the process."""

from __future__ import annotations

import json

from edgeadapt.backends.rehearsal import Rehearsal
from edgeadapt.shipped import shipped
from edgeadapt.tooling.variant_trial_child import try_variant

DIGITS = str(shipped("families/digits.yaml"))


def test_a_variant_that_works_has_every_stage_timed_and_tells_its_contract() -> None:
    answer = json.loads(json.dumps(try_variant({"family": DIGITS, "variant": "small", "reference": None})))
    assert (answer["stage"], answer["reason"]) == ("", "")
    assert list(answer["seconds"]) == ["checking", "loading", "warming", "validating"]
    own = Rehearsal.of_data(answer["own"])
    assert own.contract_from == "small"
    assert own.contract is not None
    assert str(own.contract.inputs[0]) == "`image` float32 [N, 1, 8, 8]"


def test_an_unknown_variant_fails_while_checking() -> None:
    answer = try_variant({"family": DIGITS, "variant": "smal", "reference": None})
    assert answer["stage"] == "checking"
    assert "did you mean `small`?" in answer["reason"]
    assert answer["seconds"] == {}
