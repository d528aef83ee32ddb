"""A policy written in the language: its program, from a text or compiled, given out as sessions."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from edgeadapt.policy.base import BasePolicy, PolicySession
from edgeadapt.policy.history import SwapHistory
from edgeadapt.policy.selection import Selection, selection_of
from edgeadapt.program.compiled import from_bytes, read_compiled
from edgeadapt.program.decision import Decision
from edgeadapt.program.params import with_params
from edgeadapt.program.program import Program
from edgeadapt.registry.family import ModelFamily
from edgeadapt.runtime import Session, open_session
from edgeadapt.state import DeviceState

Params = Mapping[str, str | float | bool]


class RulePolicy(BasePolicy):
    """A compiled `.eap` policy, with its parameters set.

    >>> policy = RulePolicy.from_text("edition 1 policy p { otherwise use tiny }")
    >>> policy.name
    'p'
    """

    def __init__(self, program: Program, params: Params | None = None) -> None:
        """Take a compiled program; raises ParameterError for an override that does not fit."""
        self.program = with_params(program, params) if params else program
        self._file: tuple[str, Callable[[], RulePolicy]] | None = None

    @classmethod
    def from_text(cls, text: str, *, params: Params | None = None, name: str = "<text>") -> RulePolicy:
        """Compile a policy text; raises PolicyError with every problem, ParameterError for a wrong override."""
        # Imported here: a compiled policy runs without the parser.
        from edgeadapt.language import compile_text

        return RulePolicy(compile_text(text, name, params=params))

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], *, params: Params | None = None) -> RulePolicy:
        """Compile a policy file; raises PolicyFileError where it can't be read, and what `from_text` raises."""
        from edgeadapt.language import compile_text, read_policy

        source = read_policy(path)
        made = RulePolicy(compile_text(source.text, source.name, params=params))
        return made._read_from(path, params, RulePolicy.from_file)

    @classmethod
    def from_compiled(
        cls, given: bytes | str | os.PathLike[str], *, params: Params | None = None
    ) -> RulePolicy:
        """Take a compiled policy, as bytes or as a file's path; nothing that reads policy texts is loaded.

        Raises ProgramError for bytes that are none, PolicyFileError where the file can't be read, ParameterError for a
        wrong override.
        """
        if isinstance(given, bytes):
            return RulePolicy(from_bytes(given), params)
        return RulePolicy(read_compiled(given), params)._read_from(given, params, RulePolicy.from_compiled)

    @property
    def policy_file(self) -> str | None:
        """The file that it was read from, as an absolute path; None for a text's and for bytes."""
        return None if self._file is None else self._file[0]

    def reread(self) -> RulePolicy:
        """Read the file again, with the same parameters; raises what `from_file` or `from_compiled` raises."""
        if self._file is None:
            raise ValueError(f"policy `{self.name}` did not come from a file")
        return self._file[1]()

    def _read_from(
        self, path: str | os.PathLike[str], params: Params | None, read: Callable[..., RulePolicy]
    ) -> RulePolicy:
        """Remember the file; its links are not followed, which may lead elsewhere the next time."""
        where, kept = os.path.abspath(os.fsdecode(path)), dict(params) if params else None
        self._file = (where, lambda: read(where, params=kept))
        return self

    @property
    def name(self) -> str:
        """The policy's own name."""
        return self.program.name

    @property
    def has_guard(self) -> bool:
        """Whether the policy has a `guard`."""
        return self.program.guard is not None

    def is_urgent(self, rule: str) -> bool:
        """Whether the rule is `urgent`."""
        return any(declared.name == rule and declared.urgent for declared in self.program.rules)

    def select(self, state: DeviceState, family: ModelFamily, history: SwapHistory) -> str:
        """Decide for one state without memory: what the first step of a fresh session wants."""
        return self._first_step(state, family, history, explain=False)[1]

    def select_with_explanation(
        self, state: DeviceState, family: ModelFamily, history: SwapHistory | None = None
    ) -> tuple[str, Selection]:
        """Return what `select` returns, and why: each candidate, whether it qualifies, its scores, what decided."""
        decision, variant = self._first_step(state, family, history or SwapHistory(), explain=True)
        return variant, selection_of(decision)

    def _first_step(
        self, state: DeviceState, family: ModelFamily, history: SwapHistory, *, explain: bool
    ) -> tuple[Decision, str]:
        session = Session(self.program, family, auto_commit=False)
        # The family of a step may lack the active variant, which then can't stay.
        if history.active is not None and history.active in family:
            session.committed(history.active, state.timestamp)
        decision = session.step(state, explain=explain)
        if decision.target is None:
            raise ValueError(f"policy `{self.name}` finds no variant of family `{family.name}`")
        return decision, decision.target

    def session(
        self,
        family: ModelFamily,
        *,
        auto_commit: bool = True,
        snapshot: Mapping[str, Any] | None = None,
        elapsed_s: float = 0.0,
    ) -> PolicySession:
        """Return one device's session; raises ValueError where the policy names a variant that the family lacks."""
        return open_session(
            self.program, family, auto_commit=auto_commit, snapshot=snapshot, elapsed_s=elapsed_s
        )
