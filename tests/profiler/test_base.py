"""The public names, and which profiler this machine gets."""

from __future__ import annotations

import sys

import pytest

import edgeadapt.profiler
from edgeadapt.profiler.base import DeviceState, FallbackProfiler, PlatformProfiler, get_profiler
from edgeadapt.profiler.linux import LinuxProfiler


@pytest.mark.parametrize(
    ("platform", "kind"),
    [
        ("linux", LinuxProfiler),
        ("android", LinuxProfiler),
        ("darwin", FallbackProfiler),
        ("win32", FallbackProfiler),
    ],
)
def test_a_platform_gets_its_profiler(
    monkeypatch: pytest.MonkeyPatch, platform: str, kind: type[PlatformProfiler]
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(sys, "platform", platform)
        profiler = get_profiler()
    assert type(profiler) is kind


def test_a_source_needs_only_to_take_snapshots() -> None:
    class Fixed(PlatformProfiler):
        def snapshot(self) -> DeviceState:
            return DeviceState(80, True, None, 2048, 10, None, None, self.now())

    with Fixed() as profiler:
        before = profiler.now()
        assert before <= profiler.snapshot().timestamp <= profiler.now()
        assert dict(profiler.reasons()) == {}


def test_the_package_names_what_the_public_module_does() -> None:
    assert edgeadapt.profiler.get_profiler is get_profiler
