"""A decision log's file → its stretches, each of which can be replayed from its beginning: a memory, then what followed.

Events of a session are numbered. Where one is missing (a full disk, a sink that was too slow, a process that was killed),
a stretch ends, and what follows counts again from the next memory on. Whatever the bytes: stretches or a TraceError.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from edgeadapt.errors import TraceError
from edgeadapt.observability import PolicyCommitted, PolicyMemory, PolicyStep
from edgeadapt.observability.sinks.decision_log import FORMAT, VERSION
from edgeadapt.profiler.trace_reader import JSON_SUFFIXES, read_text
from edgeadapt.program.decision import Decision
from edgeadapt.program.status import VariantStatus
from edgeadapt.state import SIGNALS, DeviceState
from edgeadapt.wording import shown

Replayed = PolicyStep | PolicyCommitted
_LONGEST_HEADER = 4096
_UNKNOWN: dict[str, Any] = dict.fromkeys(signal.attribute for signal in SIGNALS.values())


@attrs.frozen
class Stretch:
    """One session from a memory on, without a gap; `line` is where that memory is in the file."""

    begin: PolicyMemory
    events: tuple[Replayed, ...]
    line: int

    @property
    def steps(self) -> tuple[PolicyStep, ...]:
        """The steps, in order."""
        return tuple(event for event in self.events if isinstance(event, PolicyStep))


@attrs.frozen
class DecisionRecord:
    """A log that was read: its stretches, and how many steps are in none, for what was before them is missing."""

    path: str
    stretches: tuple[Stretch, ...]
    left_out: int


def is_decision_log(path: str | os.PathLike[str]) -> bool:
    """Say whether a file begins as a decision log does; false also for what can't be read."""
    name = os.fsdecode(path)
    if not name.lower().endswith(JSON_SUFFIXES) or not os.path.isfile(name):
        return False
    try:
        with open(name, "rb") as file:
            header = json.loads(file.readline(_LONGEST_HEADER))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(header, dict) and header.get("format") == FORMAT


def read_decision_log(path: str | os.PathLike[str]) -> DecisionRecord:
    """Read a decision log; raises TraceError with line and remedy for anything else."""
    name = os.fsdecode(path)
    open_stretches: dict[str, tuple[PolicyMemory, list[Replayed], int]] = {}
    finished: list[tuple[PolicyMemory, list[Replayed], int]] = []
    left_out = 0
    for line, event in _events(name):
        running = open_stretches.get(event.session)
        follows = running is not None and event.number == running[2] + 1
        if isinstance(event, PolicyMemory):
            if running is not None and follows:
                # Going on says the same, and is held against the log for longer.
                open_stretches[event.session] = (running[0], running[1], event.number)
                continue
            begun: list[Replayed] = []
            open_stretches[event.session] = (event, begun, event.number)
            finished.append((event, begun, line))
        elif running is not None and follows:
            running[1].append(event)
            open_stretches[event.session] = (running[0], running[1], event.number)
        else:
            open_stretches.pop(event.session, None)
            left_out += isinstance(event, PolicyStep)
    stretches = tuple(Stretch(begin, tuple(events), line) for begin, events, line in finished)
    return DecisionRecord(name, tuple(stretch for stretch in stretches if stretch.steps), left_out)


def _events(path: str) -> Iterator[tuple[int, PolicyMemory | Replayed]]:
    is_headed = False
    for line, content in enumerate(read_text(path).split("\n"), 1):
        if not content.strip():
            continue
        try:
            data = json.loads(content)
        except (ValueError, RecursionError):
            if not is_headed:
                raise _not_one(path, line) from None
            # A line that was cut off is missing, as its number tells.
            continue
        if not isinstance(data, dict):
            raise _not_one(path, line)
        if "format" in data:
            _check_header(path, line, data)
            is_headed = True
        elif not is_headed:
            raise _not_one(path, line)
        else:
            try:
                event = _event(data)
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
                reason = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
                problem = f"the event is malformed: {shown(reason)}"
                raise TraceError(path, line, problem, "give the log as the engine wrote it") from None
            if event is not None:
                yield line, event


def _check_header(path: str, line: int, header: Mapping[str, Any]) -> None:
    if header["format"] != FORMAT:
        raise _not_one(path, line)
    if header.get("version") != VERSION:
        problem = (
            f"the log's format has version {shown(header.get('version'))}, and this EdgeAdapt reads {VERSION}"
        )
        raise TraceError(path, line, problem, "replay it with the EdgeAdapt that wrote it")


def _not_one(path: str, line: int) -> TraceError:
    return TraceError(path, line, "this is no decision log", "give one that a DecisionLog wrote")


def _event(data: Mapping[str, Any]) -> PolicyMemory | Replayed | None:
    kind = data.get("kind")
    if kind == PolicyMemory.kind:
        return _memory(data)
    if kind == PolicyCommitted.kind:
        return PolicyCommitted(float(data["at_s"]), *_place(data), _text(data["variant"]))
    if kind == PolicyStep.kind:
        return _step(data)
    # What else happened is for people to read.
    return None


def _memory(data: Mapping[str, Any]) -> PolicyMemory:
    texts = {name: _text(data[name]) for name in ("policy", "program", "family_name", "family")}
    guard, memory = data["guard"], data["memory"]
    session, number = _place(data)
    return PolicyMemory(
        float(data["at_s"]),
        session,
        number,
        params=_mapping(data["params"]),
        guard=None if guard is None else _mapping(guard),
        memory=None if memory is None else _mapping(memory),
        elapsed_s=float(data["elapsed_s"]),
        wall_clock_s=float(data["wall_clock_s"]),
        **texts,
    )


def _step(data: Mapping[str, Any]) -> PolicyStep:
    # A signal that this version does not know can't be read by a policy that it can run.
    known = {name: value for name, value in _mapping(data["state"]).items() if name in _UNKNOWN}
    state = DeviceState(timestamp=data["state"]["timestamp"], **{**_UNKNOWN, **known})
    unavailable = _mapping(data["unavailable"])
    decided = _mapping(data["decision"])
    decision = Decision(**{name: decided[name] for name in ("target", "active", "swap", "rule", "reason")})
    return PolicyStep(
        state.timestamp,
        *_place(data),
        state,
        _mapping(data["inputs"]),
        {name: VariantStatus(False, _text(reason)) for name, reason in unavailable.items()},
        decision,
    )


def _place(data: Mapping[str, Any]) -> tuple[str, int]:
    return _text(data["session"]), int(data["number"])


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{shown(value)} is not a text")
    return value


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{shown(value)} is not an object")
    return value
