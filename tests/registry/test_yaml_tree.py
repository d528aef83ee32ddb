"""A file that is something else than a family's is called what it is."""

from __future__ import annotations

import pytest

from edgeadapt.errors import FamilyYamlError
from edgeadapt.registry.family import ModelFamily
from edgeadapt.shipped import shipped


@pytest.mark.parametrize("before", ["", "# # # a comment\n\n"])
def test_a_policy_is_told_from_a_family(tmp_path, before) -> None:
    path = tmp_path / "p.eap"
    path.write_text(before + shipped("policies/phone.eap").read_text("utf-8"), "utf-8")
    with pytest.raises(FamilyYamlError, match="this is a policy, not a family; give the path of a family's"):
        ModelFamily.from_yaml(path)


def test_a_model_is_no_text() -> None:
    with pytest.raises(FamilyYamlError, match="this is not a text; give the path of a family's YAML file"):
        ModelFamily.from_yaml(shipped("families/digits/tiny.onnx"))
