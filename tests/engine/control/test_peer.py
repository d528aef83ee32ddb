"""The other end is named by the system, whatever it says of itself."""

from __future__ import annotations

import os
import pwd
import socket

import pytest

from edgeadapt.engine.control.peer import Peer, peer_of


@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="this system does not tell")
def test_the_other_end_is_this_user_and_process() -> None:
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with one, other:
        peer = peer_of(one)
    assert peer == Peer(os.geteuid(), os.getpid())
    assert peer.is_trusted
    assert peer.who == f"{pwd.getpwuid(os.geteuid()).pw_name} (uid {os.geteuid()}, pid {os.getpid()})"


def test_a_user_without_a_name_is_a_number() -> None:
    assert Peer(4_000_000_000, 0).who == "uid 4000000000"
    assert Peer(4_000_000_000, 7).who == "uid 4000000000, pid 7"


def test_only_this_user_and_root_are_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert [Peer(uid, 7).is_trusted for uid in (0, 1000, 1001)] == [True, True, False]


def test_where_the_system_does_not_tell_the_files_mode_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "SO_PEERCRED", raising=False)
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with one, other:
        assert peer_of(one) == Peer(None, None)
    assert Peer(None, None).is_trusted
    assert Peer(None, None).who == "a local user"
