"""The native reader and the plain one are the same to who reads; the native one keeps what it opened, and lets go of it."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from edgeadapt.profiler.kernel_files import KernelFiles, PlainFiles, kernel_files

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has the native reader")


@pytest.fixture(params=[PlainFiles, kernel_files])
def reader(request: pytest.FixtureRequest, tmp_path: Path) -> KernelFiles:
    make: Callable[[Path], KernelFiles] = request.param
    return make(tmp_path)


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def both(tmp_path: Path, content: bytes) -> tuple[KernelFiles, KernelFiles]:
    (tmp_path / "file").write_bytes(content)
    pair = PlainFiles(tmp_path), kernel_files(tmp_path)
    assert [files.add("/file") for files in pair] == [0, 0]
    return pair


CONTENTS = [
    b"", b" \n", b"12\n", b"-3", b"+5", b"1_0", b"0x1f", b"1 2", b"1.5", b"\xff ok\n", b"\xc2\xa05\xc2\xa0", b"\x1c7", b"a\0b",
    b"9" * 18, b"9" * 19, b"9" * 30, b"9223372036854775807", b"9223372036854775808", b"-9223372036854775808", b"9" * 200_000,
    b"MemTotal:  12 kB\ncached 3\nHuge: many\n\nMemTotal: 13 kB\nb: -1\n:c 4", b"cached:\ncached 5", b"x cached 5\n\x0bb 6",
    b"cpu  1 2 3\ncpu0 4", b"cpu 1 x", b"cpu: 1", b"cpu", b"cpu0 4\ncpu 5", b"cpu 1\r\n",
    b"some avg10=12.50 avg60=1", b"some avg10=12.", b"some avg10=.5", b"some avg10=1e3", b"some avg10=-1", b"some avg10=1.2.3",
    b"some avg10=123456789012.345", b"some avg10=1234567890123.456", b"some avg10=0.07\nsome avg10=9", b"some avg10=",
]  # fmt: skip


@linux
@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: repr(content[:20]))
def test_both_read_the_same_out_of_any_file(tmp_path: Path, content: bytes) -> None:
    plain, native = both(tmp_path, content)
    assert native.text(0) == plain.text(0)
    assert native.integer(0) == plain.integer(0)
    keys = ("MemTotal", "cached", "b", "c", "Huge")
    assert native.numbers(0, keys) == plain.numbers(0, keys)
    assert native.counters(0, "cpu") == plain.counters(0, "cpu")
    assert native.decimal(0, "some avg10=") == plain.decimal(0, "some avg10=")


def test_a_file_is_known_by_its_path_from_the_root_on(reader: KernelFiles, tmp_path: Path) -> None:
    assert reader.root == str(tmp_path)
    assert (reader.add("/a"), reader.add("/b"), reader.add("/a")) == (0, 1, 0)
    assert reader.path(1) == "/b"


def test_what_is_missing_is_none(reader: KernelFiles, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for file in (reader.add("/gone"), reader.add("/folder")):
        assert (reader.text(file), reader.integer(file), reader.decimal(file, "a")) == (None, None, None)
        assert (reader.numbers(file, ("a", "b")), reader.counters(file, "a")) == ((None, None), ())


def test_a_new_round_reads_anew(reader: KernelFiles, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("1\n")
    file = reader.add("/file")
    assert reader.integer(file) == 1
    (tmp_path / "file").write_text("22\n")
    reader.refresh()
    assert reader.integer(file) == 22


def test_what_appears_later_is_read_once_it_is_tried_again(reader: KernelFiles, tmp_path: Path) -> None:
    file = reader.add("/file")
    assert reader.integer(file) is None
    (tmp_path / "file").write_text("1\n")
    reader.retry()
    reader.refresh()
    assert reader.integer(file) == 1


def test_a_closed_reader_opens_its_files_again(reader: KernelFiles, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("1\n")
    file = reader.add("/file")
    assert reader.integer(file) == 1
    reader.close()
    assert reader.integer(file) == 1


def test_a_number_that_is_no_files_is_the_callers_mistake(reader: KernelFiles) -> None:
    with pytest.raises(IndexError):
        reader.text(7)


@linux
def test_a_round_costs_no_descriptor_and_closing_gives_them_all_back(tmp_path: Path) -> None:
    for i in range(20):
        (tmp_path / str(i)).write_text("1\n")
    before = descriptors()
    native = kernel_files(tmp_path)
    files = [native.add(f"/{i}") for i in range(20)]
    for _ in range(5):
        native.refresh()
        assert [native.integer(file) for file in files] == [1] * 20
    assert descriptors() == before + 20
    native.close()
    assert descriptors() == before
    assert native.integer(files[0]) == 1
    del native
    gc.collect()
    assert descriptors() == before


@linux
def test_a_machine_with_more_files_than_may_be_kept_is_read_all_the_same(tmp_path: Path) -> None:
    for i in range(300):
        (tmp_path / str(i)).write_text(f"{i}\n")
    before = descriptors()
    native = kernel_files(tmp_path)
    files = [native.add(f"/{i}") for i in range(300)]
    for _ in range(3):
        native.refresh()
        assert [native.integer(file) for file in files] == list(range(300))
    assert descriptors() == before + 256


@linux
def test_a_descriptor_that_a_host_closed_is_opened_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("1\n")
    native = kernel_files(tmp_path)
    file = native.add("/file")
    assert native.integer(file) == 1
    [opened] = [fd for fd in map(int, os.listdir("/proc/self/fd")) if _target(fd) == str(tmp_path / "file")]
    os.close(opened)
    native.refresh()
    assert native.integer(file) == 1


@linux
def test_a_forked_child_reads_its_own_files_and_closes_nobody_elses(tmp_path: Path) -> None:
    native = kernel_files("/")
    stat = native.add("/proc/self/stat")
    parent = native.text(stat)
    assert parent is not None
    assert parent.startswith(f"{os.getpid()} ")
    [opened] = [fd for fd in map(int, os.listdir("/proc/self/fd")) if _target(fd).endswith("/stat")]
    (tmp_path / "mine").write_text("host\n")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            # A daemon closes what it inherits, and opens files of its own in their place.
            mine = os.open(tmp_path / "mine", os.O_RDONLY)
            os.dup2(mine, opened)
            native.refresh()
            text = native.text(stat) or ""
            native.close()
            if text.startswith(f"{os.getpid()} ") and os.pread(opened, 4, 0) == b"host":
                code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    native.refresh()
    assert (native.text(stat) or "").startswith(f"{os.getpid()} ")


@linux
def test_two_threads_at_once_are_refused_and_break_nothing(tmp_path: Path) -> None:
    for i in range(20):
        (tmp_path / str(i)).write_text("1\n" * 5000)
    native = kernel_files(tmp_path)
    numbers = [native.add(f"/{i}") for i in range(20)]
    refused: list[BaseException] = []

    def read() -> None:
        for _ in range(300):
            try:
                native.refresh()
                for number in numbers:
                    native.counters(number, "1")
            except RuntimeError as error:  # noqa: PERF203 - each round may be refused
                refused.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {str(error) for error in refused} <= {"another thread is reading these files"}
    native.refresh()
    assert native.counters(numbers[0], "1") == ()
    assert native.text(numbers[0]) == ("1\n" * 5000).strip()


def _target(descriptor: int) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return ""
