"""With `--eap` each test and property of a policy is an item; without, the plugin collects nothing."""

from __future__ import annotations

import pytest

from edgeadapt.shipped import shipped

pytest_plugins = ["pytester"]

POLICY = """\
edition 1
policy p {
  family digits
  rule low { when battery < 20% use tiny }
  otherwise use medium
  property spared { never use medium when battery < 30% }
  test dips {
    at 0 s: battery = 25%  expect medium
    at 5 s: battery = 19%  expect WANTED
  }
}
"""


@pytest.fixture
def pytest_run(pytester, request):
    """Run pytest in a folder with the family, and the plugin loaded once."""
    (pytester.path / "digits.yaml").symlink_to(shipped("families/digits.yaml"))
    is_installed = request.config.pluginmanager.has_plugin("edgeadapt")
    load = () if is_installed else ("-p", "edgeadapt.testing.pytest_plugin")
    return lambda text, *args: (
        (pytester.path / "p.eap").write_text(text, "utf-8"),
        pytester.runpytest_inprocess(*load, *args),
    )[1]


def test_a_policy_is_collected_where_it_is_asked_for(pytest_run) -> None:
    result = pytest_run(POLICY.replace("WANTED", "tiny"), "--eap", "-v")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*p.eap::dips PASSED*", "*property spared FAILED*"])
    result.stdout.fnmatch_lines(["*`spared` does not hold at 0 s of test `dips`"])


def test_a_failure_shows_its_place(pytest_run) -> None:
    result = pytest_run(POLICY.replace("WANTED", "full"), "--eap")
    result.stdout.fnmatch_lines(["*`dips` expects `full` at 5 s*", "*p.eap:9:*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_wrong_policy_is_an_error_of_collection(pytest_run) -> None:
    result = pytest_run("edition 1 policy p { otherwise }", "--eap")
    result.assert_outcomes(errors=1)


def test_without_the_flag_nothing_is_collected(pytest_run) -> None:
    assert pytest_run(POLICY).ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_policy_that_names_no_family_is_tested_with_the_only_one_that_has_its_variants(pytest_run) -> None:
    text = POLICY.replace("family digits", "").replace("WANTED", "tiny")
    pytest_run(text, "--eap").assert_outcomes(passed=1, failed=1)
    result = pytest_run(text.replace("tiny", "huge"), "--eap")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*p.eap: no family is found; give --eap-family FILE"])
