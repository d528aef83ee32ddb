from __future__ import annotations

import pytest

from edgeadapt.demo.family_copy import FamilyCopy
from edgeadapt.errors import ActivationError
from edgeadapt.registry.family import ModelFamily
from edgeadapt.registry.integrity import verify
from edgeadapt.shipped import shipped

PATH = shipped("families/digits.yaml")


def test_a_copys_file_is_broken_and_repaired_and_the_shipped_one_untouched(tmp_path):
    copy = FamilyCopy(PATH, tmp_path)
    copy.spoil("small")
    with pytest.raises(ActivationError, match="not the declared file"):
        verify(copy.family.variant("small"))
    verify(ModelFamily.from_yaml(PATH).variant("small"))
    copy.repair("small")
    verify(copy.family.variant("small"))


def test_a_copy_is_the_same_family(tmp_path):
    assert FamilyCopy(PATH, tmp_path).family.digest == ModelFamily.from_yaml(PATH).digest
