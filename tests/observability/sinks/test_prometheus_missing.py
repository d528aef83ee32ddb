from __future__ import annotations

import sys

import pytest

from edgeadapt.observability.sinks.prometheus import PrometheusSink


def test_without_the_client_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(ImportError, match=r"install `edgeadapt\[prometheus\]`"):
        PrometheusSink()
