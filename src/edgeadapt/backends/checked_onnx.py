"""An ONNX backend that loads the very file that was checked, and none that was written to meanwhile."""

from __future__ import annotations

from edgeadapt.backends.onnx_backend import ONNXBackend
from edgeadapt.registry.integrity import OpenedFile
from edgeadapt.registry.variant import ModelVariant


class CheckedONNXBackend(ONNXBackend):
    """One variant's ONNX file, opened and checked before."""

    def __init__(
        self, variant: ModelVariant, file: OpenedFile, *, standby: bool = False, load_timeout_s: float = 60.0
    ) -> None:
        super().__init__(variant)
        self._file = file
        self._standby = standby
        self._load_timeout_s = load_timeout_s

    def load(self) -> None:
        """Open the model; raises ActivationError, also where its file was written to meanwhile."""
        if self.is_loaded:
            return
        try:
            super().load()
            self._file.confirm("loading")
        except BaseException:
            super().unload()
            raise
        finally:
            self._file.close()

    def unload(self) -> None:
        """Let go of the session, and of the file where it was never loaded."""
        self._file.close()
        super().unload()
