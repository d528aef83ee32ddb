"""Opens a native session for a variant, as its options say: ONNX Runtime's C API, loaded without the GIL."""

from __future__ import annotations

from edgeadapt import _core
from edgeadapt.backends.onnx_errors import LoadCancelledError, NoNativeError, load_failed
from edgeadapt.backends.onnx_file import ModelSource, open_from
from edgeadapt.backends.onnx_options import CPU, config_entries
from edgeadapt.backends.onnx_support import support
from edgeadapt.errors import ActivationError
from edgeadapt.registry.integrity import OpenedFile
from edgeadapt.registry.variant import ModelVariant

_LEVELS = {"disable": 0, "basic": 1, "extended": 2, "all": 99}


class UsePython(Exception):  # noqa: N818 - no failure: what to do instead
    """A native session can't serve this variant here; the text says why."""


def open_native(
    variant: ModelVariant, file: OpenedFile | None, cancellation: _core.LoadCancellation, *, standby: bool
) -> _core.OnnxSession:
    """Return a session; raises UsePython, and ActivationError in stage `checking` or `loading`."""
    others = [name for name in variant.session.providers if name != CPU]
    if others:
        raise UsePython(f"the provider `{others[0]}` is beyond the table of native functions")
    found = support()
    if found.path is None or found.reason:
        raise UsePython(found.reason)
    library = found.path
    return open_from(
        variant, file, lambda source: _open(library, variant, source, cancellation, standby=standby)
    )


def _open(
    library: str,
    variant: ModelVariant,
    source: ModelSource,
    cancellation: _core.LoadCancellation,
    *,
    standby: bool,
) -> _core.OnnxSession:
    wanted = variant.session
    level = wanted.graph_optimization_level
    try:
        return _core.OnnxSession(
            library,
            variant.name,
            source.model,
            intra_op_threads=wanted.intra_op_num_threads,
            inter_op_threads=wanted.inter_op_num_threads,
            graph_level=None if level is None else _LEVELS[level],
            config_entries=[*config_entries(variant, standby=standby), *source.entries],
            cancellation=cancellation,
        )
    except LoadCancelledError as error:
        raise ActivationError(variant.name, "loading", str(error)) from None
    except NoNativeError as error:
        raise UsePython(str(error)) from error
    except Exception as error:
        raise load_failed(variant, error, source.model) from error
