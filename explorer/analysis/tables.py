"""Measurements as text: aligned columns for a terminal."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from explorer.analysis.summary import Summary
from explorer.analysis.wording import COMPARABLE, decibels, three_numbers
from explorer.names import harmless

if TYPE_CHECKING:  # importing it would load torch, which listings do not need
    from explorer.analysis.folders import Outcome
    from explorer.metrics import Measurement
    from explorer.notes import Note


def ledger(measurement: "Measurement") -> str:
    """One measurement as text: how it was measured, its three numbers, its layers."""
    width, height = measurement.size
    numbers = three_numbers(measurement, "score")
    parts = tuple(measurement.layers[0].parts)  # of DISTS: structure and texture
    layers = [("layer", "channels", "grid", "distance", "share", *parts)]
    layers += [
        (
            layer.name,
            str(layer.channels),
            f"{layer.grid[1]} × {layer.grid[0]}",  # width × height, as all sizes are shown
            f"{layer.distance:.6f}",
            "undefined" if math.isnan(layer.share) else f"{layer.share:.1%}",
            *(f"{layer.parts[part]:.6f}" for part in parts),
        )
        for layer in measurement.layers
    ]
    return "\n\n".join(
        (
            f"{_how(measurement)}, at {width} × {height} pixels",
            table(numbers, "<><"),
            table(layers, "<>>>>" + ">" * len(parts)),
            _converted(measurement.notes),
            COMPARABLE,
        )
    )


def ranking(results: Sequence[tuple[str, "Measurement"]]) -> str:
    """Several measurements as text, a row a file, in the order given."""
    rows = [("score", "PSNR", "SSIM", "measured at", "distorted")]
    notes: dict[str, None] = {}  # an ordered set: all results share the reference's notes
    for name, measurement in results:
        rows.append((*_numbers(measurement), name))
        for note in measurement.notes:
            notes[f"{name}: {note.text}" if note.role == "distorted" else str(note)] = None
    how = _how(results[0][1])
    layers = ", ".join(layer.name for layer in results[0][1].layers)
    return "\n\n".join((f"{how}, {layers}; closest first", table(rows, ">>>><"), _converted(tuple(notes))))


def pair_table(outcomes: "Sequence[Outcome]") -> str:
    """The pairs of two folders as text, in the order given; no ranks, because their references differ."""
    rows = [("score", "PSNR", "SSIM", "measured at", "reference", "distorted")]
    measured = [outcome.measurement for outcome in outcomes if outcome.measurement]
    for outcome in outcomes:
        numbers = _numbers(outcome.measurement) if outcome.measurement else ("failed", "", "", "")
        rows.append((*numbers, str(outcome.pair.reference), str(outcome.pair.distorted)))
    if not measured:
        return table(rows, ">>>><<")
    notes = Counter(str(note) for measurement in measured for note in measurement.notes)
    counted = [f"{note} ({count} of {len(measured)} pairs)" for note, count in notes.items()]
    layers = ", ".join(layer.name for layer in measured[0].layers)
    how = f"{_how(measured[0])}, {layers}"
    return "\n\n".join((how, table(rows, ">>>><<"), _converted(counted), COMPARABLE))


def summary_table(summary: Summary) -> str:
    """Many pairs together as text: mean and median, the layers' means, and the worst pairs."""
    texts = {"score": "{:.4f}".format, "psnr": decibels, "ssim": "{:.4f}".format}
    numbers = [(f"{summary.pairs} pairs", "mean", "median")]
    numbers += [
        (name if name == "score" else name.upper(), texts[name](mean), texts[name](summary.medians[name]))
        for name, mean in summary.means.items()
    ]
    score = summary.means["score"]
    layers = [("layer", "mean", "share")]
    layers += [
        (name, f"{mean:.6f}", f"{mean / score:.1%}" if score else "undefined")
        for name, mean in summary.layers.items()
    ]
    worst = [("worst", "distorted"), *((f"{pair.numbers['score']:.4f}", pair.name) for pair in summary.worst)]
    return "\n\n".join((table(numbers, "<>>"), table(layers, "<>>"), table(worst, "><")))


def _numbers(measurement: "Measurement") -> tuple[str, str, str, str]:
    width, height = measurement.size
    scores = (value for _, value, _ in three_numbers(measurement, "score"))
    return *scores, f"{width} × {height}"


def _how(measurement: "Measurement") -> str:
    return f"{measurement.name.label}, on {measurement.device}"


def _converted(notes: "Sequence[Note | str]") -> str:
    return "\n".join(f"converted  {harmless(str(note))}" for note in notes) or "converted  nothing"


def table(rows: Sequence[Sequence[str]], alignment: str) -> str:
    """Rows of cells as aligned columns, each made harmless; `alignment` is a "<" or ">" a column."""
    rows = [[harmless(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            f"{cell:{side}{width}}" for cell, side, width in zip(row, alignment, widths, strict=True)
        ).rstrip()
        for row in rows
    )
