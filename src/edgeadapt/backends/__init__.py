"""Inference runtimes behind one interface; each is imported only when a variant needs it."""

from edgeadapt.backends.base import BackendCapability, InferenceBackend
from edgeadapt.backends.default import default_loader

__all__ = ["BackendCapability", "InferenceBackend", "default_loader"]
