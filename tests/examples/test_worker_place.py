"""Places for workers: each its own, given again when its holder has gone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from examples.worker_place import worker_place

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its locks are not Windows's")


def test_two_at_a_time_have_different_places(tmp_path: Path) -> None:
    with worker_place(str(tmp_path)) as first, worker_place(str(tmp_path)) as second:
        assert first is not None
        assert second is not None
        assert (first.number, second.number) == (0, 1)
        assert first.folder != second.folder


def test_a_place_is_given_again_once_it_is_free(tmp_path: Path) -> None:
    for _ in range(2):
        with worker_place(str(tmp_path)) as place:
            assert place is not None
            assert place.folder == tmp_path / "worker-0"


def test_without_a_folder_there_is_no_place() -> None:
    with worker_place(None) as place:
        assert place is None
