"""Both ends look at one place, which is nobody else's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from edgeadapt.engine.control.default_path import default_path, make_default_folder
from edgeadapt.errors import ControlSocketError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows' Python has no Unix sockets")


def as_user(monkeypatch: pytest.MonkeyPatch, uid: int, runtime: str | None) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    if runtime is None:
        monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    else:
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)


def test_a_user_has_it_in_his_runtime_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    as_user(monkeypatch, 1000, "/run/user/1000")
    assert default_path() == "/run/user/1000/edgeadapt/control.sock"


@pytest.mark.parametrize("runtime", [None, "", "here"])
def test_without_a_runtime_folder_it_is_among_temporary_files(
    monkeypatch: pytest.MonkeyPatch, runtime: str | None
) -> None:
    as_user(monkeypatch, 1000, runtime)
    monkeypatch.setattr("tempfile.tempdir", "/tmp")
    assert default_path() == "/tmp/edgeadapt-1000/control.sock"


@pytest.mark.skipif(sys.platform != "linux", reason="another system has another place")
def test_root_has_one_place_with_and_without_a_login(monkeypatch: pytest.MonkeyPatch) -> None:
    for runtime in ("/run/user/0", None):
        as_user(monkeypatch, 0, runtime)
        assert default_path() == "/run/edgeadapt/control.sock"


def test_its_folder_is_made_for_the_user_alone(tmp_path: Path) -> None:
    make_default_folder(str(tmp_path / "edgeadapt/control.sock"))
    assert (tmp_path / "edgeadapt").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_may_write_is_refused(tmp_path: Path) -> None:
    (tmp_path / "edgeadapt").mkdir()
    (tmp_path / "edgeadapt").chmod(0o777)
    with pytest.raises(ControlSocketError, match="belongs to others too"):
        make_default_folder(str(tmp_path / "edgeadapt/control.sock"))


def test_a_link_that_somebody_put_there_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "his").mkdir(mode=0o700)
    (tmp_path / "edgeadapt").symlink_to(tmp_path / "his")
    with pytest.raises(ControlSocketError, match="belongs to others too"):
        make_default_folder(str(tmp_path / "edgeadapt/control.sock"))


def test_a_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ControlSocketError, match="can't be made"):
        make_default_folder(str(tmp_path / "file/control.sock"))
