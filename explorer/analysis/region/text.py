"""Regions as text: for each box what the map says beside what exchanging its pixels does, in words."""

import math

from explorer.analysis.region.findings import SUM, Findings, Region
from explorer.analysis.tables import ledger, table
from explorer.analysis.wording import percent

NOT_A_CAUSE = "A learned map is not a cause: features see far beyond their own cell."
NOT_ADDITIVE = (
    "Restore and insert measure the pair again with the box's pixels exchanged. They do not add up over "
    "boxes: a feature that sees two boxes answers to both at once."
)
MAP_SHARE = "the part of the map that lies in the box"
RESTORE = "the score that remains once the box shows the reference's pixels"
INSERT = "the score of the reference with nothing but the box distorted"
PER_AREA = (
    "the share of the score over the share of the area; in the sum, above × 1 the box holds more than its "
    "area's worth"
)


def region_text(found: Findings) -> str:
    """All that was found, as aligned columns for a terminal."""
    parts = [ledger(found.measurement), *map(_box, found.regions)]
    if found.regions:
        has_maps = all(region.held for region in found.regions)
        parts.append(f"{NOT_A_CAUSE} {NOT_ADDITIVE}" if has_maps else NOT_ADDITIVE)
    return "\n\n".join(parts)


def sentences(region: Region) -> str:
    """What the numbers of a box say, in one or two sentences."""
    box = f"Box {region.name}"
    held = (
        region.held.sentence(box)
        if region.held
        else f"{box} covers {percent(region.area_share)} of the image. The metric has no map to share out."
    )
    return " ".join(filter(None, (held, region.check.sentence(f"box {region.name}"))))


def change(removed: float) -> str:
    """What restoring does to the score, such as "59% lower"; "" where the score is 0."""
    if math.isnan(removed):
        return ""
    return f"{percent(abs(removed))} {'lower' if removed >= 0 else 'higher'}"


def part(share: float) -> str:
    """A share as a table has it, NaN in words."""
    return "undefined" if math.isnan(share) else f"{share:.1%}"


def _box(region: Region) -> str:
    check, held = region.check, region.held
    removed = change(check.removed)
    inserted = "" if math.isnan(check.inserted) else f"{percent(check.inserted)} of the pair's"
    answers = [
        ("map share", part(held.share) if held else "no map", MAP_SHARE),
        ("restore", f"{check.restore:.4f}", f"{RESTORE}{removed and f': {removed}'}"),
        ("insert", f"{check.insert:.4f}", f"{INSERT}{inserted and f': {inserted}'}"),
    ]
    blocks = [f"Box {region.name}: {region.box.words}", sentences(region), table(answers, "<><")]
    if held:
        rows = [("layer", "distance", "share", "of its layer", "per area")]
        rows += [
            (
                layer.name,
                f"{layer.distance:.6f}",
                part(layer.share),
                part(layer.own_share),
                ratio(layer.ratio),
            )
            for layer in held.layers
        ]
        rows.append((SUM, f"{held.distance:.6f}", part(held.share), "", ratio(held.ratio)))
        blocks.append(table(rows, "<>>>>"))
    return "\n".join(blocks)


def ratio(value: float) -> str:
    """Share of the score over share of the area, as a table has it."""
    return "undefined" if math.isnan(value) else f"× {value:.2f}"
