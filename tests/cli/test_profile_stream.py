"""The stream of snapshots on a clock of its own: when it measures, when it ends, and what it leaves behind."""

from pathlib import Path

import pytest

from edgeadapt.cli.profile_stream import show_json, stream
from edgeadapt.errors import TraceError
from edgeadapt.profiler.recorded import RecordedProfiler, read_trace
from edgeadapt.state import DeviceState


class World:
    """A clock that only waiting moves, and a recording played by it."""

    def __init__(self) -> None:
        self.time = 500.0
        self.waits: list[float] = []
        self.interrupt_after = 1_000
        rows = [DeviceState(100.0 - n, None, None, None, 5.0, None, None, 40.0 + n) for n in range(50)]
        self.profiler = RecordedProfiler(rows, clock=lambda: self.time)

    def wait(self, seconds: float) -> None:
        if len(self.waits) >= self.interrupt_after:
            raise KeyboardInterrupt
        self.waits.append(round(seconds, 9))
        self.time += seconds

    def times(self, record: Path) -> list[float]:
        return [row.state.timestamp for row in read_trace(record).rows]


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize(
    ("interval", "duration", "times"),
    [
        (1.0, 3.0, [0.0, 1.0, 2.0, 3.0]),
        (2.0, 3.0, [0.0, 2.0]),
        (0.1, 0.3, [0.0, 0.1, 0.2, 0.3]),
        (5.0, 1.0, [0.0]),
        (1.0, 0.0, [0.0]),
    ],
)
def test_snapshots_come_at_the_interval_until_the_duration_is_over(
    world: World, tmp_path: Path, interval: float, duration: float, times: list[float]
) -> None:
    record = tmp_path / "t.csv"
    stream(world.profiler, interval, duration, str(record), sample_s=0.25, show=None, wait=world.wait)
    assert world.times(record) == times
    assert world.waits[0] == 0.25


def test_a_late_snapshot_moves_none_of_the_later_ones(world: World, tmp_path: Path) -> None:
    record = tmp_path / "t.jsonl"

    class Stalling(RecordedProfiler):
        def snapshot(self) -> DeviceState:
            state = super().snapshot()
            world.time += 2.5 if state.timestamp == 41.0 else 0.25
            return state

    stalling = Stalling(world.profiler.trace, clock=lambda: world.time)
    stream(stalling, 1.0, 6.0, str(record), sample_s=0.0, show=None, wait=world.wait)
    assert world.times(record) == [0.0, 1.0, 4.0, 5.0, 6.0]


def test_an_interrupt_is_a_good_end_of_a_whole_recording(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "t.csv"
    world.interrupt_after = 3
    stream(world.profiler, 1.0, None, str(record), sample_s=0.0, show=None, wait=world.wait)
    assert world.times(record) == [0.0, 1.0, 2.0]
    assert capsys.readouterr().err.startswith("note: recorded 3 rows over 2 s to `")


def test_what_is_unknown_is_left_out_of_a_printed_line(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    stream(world.profiler, 1.0, 1.0, None, sample_s=0.0, show=show_json, wait=world.wait)
    assert capsys.readouterr().out == (
        '{"timestamp": 0.0, "battery": 100.0, "cpu": 5.0}\n{"timestamp": 1.0, "battery": 99.0, "cpu": 5.0}\n'
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_ends_it_with_an_error(world: World, tmp_path: Path) -> None:
    record = tmp_path / "t.jsonl"
    record.symlink_to("/dev/full")
    with pytest.raises(TraceError, match="no space left on device"):
        stream(world.profiler, 1.0, None, str(record), sample_s=0.0, show=None, wait=world.wait)
