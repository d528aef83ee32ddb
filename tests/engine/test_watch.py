"""With `watch=True` a file's change is taken up by itself, however it comes about."""

from __future__ import annotations

import gc
import os
import queue
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import watchfiles

from edgeadapt.engine import watcher
from edgeadapt.observability import Event, ObservabilityCollector, Reloaded, Sink
from edgeadapt.policy import RulePolicy
from tests.engine.files import Files, family_text, policy_text, save

PATIENCE_S = 20.0


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look more often than an engine in service has to."""
    monkeypatch.setattr(watcher, "_STEP_MS", 10)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


class Ears(Sink):
    """Hears of reloads."""

    def __init__(self) -> None:
        self._told: queue.Queue[Reloaded] = queue.Queue()
        self._heard: list[Reloaded] = []

    def wants(self, event: Event) -> bool:
        return isinstance(event, Reloaded)

    def take(self, event: Event) -> None:
        assert isinstance(event, Reloaded)
        self._told.put(event)

    def heard(self, count: int) -> list[tuple[str, str]]:
        """Wait until so many reloads were told of, and return what became of each."""
        while len(self._heard) < count:
            self._heard.append(self._told.get(timeout=PATIENCE_S))
        return [(event.what, event.outcome) for event in self._heard]

    def hear(self, what: str, outcome: str) -> Reloaded:
        """Wait until this was told, whatever else was before."""
        while (event := self._told.get(timeout=PATIENCE_S)) and (event.what, event.outcome) != (
            what,
            outcome,
        ):
            pass
        return event


class Watching:
    """Starts engines that watch."""

    def __init__(self, bench: Any) -> None:
        self._bench = bench
        self.ears = Ears()
        self.collector = ObservabilityCollector(sinks=[self.ears])

    def __call__(self, files: Files, *percents: float, **settings: Any) -> Any:
        return files.running(self._bench, *percents, watch=True, observability=self.collector, **settings)


@pytest.fixture
def watching(bench: Any) -> Iterator[Watching]:
    made = Watching(bench)
    yield made
    made.collector.close()


def in_place(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def by_pieces(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        for line in text.splitlines(keepends=True):
            file.write(line)
            file.flush()


def removed_first(path: Path, text: str) -> None:
    path.unlink()
    path.write_text(text, encoding="utf-8")


def by_a_link(path: Path, text: str) -> None:
    target = path.with_name("target")
    target.write_text(text, encoding="utf-8")
    link = path.with_name("link")
    link.symlink_to("target")
    os.replace(link, path)


@pytest.mark.parametrize("write", [save, in_place, by_pieces, removed_first, by_a_link])
def test_a_changed_file_is_taken_up(
    bench: Any, watching: Watching, files: Files, write: Callable[[Path, str], None]
) -> None:
    engine = watching(files, 50, 50)
    write(files.policy, policy_text(low=60))
    # A file that is seen half-written is refused until it is whole.
    event = watching.ears.hear("policy", "reloaded")
    assert (event.who, event.why) == ("", "the file changed")
    assert bench.poll(engine).target == "tiny"


def test_a_file_that_is_spoilt_and_mended_is_told_of_twice(watching: Watching, files: Files) -> None:
    engine = watching(files, 10)
    save(files.policy, "edition 1 policy")
    assert watching.ears.heard(1) == [("policy", "refused")]
    save(files.policy, policy_text())
    assert watching.ears.heard(2)[1:] == [("policy", "unchanged")]
    files.family.unlink()
    assert watching.ears.heard(3)[2:] == [("family", "refused")]
    save(files.family, family_text("full", "medium", "tiny", "micro"))
    assert watching.ears.heard(4)[3:] == [("family", "reloaded")]
    assert engine.status().counters["reloads_refused"] == 2


def test_what_is_touched_and_not_changed_is_not_told_of(watching: Watching, files: Files) -> None:
    watching(files, 50)
    os.utime(files.policy)
    save(files.family, family_text())
    save(files.policy, policy_text())
    save(files.policy, policy_text(low=60))
    assert watching.ears.heard(1) == [("policy", "reloaded")]


def test_a_config_map_that_is_swapped_brings_both_files_at_once(
    bench: Any, watching: Watching, tmp_path: Path
) -> None:
    def release(number: int, small: str) -> None:
        folder = tmp_path / f"..{number}"
        folder.mkdir()
        (folder / "p.eap").write_text(policy_text(small=small), encoding="utf-8")
        (folder / "f.yaml").write_text(family_text("full", "medium", small), encoding="utf-8")
        link = tmp_path / "..data_tmp"
        link.symlink_to(folder.name)
        os.replace(link, tmp_path / "..data")

    release(1, "tiny")
    files = Files(tmp_path)
    for path in (files.policy, files.family):
        path.unlink()
        path.symlink_to(f"..data/{path.name}")
    engine = watching(files, 50, 10, 10)
    for number, small in ((2, "micro"), (3, "tiny")):
        release(number, small)
        heard = watching.ears.heard(2 * (number - 1))
        assert heard[-2:] == [("policy", "reloaded"), ("family", "reloaded")]
        assert bench.poll(engine).target == small


def test_what_changed_between_reading_and_starting_is_taken_up(watching: Watching, files: Files) -> None:
    policy = RulePolicy.from_file(files.policy)
    save(files.policy, policy_text(low=60))
    watching(files, 50, 50, policy=policy)
    assert watching.ears.heard(1) == [("policy", "reloaded")]


def test_a_folder_that_goes_away_and_comes_back_is_watched_again(
    watching: Watching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher, "_LOOK_MS", 50)
    folder = tmp_path / "config"
    folder.mkdir()
    files = Files(folder)
    watching(files, 50, 50)
    folder.rename(tmp_path / "old")
    watching.ears.hear("family", "refused")
    folder.mkdir()
    save(files.family, family_text())
    save(files.policy, policy_text(low=60))
    watching.ears.hear("policy", "reloaded")


def test_where_the_system_refuses_to_watch_it_looks_now_and_then(
    watching: Watching, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: Any, **__: Any) -> Iterator[Any]:
        raise OSError("the system watches too many files already")

    monkeypatch.setattr(watcher, "_LOOK_MS", 20)
    monkeypatch.setattr(watchfiles, "watch", refuses)
    engine = watching(files, 50)
    save(files.policy, policy_text(low=60))
    watching.ears.hear("policy", "reloaded")
    failures = engine.observability.events("failure.v1")
    assert failures[0].as_dict()["error"] == "the system watches too many files already"
    assert failures[0].as_dict()["what"] == "watch"


def test_nothing_is_watched_after_a_stop(bench: Any, files: Files) -> None:
    engine = files.running(bench, 50, watch=True)
    engine.stop()
    assert engine.observability.events("engine_stopped.v1")[0].as_dict()["clean"]
    assert not any(thread.name == "edgeadapt-watch" for thread in threading.enumerate())


def test_a_forgotten_engine_watches_no_more(files: Files, bench: Any) -> None:
    collector = ObservabilityCollector()
    engine = files.running(
        bench,
        50,
        watch=True,
        observability=collector,
        on_swap_start=None,
        on_swap_complete=None,
        on_fallback=None,
    )
    bench.engines.clear()
    known = weakref.ref(engine)
    del engine
    gc.collect()
    assert known() is None
    assert not any(thread.name == "edgeadapt-watch" for thread in threading.enumerate())


def test_without_watchfiles_the_extra_is_named(
    bench: Any, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(ImportError, match=r"`watch=True` needs watchfiles; install `edgeadapt\[watch\]`"):
        files.running(bench, 50, watch=True)
    assert files.running(bench, 50).reload()[0].outcome == "unchanged"


def test_watchfiles_is_imported_only_where_it_is_used() -> None:
    code = "import sys, edgeadapt.engine.engine; sys.exit('watchfiles' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
