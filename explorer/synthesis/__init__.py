"""Pictures made by a metric's gradient: what a metric ignores, what turns its verdict, what a layer keeps.

    from explorer import synthesis

    made = synthesis.duel("photo.png", hold="psnr", at=24.0, moved="lpips", size=256)
    made.frames("raised")[-1].picture       # 24 dB from the photograph, and as far as LPIPS can be driven

A `Process` is what is optimised; it holds no state: a `Point` goes in, the next one comes out, and `run` goes
on from any of them. What is told of a made picture is always measured on its 8-bit pixels, by the exact path.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer.synthesis.questions import directions, duel, invert, turn_verdict

__all__ = [
    "directions",
    "duel",
    "invert",
    "turn_verdict",
]


def __getattr__(name: str) -> Any:
    """Import the questions on first use (PEP 562): they bring torch, and what builds on single files."""
    if name in __all__:
        return globals().setdefault(name, getattr(import_module("explorer.synthesis.questions"), name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
