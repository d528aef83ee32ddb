"""`preflight: process`: a new or changed model is first loaded and run, as here later, by a process that may die of it.

What ends that process is refused here, before it ends this one; what only fails there fails here with the same words.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence

import attrs

from edgeadapt.backends.preflight_verdicts import Verdicts, verdict_key
from edgeadapt.backends.rehearsal import Rehearsal
from edgeadapt.backends.trial_process import Ended, TrialProcess
from edgeadapt.child_python import python_command
from edgeadapt.errors import ActivationError
from edgeadapt.registry.integrity import FileIdentity, OpenedFile
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.wording import in_words, shown

_START = "from edgeadapt.backends.preflight_child import main; main()"
_STAGE = "checking"
_VERDICTS = Verdicts()


def child_command() -> list[str]:
    """Return the command of the process that tries a model: this Python, which finds modules where this one does."""
    return python_command(_START)


class Preflight:
    """One trial of one variant's file. `cancel` may be called on any thread."""

    def __init__(
        self,
        variant: ModelVariant,
        file: OpenedFile,
        timeout_s: float,
        *,
        standby: bool = False,
        rehearsal: Rehearsal | None = None,
        command: Callable[[], Sequence[str]] = child_command,
        verdicts: Verdicts = _VERDICTS,
    ) -> None:
        self._variant = variant
        self._file = file
        self._timeout_s = timeout_s
        self._standby = standby
        self._rehearsal = Rehearsal.of(variant, None) if rehearsal is None else rehearsal
        self._verdicts = verdicts
        self._process = TrialProcess(command(), timeout_s)

    def run(self) -> None:
        """Return for a model that works in a process of its own, tried now or before; else raise ActivationError."""
        key = verdict_key(self._variant, self._file, self._standby, self._rehearsal)
        known = self._verdicts.get(key)
        if known is None:
            known = self._tried()
            self._verdicts.put(key, known)
        if known:
            raise ActivationError(self._variant.name, _STAGE, known)

    def cancel(self) -> None:
        """End the process, if it runs; `run` raises ActivationError."""
        self._process.cancel()

    def _tried(self) -> str:
        """Return why the model must not be loaded here, or nothing; raises ActivationError for what says nothing of it."""
        variant = self._variant
        task = {
            "name": variant.name,
            "path": variant.path,
            "session": attrs.asdict(variant.session),
            "standby": self._standby,
            "rehearsal": self._rehearsal.as_data(),
            "host": os.getpid(),
            "timeout_s": self._timeout_s,
        }
        try:
            # Numbers of NumPy's own are numbers too.
            ended = self._process.run(json.dumps(task, default=float).encode())
        except OSError as error:
            reason = (error.strerror or "it can't be run").lower()
            raise self._failed(f"the process for its preflight did not start: {reason}") from error
        if ended.cancelled:
            raise self._failed("its preflight was cancelled")
        if ended.timed_out or ended.signal_name == "SIGALRM":
            raise self._failed(f"its preflight did not end within {self._timeout_s:.15g} s")
        self._confirm()
        stage, reason = _verdict(ended)
        if stage is not None:
            if stage:
                raise ActivationError(variant.name, stage, reason)
            return ""
        if ended.code == 1:
            # Python's own way to end: the model was not reached, or not alone to blame.
            last = ended.errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise self._failed(f"its preflight did not run: {in_words(ValueError(last)) or 'exit code 1'}")
        how = ended.signal_name or f"exit code {ended.code}"
        if how == "SIGKILL":
            # Mostly the system's, for want of memory: another time it may work.
            raise self._failed("the process of its preflight was killed; there may be too little memory")
        done = f"loading or running `{variant.path}`"
        remedy = "restore the file"
        if self._rehearsal.golden is None:
            remedy += ", or declare `golden` if it can't take zeros"
        return f"{done} would end the process ({how}), as it did in its preflight; {remedy}"

    def _confirm(self) -> None:
        """Refuse a verdict on another file than the one that was checked."""
        try:
            tried = FileIdentity.of(os.stat(self._file.path))
        except OSError:
            tried = None
        if tried != self._file.identity:
            raise self._failed(
                f"{shown(self._file.path)} was replaced during its preflight; ask for it again"
            )

    def _failed(self, reason: str) -> ActivationError:
        return ActivationError(self._variant.name, _STAGE, reason)


def _verdict(ended: Ended) -> tuple[str | None, str]:
    """Return the stage and reason that the process told; None for one that told nothing."""
    try:
        told = json.loads(ended.output)
        return str(told["stage"]), str(told["reason"])
    except (ValueError, KeyError, TypeError):
        return None, ""
