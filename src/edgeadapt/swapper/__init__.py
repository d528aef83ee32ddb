"""The facade over the native swapper: one variant serves while another is loaded in the background."""

from edgeadapt.swapper.event import SwapEvent
from edgeadapt.swapper.request import SwapRequest
from edgeadapt.swapper.swapper import HotSwapper

__all__ = ["HotSwapper", "SwapEvent", "SwapRequest"]
