"""What of the kernel matters to EdgeAdapt: pressure files, cgroups, and sockets to operate an engine by.

All files lie under a root that can be set, so that another machine's tree can be read.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

from edgeadapt.profiler.kernel_file import read_text

_PRESSURES = ("cpu", "memory", "io")
_NEEDED = ("cpu", "memory")


def kernel_features(root: Path) -> dict[str, Any]:
    """Return `pressure`, `cgroup` and `control_socket`, each with what is there and a `note` where something is missing."""
    return {"pressure": _pressure(root), "cgroup": _cgroup(root), "control_socket": _control_socket()}


def _pressure(root: Path) -> dict[str, Any]:
    folder = root / "proc/pressure"
    found = [name for name in _PRESSURES if read_text(folder / name)]
    note = ""
    if not set(_NEEDED) <= set(found):
        if folder.is_dir() and any(os.path.exists(folder / name) for name in _NEEDED):
            note = "/proc/pressure can't be read; start the kernel with psi=1, or allow this user to read it"
        else:
            note = (
                "there is no /proc/pressure: only Linux from 4.20 on, started with psi=1, tells of pressure"
            )
    return {"files": found, "note": note}


def _cgroup(root: Path) -> dict[str, Any]:
    base = root / "sys/fs/cgroup"
    controllers = read_text(base / "cgroup.controllers")
    if controllers is not None:
        return {"version": 2, "controllers": controllers.split(), "note": ""}
    membership = read_text(root / "proc/self/cgroup") or ""
    # A line is `4:memory:/path`; a name with `=` is no controller.
    columns = [line.split(":") for line in membership.splitlines()]
    names = {name for column in columns if len(column) > 1 for name in column[1].split(",")}
    listed = sorted(name for name in names if name and "=" not in name)
    if listed:
        return {"version": 1, "controllers": listed, "note": ""}
    note = "there is no cgroup to be seen: limits on memory and processors, if there are any, are not known"
    return {"version": None, "controllers": [], "note": note}


def _control_socket() -> dict[str, Any]:
    if not hasattr(socket, "AF_UNIX"):
        return {
            "supported": False,
            "note": "this system has no Unix sockets: `edgeadapt ctl` can't reach an engine",
        }
    try:
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()
    except OSError as error:
        reason = (error.strerror or "it can't be made").lower()
        return {
            "supported": False,
            "note": f"no Unix socket can be made: {reason}; `edgeadapt ctl` can't reach an engine",
        }
    return {"supported": True, "note": ""}
