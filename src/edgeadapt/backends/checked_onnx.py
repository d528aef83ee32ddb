"""An ONNX backend that loads the very file that was checked, tried before in a process of its own where that is asked."""

from __future__ import annotations

from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.backends.preflight import Preflight
from edgeadapt.backends.rehearsal import Rehearsal
from edgeadapt.registry.integrity import OpenedFile
from edgeadapt.registry.variant import ModelVariant


class CheckedONNXBackend(ONNXBackend):
    """One variant's ONNX file, opened and checked before."""

    def __init__(
        self,
        variant: ModelVariant,
        file: OpenedFile,
        *,
        standby: bool = False,
        load_timeout_s: float = 60.0,
        rehearsal: Rehearsal | None = None,
    ) -> None:
        super().__init__(variant, standby=standby, file=file)
        self._opened = file
        self._preflight: Preflight | None = None
        if variant.preflight is not None:
            self._preflight = Preflight(variant, file, load_timeout_s, standby=standby, rehearsal=rehearsal)

    def load(self) -> None:
        """Open the model; raises ActivationError, also where its file was written to meanwhile."""
        if self.is_loaded:
            return
        try:
            if self._preflight is not None:
                self._preflight.run()
            super().load()
            self._opened.confirm("loading")
        except BaseException:
            super().unload()
            raise
        finally:
            self._opened.close()

    def cancel_load(self) -> None:
        """End a preflight, and ask a load in progress to end."""
        if self._preflight is not None:
            self._preflight.cancel()
        super().cancel_load()

    def unload(self) -> None:
        """Let go of the session, and of the file where it was never loaded."""
        self._opened.close()
        super().unload()
