"""Is an image large enough for a backbone? Judged here, for all who ask."""

from collections.abc import Sequence

from explorer.backbones.catalogue import BACKBONES
from explorer.backbones.graph import graph_of
from explorer.backbones.heads import HEADS
from explorer.backbones.row import Backbone

LARGER_IMAGE = "use a larger image"
LARGER_SIZE = "measure at a larger size"


def too_small(
    row: Backbone,
    size: tuple[int, int],
    layers: Sequence[str] = (),
    *,
    name: str = "The pair",
    mend: str = LARGER_IMAGE,
) -> str:
    """Why an image of (width, height) cannot be measured, in a sentence; "" where it can.

    Args:
        layers: Those in the sum: one that has no cells at this size is a reason as well.
        name: What is measured, as the sentence begins.
        mend: What helps.
    """
    if min(size) < row.smallest_side:
        # One without maps would be refused in the next breath wherever there are some, or a gradient.
        able = [
            other.label
            for other in BACKBONES.values()
            if other.smallest_side <= min(size) and any(HEADS[name].has_maps for name in other.head_names)
        ]
        others = f", or one of these backbones, which could: {'; '.join(able)}" if able else ""
        return (
            f"{name} measures {size[0]} × {size[1]} pixels, but {row.label} needs at least "
            f"{row.smallest_side} on the short side; {mend}{others}."
        )
    grids = graph_of(row).grids(size) if layers else {}
    for layer in layers:
        if 0 in grids.get(layer, (0, 0)):
            return (
                f"{name} measures {size[0]} × {size[1]} pixels, at which {row.label}'s layer {layer} has no "
                f"cells; {mend}, or leave that layer out."
            )
    return ""
