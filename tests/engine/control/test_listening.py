"""A socket is the user's own from its first moment, takes a dead one's place, and destroys nothing else."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgeadapt.engine.control import listening
from edgeadapt.engine.control.listening import Listening
from edgeadapt.errors import ControlSocketError

if sys.platform == "win32":
    pytest.skip("Windows' Python has no Unix sockets", allow_module_level=True)
import fcntl


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "c.sock")


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def connect(path: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.connect(path)


def opened(path: str) -> Listening:
    return Listening(path)


def ended(one: Listening) -> None:
    one.unlink()
    one.close()


def refused(path: str) -> str:
    with pytest.raises(ControlSocketError) as caught:
        Listening(path)
    assert str(caught.value) == f"{caught.value.path}: {caught.value.problem}; {caught.value.remedy}"
    return caught.value.problem


def leave_dead(path: str) -> None:
    """Leave the socket of a process that is dead."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left:
        left.bind(path)
        left.listen()


def test_it_is_for_its_owner_alone_whatever_the_umask_is(path: str, umask: None) -> None:
    one = opened(path)
    assert stat.S_IMODE(os.lstat(path).st_mode) == 0o600
    connect(path)
    ended(one)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives the file its mode as it is made")
def test_the_file_has_its_mode_as_it_is_made(path: str, umask: None, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []

    class Seen(socket.socket):
        def listen(self, backlog: int = 1) -> None:
            modes.append(stat.S_IMODE(os.lstat(path).st_mode))
            # Not before this: whoever connects earlier is refused.
            with pytest.raises(ConnectionRefusedError):
                connect(path)
            super().listen(backlog)

    monkeypatch.setattr(socket, "socket", Seen)
    ended(opened(path))
    assert modes == [0o600]


def test_its_file_goes_with_it(path: str) -> None:
    ended(opened(path))
    assert not os.path.lexists(path)


def test_a_file_that_took_its_place_stays(path: str) -> None:
    one = opened(path)
    os.unlink(path)
    Path(path).write_text("precious")
    ended(one)
    assert Path(path).read_text() == "precious"


def test_a_dead_processs_socket_is_replaced(path: str) -> None:
    leave_dead(path)
    one = opened(path)
    connect(path)
    ended(one)


def test_a_living_one_is_never_taken(path: str) -> None:
    one = opened(path)
    assert refused(path) == "this process listens there already"
    connect(path)
    ended(one)


def test_a_living_one_whose_queue_is_full_is_not_taken_for_dead(path: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as busy:
        busy.bind(path)
        busy.listen(0)
        waiting = []
        for _ in range(3):
            client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            client.setblocking(False)
            client.connect_ex(path)
            waiting.append(client)
        assert refused(path) == "another process listens there already"
        for client in waiting:
            client.close()


def test_another_processs_living_one_is_told_with_its_number(path: str) -> None:
    program = f"import socket; s = socket.socket(socket.AF_UNIX); s.bind({path!r}); s.listen(); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        said = refused(path)
        other.communicate("\n")
    assert said in (f"process {other.pid} listens there already", "another process listens there already")


@pytest.mark.parametrize("kind", ["file", "folder", "link", "link to a dead socket", "pipe"])
def test_what_is_no_socket_is_left_as_it_is(path: str, tmp_path: Path, kind: str) -> None:
    there = Path(path)
    if kind == "file":
        there.write_text("precious")
    elif kind == "folder":
        there.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        if kind == "link to a dead socket":
            leave_dead(str(tmp_path / "his"))
        there.symlink_to(tmp_path / "his")
    before = os.lstat(path)
    assert refused(path).endswith("is there, which is left as it is")
    assert os.lstat(path) == before
    assert (tmp_path / "his").exists() is (kind == "link to a dead socket")


def test_a_folder_in_which_everybody_may_replace_files_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    assert refused(str(folder / "c.sock")) == "everybody may replace files in its folder"
    # Where only a file's owner may, as among temporary files, it is safe.
    folder.chmod(0o1777)
    ended(opened(str(folder / "c.sock")))


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("", "it is no path"),
        ("a\0b", "it is no path"),
        ("gone/c.sock", "its folder does not exist"),
        ("file/c.sock", "its folder is a file"),
    ],
)
def test_a_wrong_path_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, problem: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    assert refused(path) == problem


def test_a_path_that_is_too_long_is_told_with_its_length(tmp_path: Path) -> None:
    path = str(tmp_path / ("x" * 100))
    assert (
        refused(path)
        == f"a socket's path has at most {listening._LONGEST_PATH} bytes, and this one {len(path)}"
    )


def test_a_relative_path_holds_where_the_process_goes_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one = opened("c.sock")
    monkeypatch.chdir("/")
    ended(one)
    assert list(tmp_path.iterdir()) == []


def test_two_that_find_a_dead_one_at_once_take_turns(path: str, tmp_path: Path) -> None:
    leave_dead(path)
    folder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    # Whoever holds the folder is about to replace it, and nobody else looks meanwhile.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listening, "_LOCK_PATIENCE_S", 0.0)
        assert refused(path) == "another process locks its folder"
    os.close(folder)
    ended(opened(path))


def test_nothing_is_left_open_where_it_can_not_be_made(path: str) -> None:
    one = opened(path)
    before = len(os.listdir("/dev/fd"))
    refused(path)
    assert len(os.listdir("/dev/fd")) == before
    ended(one)


def test_a_system_without_unix_sockets_is_told(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")
    assert refused(path) == "this system's Python has no Unix sockets"
