"""The Region question: which region drives the distance, and is it really the cause?

`ledger` gives the map's answer, which adds up; `causal` asks the metric again with pixels exchanged, which
does not add up but is the cause. `hotspots` finds places worth asking about, `channels` opens one layer, and
`masks` takes any set of pixels.
"""

from explorer.analysis.region.boxes import (
    Area,
    Box,
    Frame,
    Mask,
    as_box,
    coverage,
    fitted,
    frame_of,
    name_of,
    read_box,
)
from explorer.analysis.region.causal import (
    CausalMap,
    Check,
    causal_map,
    check,
    composed,
    restore_each,
    tiles,
)
from explorer.analysis.region.causal_task import causal_task
from explorer.analysis.region.channels import Channel, Channels, channels_of
from explorer.analysis.region.findings import Findings, Region, investigate, region_of, without_boxes
from explorer.analysis.region.hotspots import HotSpot, finest_map, hot_spots
from explorer.analysis.region.ledger import RegionLayer, RegionLedger, ledger_of
from explorer.analysis.region.masks import Masked, mask_of, masked, read_mask

__all__ = [
    "Area",
    "Box",
    "CausalMap",
    "Channel",
    "Channels",
    "Check",
    "Findings",
    "Frame",
    "HotSpot",
    "Mask",
    "Masked",
    "Region",
    "RegionLayer",
    "RegionLedger",
    "as_box",
    "causal_map",
    "causal_task",
    "channels_of",
    "check",
    "composed",
    "coverage",
    "finest_map",
    "fitted",
    "frame_of",
    "hot_spots",
    "investigate",
    "ledger_of",
    "mask_of",
    "masked",
    "name_of",
    "read_box",
    "read_mask",
    "region_of",
    "restore_each",
    "tiles",
    "without_boxes",
]
