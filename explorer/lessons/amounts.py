"""How strong a step is on one picture: lengths in its pixels, as chapter 5 tells them."""

import re

from explorer.distortions import Step

_OF_SIDE = re.compile(r"([\d.e+-]+)% of side")


def amount_on(step: Step, side: int) -> str:
    """A step's values as people read them: "σ 3.2 px", "quality 17".

    Args:
        side: The picture's shorter side in pixels.
    """
    return _OF_SIDE.sub(lambda found: _pixels(float(found[1]) * side / 100), step.label)


def _pixels(length: float) -> str:
    return f"{length:.0f} px" if length >= 10 else f"{length:.2g} px"
