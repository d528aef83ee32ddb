"""A pytest plugin: with `--eap`, or `eap_files = true` in its configuration, each `test` and `property` of a policy is an item.

Without either it does nothing, and loads nothing of EdgeAdapt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from edgeadapt.registry.family import ModelFamily
    from edgeadapt.replay import Suite


class _Failure(Exception):  # noqa: N818 - it carries a report and is seen by nobody
    """A report that stands for itself: no traceback belongs to it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare how to enable the plugin, and which family to test with."""
    group = parser.getgroup("edgeadapt")
    group.addoption("--eap", action="store_true", help="collect *.eap policies: their tests and properties")
    group.addoption("--eap-family", metavar="FILE", help="test policies with this family")
    parser.addini("eap_files", "collect *.eap policies, as --eap does", type="bool", default=False)
    parser.addini("eap_family", "test policies with this family, as --eap-family does", default="")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a policy where the plugin is enabled."""
    config = parent.config
    if file_path.suffix != ".eap" or not (config.getoption("--eap") or config.getini("eap_files")):
        return None
    collected: pytest.Collector = PolicyFile.from_parent(parent, path=file_path)
    return collected


class PolicyFile(pytest.File):
    """A policy's file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Run the policy's tests, and yield an item for each that says what came of it."""
        from edgeadapt.errors import EdgeAdaptError

        try:
            suite = self._suite()
        except EdgeAdaptError as error:
            raise self.CollectError(str(error)) from None
        for run in suite.runs:
            item: PolicyItem = PolicyItem.from_parent(self, name=run.test.name)
            yield item.judged(_test_report(suite, run))
        for verdict in suite.verdicts:
            promise: PolicyItem = PolicyItem.from_parent(self, name=f"property {verdict.name}")
            yield promise.judged(_property_report(suite, verdict))

    def _suite(self) -> Suite:
        from edgeadapt.diagnostics import render_full
        from edgeadapt.language.checker import check
        from edgeadapt.language.parser import parse
        from edgeadapt.language.policy_file import read_policy
        from edgeadapt.language.tree import Ident
        from edgeadapt.replay import run_suite
        from edgeadapt.replay.fitting import fitting

        parsed = parse(read_policy(str(self.path)))
        named = [it.text for it in parsed.tree.sections if isinstance(it, Ident)] if parsed.tree else []
        family = self._family(named[0] if named else None)
        checked = check(parsed, family)
        if family is None and checked.program is not None and checked.tests:
            # One that names no family is tested with the only one near it that has its variants.
            fits = [] if named else [*fitting(parsed, str(self.path.parent)).values()]
            if len(fits) != 1:
                raise self.CollectError(f"{self.path}: no family is found; give --eap-family FILE")
            family = fits[0]
            checked = check(parsed, family)
        if checked.program is None:
            problems = (render_full(it) for it in checked.diagnostics if it.is_error)
            raise self.CollectError("\n".join(problems))
        return run_suite(parsed, checked, checked.program, family)

    def _family(self, name: str | None) -> ModelFamily | None:
        from edgeadapt.registry.beside import family_beside
        from edgeadapt.registry.family import ModelFamily

        given = self.config.getoption("--eap-family")
        configured = self.config.getini("eap_family")
        if not given and configured:
            given = str(self.config.rootpath / configured)
        path = given or (family_beside(str(self.path.parent), name) if name is not None else None)
        return ModelFamily.from_yaml(path) if path else None


class PolicyItem(pytest.Item):
    """A test or a property of a policy."""

    _report: Callable[[], str] | None = None

    def judged(self, report: Callable[[], str] | None) -> PolicyItem:
        """Take what came of it: a report of the failure, or None."""
        self._report = report
        return self

    def runtest(self) -> None:
        """Fail with the report where there is one."""
        if self._report is not None:
            raise _Failure(self._report())

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        """Show the report alone."""
        if isinstance(excinfo.value, _Failure):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the item in a failure's heading."""
        return self.path, None, f"{self.path.name}: {self.name}"


def _test_report(suite: Suite, run: Any) -> Callable[[], str] | None:
    if not run.failures:
        return None
    first = run.failures[0]
    wrong = f"`{run.test.name}` expects `{first.step.expect}` at {first.seconds:g} s"
    label = f"`{first.decision.active}` is active"
    return lambda: _rendered(suite, wrong, suite.expect_spans[first.step.span], label, first)


def _property_report(suite: Suite, verdict: Any) -> Callable[[], str] | None:
    if not verdict.breaches:
        return None
    found = verdict.breaches[0]
    wrong = f"`{verdict.name}` does not hold at {found.step.seconds:g} s of test `{found.run.test.name}`"
    return lambda: _rendered(suite, wrong, found.step.step.span, found.words, found.step)


def _rendered(suite: Suite, message: str, span: Any, label: str, step: Any) -> str:
    from edgeadapt.diagnostics import Diagnostic, Severity, render_full

    decided = f"at this step {step.decision.rule} decides: {step.decision.reason}"
    return render_full(Diagnostic("test", Severity.ERROR, message, suite.source, span, label, decided))
