"""A compiled policy at work: sessions that decide step by step, and the latch that keeps the host's inputs."""

from edgeadapt.runtime.evaluator import open_session
from edgeadapt.runtime.inputs import HostInput, InputLatch
from edgeadapt.runtime.session import Session

__all__ = ["HostInput", "InputLatch", "Session", "open_session"]
