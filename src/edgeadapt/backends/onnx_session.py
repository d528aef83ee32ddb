"""Opens ONNX Runtime's session for a variant, as its options say; every failure is an ActivationError.

The only module that imports onnxruntime, and only when a model is loaded.
"""

from __future__ import annotations

import os
import threading
from typing import Any

from edgeadapt.errors import ActivationError
from edgeadapt.registry.variant import ModelVariant
from edgeadapt.wording import in_words, shown

_LEVELS = {
    "disable": "ORT_DISABLE_ALL",
    "basic": "ORT_ENABLE_BASIC",
    "extended": "ORT_ENABLE_EXTENDED",
    "all": "ORT_ENABLE_ALL",
}
# Threads that spin between inferences cost five times the CPU at the same median latency.
_DEFAULT_ENTRIES = {"session.force_spinning_stop": "1"}
# Its own default order would try accelerators that the variant says nothing of.
_DEFAULT_PROVIDERS = ("CPUExecutionProvider",)


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


def open_session(variant: ModelVariant) -> Any:
    """Return an `onnxruntime.InferenceSession`; raises ActivationError in stage `checking` or `loading`."""
    _check_file(variant)
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
        options = _options(variant, onnxruntime)
        with _LOADING.lock:
            # Its fallback would print to the host's stdout, and serve by another provider than the variant names.
            session = onnxruntime.InferenceSession(
                variant.path, sess_options=options, providers=providers, enable_fallback=0
            )
    except Exception as error:
        raise ActivationError(
            variant.name, "loading", f"cannot load `{variant.path}`: {one_line(error)}"
        ) from error
    lost = [name for name in providers if name not in session.get_providers()]
    if lost:
        raise ActivationError(
            variant.name,
            "loading",
            f"the provider `{lost[0]}` is installed but does not start here; "
            f"started: {', '.join(session.get_providers())}",
        )
    return session


def one_line(error: BaseException) -> str:
    """Return an error's text as one line, or its type where it has none."""
    return in_words(error) or type(error).__name__


def _check_file(variant: ModelVariant) -> None:
    try:
        if not os.path.isfile(variant.path):
            raise ActivationError(
                variant.name, "checking", f"there is no model file at `{variant.path}`; check its `path`"
            )
        size = os.path.getsize(variant.path)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise ActivationError(variant.name, "checking", f"cannot read `{variant.path}`: {reason}") from error
    if size == 0:
        raise ActivationError(variant.name, "checking", f"`{variant.path}` is empty; restore the file")


def _providers(variant: ModelVariant, available: list[str]) -> list[str]:
    wanted = list(variant.session.providers or _DEFAULT_PROVIDERS)
    for name in wanted:
        if name not in available:
            raise ActivationError(
                variant.name,
                "loading",
                f"the provider {shown(name)} is not in this onnxruntime; available: {', '.join(available)}",
            )
    return wanted


def _options(variant: ModelVariant, onnxruntime: Any) -> Any:
    wanted = variant.session
    options = onnxruntime.SessionOptions()
    # Warnings about a model are its maker's concern; they would go to the host's stderr at every swap.
    options.log_severity_level = 3
    if wanted.intra_op_num_threads is not None:
        options.intra_op_num_threads = wanted.intra_op_num_threads
    if wanted.inter_op_num_threads is not None:
        options.inter_op_num_threads = wanted.inter_op_num_threads
    if wanted.graph_optimization_level is not None:
        options.graph_optimization_level = getattr(
            onnxruntime.GraphOptimizationLevel, _LEVELS[wanted.graph_optimization_level]
        )
    for key, value in {**_DEFAULT_ENTRIES, **dict(wanted.config_entries)}.items():
        options.add_session_config_entry(key, value)
    return options
