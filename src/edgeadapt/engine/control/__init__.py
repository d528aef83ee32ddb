"""The operator's way to an engine in another process: a Unix socket, what is said over it, and both of its ends."""

from edgeadapt.engine.control.control_socket import ControlSocket

__all__ = ["ControlSocket"]
