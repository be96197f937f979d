"""Chapters 1 to 4 on paper: two versions, a network's layers, one cell, and the ledger."""

from dataclasses import replace

import numpy as np

from explorer.analysis.cell import STRONGEST, by_hand, cell_at, usual_place
from explorer.analysis.strongest import StrongChannel, strongest
from explorer.backbones import receptive_fields
from explorer.images import times
from explorer.lessons.closer import closer, people
from explorer.lessons.depth import layer_as_deep
from explorer.lessons.ledger import ledger_of
from explorer.metrics import compare
from explorer.report.handout.sheet import Boxes, Number, Sheet, Shot, Table, map_shot, number, photo
from explorer.report.handout.subject import Subject

MOST_LAYERS = 5  # of which channels are shown: an A4 page holds no more
CHANNELS = 2  # of each
LAYER = "conv2"  # of the cell, where a lesson names none


def of_closer(subject: Subject) -> Sheet:
    """Two versions, how often metrics side with people, and upside down what three of them say of each."""
    name = subject.own("closer_pair")
    found = closer(subject.reference, subject.method, **({"name": name} if name else {}))
    shots = [photo("Reference", subject.reference)]
    shots += [photo(side, picture) for side, picture in zip("AB", found.pictures, strict=True)]
    rows = [
        (line.metric, *map(Number, line.shown, line.values), line.prefers or "neither")
        for line in found.lines
    ]
    # Who reads the page chooses before: what the metrics say is not to be read by the way.
    metrics = Table(("what the metrics choose", "A", "B", "closer"), tuple(rows), is_turned=True)
    choice = Table(("", "closer"), (("Your choice", Boxes(tuple("AB"))),))
    sided = [(line.who, Number(f"{line.share:.1%}", line.share)) for line in people()]
    votes = Table(("", "sides with people"), tuple(sided), "On the paper’s data set of judgments (2AFC).")
    answer = "; ".join(
        f"{side} is {picture.name}" for side, picture in zip("AB", found.pictures, strict=True)
    )
    return Sheet(
        (tuple(shots),), (choice, votes, metrics), (), ((found.versions.label, f"{answer}. {found.said()}"),)
    )


def of_features(subject: Subject) -> Sheet:
    """Each layer: its grid, what a cell sees, and its strongest channel on this picture."""
    seen = strongest(subject.reference, subject.method, CHANNELS)
    layers = seen.layers[:: -(-len(seen.layers) // MOST_LAYERS)]
    shots, first = [], photo("Reference", seen.picture)
    for place in range(min(CHANNELS, *(len(layer.strongest) for layer in layers))):
        channels = ((layer.name, layer.strongest[place]) for layer in layers)
        shots.append((None if place else first, *(_channel_shot(*each) for each in channels)))
    rows = [
        (
            layer.name,
            times((layer.grid[1], layer.grid[0])),
            Number(f"{layer.channels}", layer.channels),
            layer.field.words,
        )
        for layer in seen.layers
    ]
    note = (
        "Above: each layer’s strongest channels on this picture by their numbers, each on a scale of its own."
    )
    return Sheet(tuple(shots), (Table(("layer", "grid", "channels", "a cell sees"), tuple(rows), note),))


def of_cell(subject: Subject) -> Sheet:
    """One cell of a map, term by term: its strongest channels, the rest, and their sum."""
    method = subject.method
    if not method.has_maps:
        return Sheet(said=(f"{method.label} compares whole layers, and so it has no cells.",))
    found = compare(subject.reference, subject.distorted, method).measurement(method.heads, method.layers)
    name = layer_as_deep(subject.own("cell_layer") or LAYER, method.layers)
    layer = next((each for each in found.layers if each.name == name), found.layers[0])
    place = _place(subject, layer.grid) or usual_place(layer.map, receptive_fields(method.row)[layer.name])
    cell = by_hand(subject.reference, subject.distorted, method, layer.name, place)
    end = float(layer.map.max()) or 1.0
    grid = f"{layer.name}, {times((layer.grid[1], layer.grid[0]))} cells"
    shots = (
        photo("Reference", subject.reference, f"The cell sees {cell.field}.", cell.window),
        photo("Distorted", subject.distorted, subject.distorted.name, cell.window),
        map_shot(grid, layer.map, end, f"0 to {end:.3f}; marked: {cell.value:.3f}", place),
    )
    rows = [
        (
            f"{term.channel}",
            number(term.y, 2),
            number(term.y0, 2),
            number(term.unit, 3),
            number(term.unit0, 3),
            number(term.squared),
            number(term.weight, 3),
            number(term.product),
        )
        for term in cell.strongest()
    ]
    rest = cell.rest()
    rows.append((f"{rest.channels} more", "", "", "", "", number(rest.squared), "", number(rest.product)))
    columns = ("channel", "y", "y₀", "ŷ", "ŷ₀", "(ŷ − ŷ₀)²", "w²", "product")
    total = ("sum", "", "", "", "", "", "", number(cell.value))
    note = (
        f"y over its length {cell.length:.2f} is ŷ, and y₀ over {cell.length0:.2f} is ŷ₀. The {STRONGEST} "
        "channels with the largest products come first."
    )
    return Sheet((shots,), (Table(columns, tuple(rows), note, total),))


def of_ledger(subject: Subject) -> Sheet:
    """Each layer's map, its mean, and the sum."""
    method = subject.method
    if not method.has_maps:
        return Sheet(said=(f"{method.label} compares whole layers, and so it has no maps.",))
    whole = replace(method, layers=None)
    off = [name for name in whole.layers if name not in method.layers]
    found = ledger_of(compare(subject.reference, subject.distorted, whole), method.heads, off)
    shots = [photo("Reference", subject.reference), photo("Distorted", subject.distorted)]
    shots += [map_shot(each.name, each.map, found.maximum) for each in found.entries[:MOST_LAYERS]]
    rows = [
        (
            each.name,
            Number(f"{each.cells:,}", each.cells),
            number(each.distance),
            Number(f"{each.share:.1%}", each.share) if each.name not in off else "left out",
            number(each.after),
        )
        for each in found.entries
    ]
    note = f"Maps on one scale from 0 to {found.maximum:.2f}; {found.clipped:.1%} of the cells are above it."
    table = Table(("layer", "cells", "mean", "share", "sum so far"), tuple(rows), note)
    return Sheet((tuple(shots),), (table,), (found.sentence,))


def _channel_shot(layer: str, channel: StrongChannel) -> Shot:
    values = np.abs(channel.values)
    return map_shot(f"{layer} · {channel.channel}", values, float(values.max()) or 1.0)


def _place(subject: Subject, grid: tuple[int, int]) -> tuple[int, int] | None:
    """The cell (row, column) that the link names; None where it names none."""
    try:
        x, y = (float(subject.own(name)) for name in ("cell_x", "cell_y"))
    except ValueError:
        return None
    return cell_at(grid, x, y) if 0 <= x <= 1 and 0 <= y <= 1 else None
