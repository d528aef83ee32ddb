"""Opens ONNX Runtime's Python session for a variant, as its options say; every failure is an ActivationError.

The only module that imports onnxruntime, and only where a native session can't serve.
"""

from __future__ import annotations

import os
import threading
from typing import Any

from edgeadapt.backends.onnx_errors import load_failed, one_line
from edgeadapt.backends.onnx_file import ModelSource, open_from
from edgeadapt.backends.onnx_options import CPU, IN_PLACE, config_entries
from edgeadapt.backends.onnx_support import keep_telemetry_off
from edgeadapt.errors import ActivationError
from edgeadapt.registry.integrity import OpenedFile
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.wording import shown

_LEVELS = {
    "disable": "ORT_DISABLE_ALL",
    "basic": "ORT_ENABLE_BASIC",
    "extended": "ORT_ENABLE_EXTENDED",
    "all": "ORT_ENABLE_ALL",
}


class _OneAtATime:
    """The lock around ONNX Runtime's session creation, which has raced with itself (microsoft/onnxruntime#27089)."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        # A child forked during a load would inherit a lock that nobody opens.
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        self.lock = threading.Lock()


_LOADING = _OneAtATime()


def open_session(variant: ModelVariant, file: OpenedFile | None = None, *, standby: bool = False) -> Any:
    """Return an `onnxruntime.InferenceSession`; raises ActivationError in stage `checking` or `loading`."""
    return open_from(variant, file, lambda source: _open(variant, source, standby=standby))


def _open(variant: ModelVariant, source: ModelSource, *, standby: bool) -> Any:
    keep_telemetry_off()
    try:
        import onnxruntime
    except ImportError as error:
        raise ActivationError(
            variant.name,
            "loading",
            f"onnxruntime cannot be imported ({one_line(error)}); install it: pip install onnxruntime",
        ) from error
    providers = _providers(variant, onnxruntime.get_available_providers())
    try:
        entries = (*config_entries(variant, standby=standby), *source.entries)
        options = _options(variant, entries, onnxruntime)
        with _LOADING.lock:
            # Its fallback would print to the host's stdout, and serve by another provider than the variant names.
            session = onnxruntime.InferenceSession(
                source.model, sess_options=options, providers=providers, enable_fallback=0
            )
    except Exception as error:
        raise load_failed(variant, error, source.model) from error
    lost = [name for name in providers if name not in session.get_providers()]
    if lost:
        raise ActivationError(
            variant.name,
            "loading",
            f"the provider `{lost[0]}` is installed but does not start here; "
            f"started: {', '.join(session.get_providers())}",
        )
    return session


def _providers(variant: ModelVariant, available: list[str]) -> list[str]:
    # The runtime's own default order would try accelerators that the variant says nothing of.
    wanted = list(variant.session.providers or (CPU,))
    for name in wanted:
        if name not in available:
            raise ActivationError(
                variant.name,
                "loading",
                f"the provider {shown(name)} is not in this onnxruntime; available: {', '.join(available)}",
            )
    return wanted


def _options(variant: ModelVariant, entries: tuple[tuple[str, str], ...], onnxruntime: Any) -> Any:
    wanted = variant.session
    options = onnxruntime.SessionOptions()
    # Errors are raised, and what else it would write to the host's stderr is the model's own text, as it is.
    options.log_severity_level = 4
    if wanted.intra_op_num_threads is not None:
        options.intra_op_num_threads = wanted.intra_op_num_threads
    if wanted.inter_op_num_threads is not None:
        options.inter_op_num_threads = wanted.inter_op_num_threads
    if wanted.graph_optimization_level is not None:
        options.graph_optimization_level = getattr(
            onnxruntime.GraphOptimizationLevel, _LEVELS[wanted.graph_optimization_level]
        )
    for key, value in entries:
        # It gives the runtime a copy of a model's bytes that ends with the load, whatever the variant asks.
        if not key.startswith(IN_PLACE):
            options.add_session_config_entry(key, value)
    return options
