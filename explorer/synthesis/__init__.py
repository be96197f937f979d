"""Pictures made by a metric's gradient: what a metric ignores, what turns its verdict, what a layer keeps.

    from explorer import synthesis

    made = synthesis.invert("photo.png", "conv3", size=256)
    made.frames("conv3")[-1].picture        # what conv3 takes for the photograph

A `Process` is what is optimised; it holds no state: a `Point` goes in, the next one comes out, and `run` goes
on from any of them. What is told of a made picture is always measured on its 8-bit pixels, by the exact path.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer.synthesis.questions import invert

__all__ = [
    "invert",
]


def __getattr__(name: str) -> Any:
    """Import the questions on first use (PEP 562): they bring torch, and what builds on single files."""
    if name in __all__:
        return globals().setdefault(name, getattr(import_module("explorer.synthesis.questions"), name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
