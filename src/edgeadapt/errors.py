"""The exceptions of the wrong world: one parent, a few children with typed fields.

Wrong policy or family text is a `Diagnostic` (see `edgeadapt.diagnostics`); a wrong call is ValueError or TypeError.
"""

from __future__ import annotations


class EdgeAdaptError(Exception):
    """The parent of every error that EdgeAdapt raises about the world around it."""


class ActivationError(EdgeAdaptError):
    """A variant could not be made to serve.

    Fields: `variant`; `stage` (checking, loading, warming or validating); `reason`, one line.
    """

    def __init__(self, variant: str, stage: str, reason: str) -> None:
        super().__init__(f"variant `{variant}` failed while {stage}: {reason}")
        self.variant = variant
        self.stage = stage
        self.reason = reason


class MemoryRefused(ActivationError):  # noqa: N818 - says what happened, as NotServing does
    """A variant was not loaded: its predicted peak does not fit the available memory."""


class NotServing(EdgeAdaptError):  # noqa: N818 - a state of the engine, and a public name
    """Nothing serves: the engine or swapper was not started, has stopped, or is in a gap."""


class InputError(EdgeAdaptError, ValueError):
    """An inference input does not fit the model; the message says what the model takes."""


class InferenceError(EdgeAdaptError):
    """The inference runtime failed on inputs that fit the model. Fields: `variant`; `reason`, one line."""

    def __init__(self, variant: str, reason: str) -> None:
        super().__init__(f"variant `{variant}` failed while inferring: {reason}")
        self.variant = variant
        self.reason = reason


class InferenceTimeout(InferenceError, TimeoutError):  # noqa: N818 - the builtin it extends has the suffix
    """An inference did not end within the `timeout_s` that its caller gave."""


class FamilyYamlError(EdgeAdaptError, ValueError):
    """A family file is wrong. Fields: `path`, `line` (1-based or None), `key`, `problem`, `remedy`."""

    def __init__(self, path: str, line: int | None, key: str, problem: str, remedy: str) -> None:
        place = path if line is None else f"{path}:{line}"
        where = f" in `{key}`" if key else ""
        super().__init__(f"{place}: {problem}{where}; {remedy}")
        self.path = path
        self.line = line
        self.key = key
        self.problem = problem
        self.remedy = remedy


class TraceError(EdgeAdaptError, ValueError):
    """A recorded trace is wrong. Fields: `path`, `line` (1-based or None), `problem`, `remedy`."""

    def __init__(self, path: str, line: int | None, problem: str, remedy: str) -> None:
        place = path if line is None else f"{path}:{line}"
        super().__init__(f"{place}: {problem}; {remedy}")
        self.path = path
        self.line = line
        self.problem = problem
        self.remedy = remedy


class PolicyFileError(EdgeAdaptError, ValueError):
    """A policy file can't be read as text. Fields: `path`, `problem`, `remedy`."""

    def __init__(self, path: str, problem: str, remedy: str) -> None:
        super().__init__(f"{path}: {problem}; {remedy}")
        self.path = path
        self.problem = problem
        self.remedy = remedy


class ControlSocketError(EdgeAdaptError):
    """The socket for an operator's orders can't be made, or nobody answers there. Fields: `path`, `problem`, `remedy`."""

    def __init__(self, path: str, problem: str, remedy: str) -> None:
        super().__init__(f"{path}: {problem}; {remedy}")
        self.path = path
        self.problem = problem
        self.remedy = remedy


class ModelFileError(EdgeAdaptError, ValueError):
    """A file can't be read as an ONNX model. Fields: `path`, `problem`, `remedy`."""

    def __init__(self, path: str, problem: str, remedy: str) -> None:
        super().__init__(f"{path}: {problem}; {remedy}")
        self.path = path
        self.problem = problem
        self.remedy = remedy


class ReportError(EdgeAdaptError, ValueError):
    """A benchmark report can't be read back. Fields: `path`, `problem`, `remedy`."""

    def __init__(self, path: str, problem: str, remedy: str) -> None:
        super().__init__(f"{path}: {problem}; {remedy}")
        self.path = path
        self.problem = problem
        self.remedy = remedy


class SampleError(EdgeAdaptError, ValueError):
    """A file of inputs can't be used. Fields: `path`, `problem`, `remedy`."""

    def __init__(self, path: str, problem: str, remedy: str) -> None:
        super().__init__(f"{path}: {problem}; {remedy}")
        self.path = path
        self.problem = problem
        self.remedy = remedy


class SnapshotError(EdgeAdaptError, ValueError):
    """A saved policy memory does not belong to this program, or is malformed."""


class ProgramError(EdgeAdaptError, ValueError):
    """Bytes are no compiled policy that this version can run. Fields: `reason`, one line; `name`, empty if none."""

    def __init__(self, reason: str, name: str = "") -> None:
        super().__init__(f"{name or 'compiled policy'}: {reason}; compile the policy's text again")
        self.reason = reason
        self.name = name
