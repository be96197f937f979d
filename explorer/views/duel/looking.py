"""How what was made is shown, whatever was asked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """How it is shown.

    Attributes:
        colours: Of the maps: "magma" or "cividis".
        steps: How many are asked for in all.
        is_running: Whether more is made; then only the last frames are sent.
    """

    colours: str
    steps: int
    is_running: bool
