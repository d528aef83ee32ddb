"""Files that are files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgeadapt.backends.regular_file import open_regular


def test_a_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"text")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with open_regular(str(tmp_path / "link")) as file:
        assert file.read() == b"text"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes")
def test_a_pipe_a_folder_and_a_device_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero")):
        with pytest.raises(OSError, match="it is no regular file"):
            open_regular(str(path))
    with pytest.raises(FileNotFoundError):
        open_regular(str(tmp_path / "gone"))
