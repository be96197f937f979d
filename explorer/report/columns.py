"""A figure of one pair measured in several ways: their maps, scores and shares beside each other."""

from collections.abc import Sequence

from explorer.analysis.comparison import sentence_of
from explorer.analysis.region import Box, Findings
from explorer.analysis.wording import COMPARABLE, three_numbers, with_size
from explorer.names import cut
from explorer.report.canvas import INK, MUTED, Block, beside, space, stack, text_block
from explorer.report.choice import Choice
from explorer.report.citation import citation
from explorer.report.layout import (
    BODY,
    GAP,
    INNER,
    MAIN,
    MARGIN,
    SMALL,
    TITLE,
    below_each_other,
    check_ending,
    cropped_words,
    foot,
    grid,
    painted,
    shares,
)
from explorer.report.panels import Panel, pair_and_maps, pixel_panels, share_panels

SCORE = 56  # size of type


def figure_of_columns(found: Sequence[Findings], ending: str = "png", choice: Choice | None = None) -> bytes:
    """Compose a figure as `figure` does, of several measurements of one pair.

    Each map is over its own score, so that networks can be compared, and all are on one scale.

    Args:
        found: At least one; all of the same two pictures.
        ending: A key of `FORMATS`.
        choice: Its parts, of `parts_of_columns`, and crop.

    Raises:
        SettingError: as `figure`.
    """
    check_ending(ending)
    chosen = (choice or Choice()).of_columns(found)
    names = " and ".join(cut(picture.name) for picture in (found[0].reference, found[0].distorted))
    return painted(_composed(found, chosen), f"{names}, measured in {len(found)} ways", ending)


def _composed(found: Sequence[Findings], choice: Choice) -> Block:
    first, panels = found[0], _panels(found, choice)
    view = choice.crop or Box(0, 0, *first.reference.size)
    lines = (COMPARABLE, *map(citation, found)) if "citation" in choice.parts else ()
    return below_each_other(
        [
            (44, _heading(found) if "numbers" in choice.parts else []),
            (44, cropped_words(first, choice.crop) if panels else []),
            (44, grid(panels, view, *MAIN)),
            (44, _bars(found) if "shares" in choice.parts else []),
            (20, foot(lines)),
        ]
    )


def _panels(found: Sequence[Findings], choice: Choice) -> list[Panel]:
    of_pair = pair_and_maps(found[0]) | pixel_panels(found[0])
    panels: list[Panel] = []
    for name in choice.parts:
        if name in ("overlay", "combined"):
            panels += share_panels(found, is_over=name == "overlay")
        elif name in of_pair:
            panels.append(of_pair[name])
    return panels


def _heading(found: Sequence[Findings]) -> list[Block]:
    """Every score, with PSNR and SSIM, and where each distance arises."""
    measurement = found[0].measurement
    tiles = [
        (with_size(each.measurement.name.label, each.measurement), each.measurement.score) for each in found
    ]
    width = (INNER - (len(tiles) - 1) * GAP) // len(tiles)
    lefts = [MARGIN + i * (width + GAP) for i in range(len(tiles))]
    labels = [
        text_block(label, left, width, SMALL, MUTED, bold=True)
        for left, (label, _) in zip(lefts, tiles, strict=True)
    ]
    scores = [
        text_block(f"{score:.4f}", left, width, SCORE, INK, bold=True)
        for left, (_, score) in zip(lefts, tiles, strict=True)
    ]
    _, *classic = three_numbers(measurement, "")
    others = " · ".join(f"{name} {value}" for name, value, _ in classic)
    said = sentence_of([(each.measurement.name.label, each.measurement) for each in found])
    return [
        beside(labels),
        beside(scores),
        space(6),
        text_block(
            f"{with_size(others, measurement)}; higher is closer. Scores: lower is closer, and those of "
            "different networks are not comparable.",
            MARGIN,
            INNER,
            SMALL,
            MUTED,
        ),
        space(12),
        text_block(said, MARGIN, INNER, BODY),
    ]


def _bars(found: Sequence[Findings]) -> list[Block]:
    """A bar of shares for each, in the hue of its network."""
    networks = list(dict.fromkeys(each.measurement.backbone for each in found))
    blocks = []
    for each in found:
        bar = shares(each, networks.index(each.measurement.backbone))
        if bar.height:
            title = text_block(each.measurement.name.label, MARGIN, INNER, TITLE, bold=True)
            blocks += [space(20), stack([title, space(8), bar])]
    return blocks[1:]
