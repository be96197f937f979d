"""`region`: how much of the distance lies in a box, and whether the box is its cause."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from explorer.cli.asked import Asked, investigate
from explorer.cli.files import PATH, existing
from explorer.cli.group import bad, naming, note
from explorer.cli.options import box_option, method_options
from explorer.images import Picture

if TYPE_CHECKING:
    from explorer.analysis.region import Box, Findings
    from explorer.metrics import Method


@click.command(short_help="Ask which part of the distance a box holds, and causes.")
@click.argument("reference", type=PATH, callback=existing)
@click.argument("distorted", type=PATH, callback=existing)
@box_option("Without any, the hot spots are the boxes: the strongest places of the map, up to five.")
@method_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def region(reference: Path, distorted: Path, boxes: tuple[str, ...], as_json: bool, asked: Asked) -> None:
    """Ask which part of the distance between REFERENCE and DISTORTED a box holds, and whether it causes it.

    The map says how much lies in the box. Restoring the box to the reference's pixels, and distorting nothing
    but the box, say what it does: features see far beyond their own cell, so the answers differ.

    \b
    Examples:
      python -m explorer region photo.png copy.jpg
      python -m explorer region photo.png copy.jpg --box 100,80,90,120 --box 0,0,64,64 --json
    """
    pair, method, chosen = prepare(reference, distorted, boxes, asked)

    from explorer.analysis.region.findings import to_json  # these bring torch
    from explorer.analysis.region.text import region_text

    if not chosen and not method.has_maps:
        raise bad("--box", f"{method.heads} has no maps, and so no hot spots to ask about; name a box.")
    found = investigate(method, *pair, chosen or None)
    if not chosen:
        note(_about_spots(found))
    if as_json:
        names = (click.format_filename(path) for path in (reference, distorted))
        click.echo(to_json(replace(found, measurement=found.measurement.called(*names))), nl=False)
    else:
        click.echo(region_text(found))


def prepare(
    reference: Path, distorted: Path, boxes: Sequence[str], asked: Asked
) -> "tuple[tuple[Picture, Picture], Method, tuple[Box, ...]]":
    """Read both images and the boxes, cut to the image with a note; returns the pair, the method, the boxes.

    Raises:
        click.BadParameter: a flag that cannot be, named.
        ExplorerError: an image or weights that cannot be had.
    """
    from explorer.analysis.region import fitted, name_of, read_box
    from explorer.limits import MOST_BOXES

    if len(boxes) > MOST_BOXES:
        raise bad("--box", f"{len(boxes)} boxes were named, and {MOST_BOXES} are the most; leave some out.")
    with naming("--box"):
        wanted = [read_box(text) for text in boxes]
    pair = asked.matched(asked.read(reference), asked.read(distorted))
    with naming("--box"):
        cut = [fitted(box, pair[0].size, f"Box {name_of(place)}") for place, box in enumerate(wanted)]
    method = asked.method()
    for _, sentence in cut:
        if sentence:
            note(sentence)
    return pair, method, tuple(box for box, _ in cut)


def _about_spots(found: "Findings") -> str:
    if not found.regions:
        return "No --box was named, and where the distance is 0 there are no hot spots to ask about."
    names = f"boxes A to {found.regions[-1].name} are" if len(found.regions) > 1 else "box A is"
    spots = f"the {len(found.regions)} hot spots" if len(found.regions) > 1 else "the one hot spot"
    return f"No --box was named, so {names} {spots}, the highest peak of the map first."
