"""What the kernel offers is told by its files, and what it lacks by a note that says what to do."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from edgeadapt.tooling.kernel import kernel_features


def tree(root: Path, *files: str, **texts: str) -> Path:
    contents = {**dict.fromkeys(files, "some avg10=0.00\n"), **texts}
    for name, text in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def test_a_kernel_with_all_of_it_has_no_notes(tmp_path: Path) -> None:
    files = ("proc/pressure/cpu", "proc/pressure/memory", "proc/pressure/io")
    root = tree(tmp_path, *files, **{"sys/fs/cgroup/cgroup.controllers": "cpu memory\n"})
    assert kernel_features(root) == {
        "pressure": {"files": ["cpu", "memory", "io"], "note": ""},
        "cgroup": {"version": 2, "controllers": ["cpu", "memory"], "note": ""},
        "control_socket": {"supported": True, "note": ""},
    }


def test_version_1_of_cgroups_is_told_by_the_membership(tmp_path: Path) -> None:
    root = tree(
        tmp_path, **{"proc/self/cgroup": "9:name=systemd:/\n4:memory:/a\n2:cpu,cpuacct:/\n0::/\nodd\n"}
    )
    assert kernel_features(root)["cgroup"] == {
        "version": 1,
        "controllers": ["cpu", "cpuacct", "memory"],
        "note": "",
    }


def test_what_is_missing_has_a_note(tmp_path: Path) -> None:
    found = kernel_features(tmp_path)
    assert "there is no /proc/pressure" in found["pressure"]["note"]
    assert "there is no cgroup" in found["cgroup"]["note"]
    (tmp_path / "proc/pressure/cpu").mkdir(parents=True)
    assert "can't be read; start the kernel with psi=1" in kernel_features(tmp_path)["pressure"]["note"]


def test_a_system_without_unix_sockets_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*args: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(socket, "socket", refuses)
    assert "operation not permitted" in kernel_features(tmp_path)["control_socket"]["note"]
    monkeypatch.delattr(socket, "AF_UNIX")
    assert "no Unix sockets" in kernel_features(tmp_path)["control_socket"]["note"]
