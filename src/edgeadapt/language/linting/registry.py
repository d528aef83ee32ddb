"""Finds the lints: every module of the `lints` folder is one, and there is no list to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import cast

from edgeadapt.diagnostics import Diagnostic, Severity
from edgeadapt.language.linting.context import Context
from edgeadapt.values import frozen

Check = Callable[[Context], Iterator[Diagnostic]]


@frozen
class Lint:
    """One lint: its code and name, how bad what it finds is, its page, and its check."""

    code: str
    name: str
    severity: Severity
    page: str
    check: Check
    runs_last: bool

    @classmethod
    def of(cls, module: ModuleType) -> Lint:
        """Read a lint's module."""
        return cls(
            module.CODE,
            module.NAME,
            module.SEVERITY,
            module.__doc__ or "",
            cast(Check, module.check),
            getattr(module, "RUNS_LAST", False),
        )


@lru_cache(maxsize=1)
def lints() -> tuple[Lint, ...]:
    """Return every lint, by code."""
    folder = import_module("edgeadapt.language.lints")
    names = sorted(found.name for found in iter_modules(folder.__path__))
    found = [Lint.of(import_module(f"{folder.__name__}.{name}")) for name in names]
    return tuple(sorted(found, key=lambda lint: lint.code))
