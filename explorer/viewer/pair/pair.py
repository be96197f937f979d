"""The component that shows one measured pair."""

from explorer.viewer.common.component import Viewer, register
from explorer.viewer.pair.display import Display
from explorer.viewer.pair.payload import describe, encode_arrays

# With a RegionDisplay the user can draw boxes on the pictures.
viewer = Viewer(
    register(
        "lpips_viewer",
        "pair",
        (
            "sources",
            "scene",
            "panels",
            "boxes",
            "spots",
            "boxdrawing",
            "boxpointer",
            "boxtool",
            "field",
            "readout",
            "strip",
            "arrange",
            "toolbar",
            "divider",
            "controls",
            "compose",
        ),
    ),
    Display,
    describe,
    encode_arrays,
)
