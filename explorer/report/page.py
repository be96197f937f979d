"""The report: one HTML file with its pictures in it, to read on a screen, to print on A4, and to send."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from explorer import __version__
from explorer.analysis.inspection import sentence
from explorer.analysis.readings import Readings
from explorer.analysis.region import Findings, Region
from explorer.analysis.region.text import (
    INSERT,
    MAP_SHARE,
    NOT_A_CAUSE,
    NOT_ADDITIVE,
    PER_AREA,
    RESTORE,
    change,
    part,
    ratio,
    sentences,
)
from explorer.analysis.stability import Stability
from explorer.analysis.wording import COMPARABLE, note_on_size, percent, three_numbers
from explorer.backbones import HEADS, find_backbone
from explorer.backbones.loading import SEED
from explorer.figures import layer_colours, share_bar_text
from explorer.images import times
from explorer.metrics.provenance import layer_choice, resize_filter, versions
from explorer.names import cut
from explorer.render import overlay_bar, png, text
from explorer.report.citation import citation
from explorer.report.panels import SCALE, Mark, Panel, Scale, layer_panels, main_panels, place
from explorer.report.words import share

LARGEST = 1400  # pixels of a picture's longest side; a larger photograph is reduced
CRISP = 700  # pixels of a map's longest side at least, so that printers keep its cells crisp
SMALLEST = 360  # of a photograph's longest side
WIDE = 2.4  # from this width over height on pictures stand below each other
COLUMNS = 4  # of layers' maps on paper, at most
TICKS = (0.0, 0.5, 1.0)

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,  # names of files may hold anything
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class _Figure:
    """A panel as the template draws it.

    Attributes:
        panel: Its words.
        source: Its picture, a data address.
        width, height: Of that picture, in pixels.
        marks: (letter or number, its kind, CSS that places it).
        scale: Its colour bar.
    """

    panel: Panel
    source: str
    width: int
    height: int
    marks: tuple[tuple[str, str, str], ...]
    scale: "_ColourBar | None"


@dataclass(frozen=True)
class _ColourBar:
    """A colour bar as the template draws it: what it is, its numbers, and its picture, a data address."""

    name: str
    ticks: tuple[str, ...]
    ramp: str


def report_html(found: Findings, readings: Readings | None = None, stability: Stability | None = None) -> str:
    """One file that needs no other: everything that was found, with the settings and the citable line.

    Args:
        found: The pair's measurement, and what was asked about its regions.
        readings, stability: Of the same pair by the same method; left out where None.
    """
    measurement = found.measurement
    aspect = found.reference.width / found.reference.height
    layers = layer_panels(found)
    return _templates.get_template("report.html").render(
        title=measurement.name.label,
        names=[cut(picture.name) for picture in (found.reference, found.distorted)],
        sentence=sentence(found.comparison, measurement),
        numbers=three_numbers(measurement, measurement.name.metric),
        comparable=COMPARABLE,
        main=[_figure(panel, found) for panel in main_panels(found)],
        layers=[_figure(panel, found) for panel in layers],
        is_wide=aspect > WIDE,
        aspect=f"{aspect:.5f}",
        columns=math.ceil(len(layers) / max(1, math.ceil(len(layers) / COLUMNS))),
        reduced=_reduced(found),
        bar=list(_bar(found)),
        bar_text=share_bar_text(measurement.layers),
        ledger=_ledger(found),
        parts=tuple(measurement.layers[0].parts),
        regions=[_region(region) for region in found.regions],
        has_maps=bool(layers),
        meanings=_meanings(bool(layers)),
        caution=" ".join((NOT_A_CAUSE, NOT_ADDITIVE) if layers else (NOT_ADDITIVE,)),
        spots=_spots(found),
        meanings_of_score=list(_score_meanings(measurement.size, readings, stability)),
        causal=found.causal,
        causal_correlation=_correlation(found),
        settings=_settings(found),
        notes=[str(note) for note in measurement.notes],
        citation=citation(found),
        version=__version__,
    )


@dataclass(frozen=True)
class _Meaning:
    """What a score means, as the template draws it: a heading, a sentence, a table, and the table's words."""

    title: str
    sentence: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str


def _score_meanings(
    size: tuple[int, int], readings: Readings | None, stability: Stability | None
) -> Iterator[_Meaning]:
    if readings is not None:
        rows = tuple((each.label, each.strength, each.note) for each in readings.readings)
        at = note_on_size(readings.size, size, readings.score)
        columns = ("distortion of the reference", "as far as", "")
        yield _Meaning("As far as what?", readings.sentence, columns, rows, at)
    if stability is not None:
        rows = tuple((each.label, f"{each.score:.4f}") for each in stability.changed)
        at = note_on_size(stability.size, size, stability.score)
        columns = ("where both are", "the score is")
        yield _Meaning("How sure is it?", stability.sentence, columns, rows, at)


def _figure(panel: Panel, found: Findings) -> _Figure:
    longest = max(found.reference.size)
    wanted = min(max(longest, SMALLEST if panel.is_photo and not panel.scale else CRISP), LARGEST)
    width, height = (max(1, round(side * wanted / longest)) for side in found.reference.size)
    source = f"data:image/png;base64,{text(png(np.asarray(panel.draw((width, height)))))}"
    return _Figure(
        panel,
        source,
        width,
        height,
        tuple(map(_mark, panel.marks)),
        _bar_of(panel.scale) if panel.scale else None,
    )


def _mark(mark: Mark) -> tuple[str, str, str]:
    places = {"left": mark.left, "top": mark.top}
    if mark.is_box:
        places |= {"width": mark.width, "height": mark.height}
    style = ";".join(f"{side}:{100 * value:.3f}%" for side, value in places.items())
    return mark.text, "box" if mark.is_box else "spot", style


def _bar_of(scale: Scale) -> _ColourBar:
    """A scale with its colours as a picture, one pixel high: unlike a gradient it is always printed."""
    ramp = f"data:image/png;base64,{text(png(overlay_bar(SCALE, scale.overlay)[None]))}"
    return _ColourBar(scale.name, tuple(map(scale.text, TICKS)), ramp)


def _reduced(found: Findings) -> str:
    size = found.reference.size
    if max(size) <= LARGEST:
        return ""
    return (
        f"Pictures are reduced to {LARGEST} pixels on the longest side; they were given at {times(size)}. "
        "All numbers are of the measured size."
    )


def _bar(found: Findings) -> Iterator[tuple[str, str, str, str]]:
    """(layer, share in words, width, colour) of each layer that has a share."""
    colours = layer_colours(found.layer_names)
    for layer in found.measurement.layers:
        if layer.share >= 0:
            yield layer.name, share(layer.share), f"{100 * layer.share:.3f}%", colours[layer.name]


def _ledger(found: Findings) -> list[tuple[str, ...]]:
    """The table of layers, a row a layer."""
    return [
        (
            layer.name,
            str(layer.channels),
            times((layer.grid[1], layer.grid[0])),
            f"{layer.distance:.6f}",
            part(layer.share),
            *(f"{value:.6f}" for value in layer.parts.values()),
        )
        for layer in found.measurement.layers
    ]


def _region(region: Region) -> dict[str, Any]:
    """A box: its answers, and its ledger of layers."""
    check, held = region.check, region.held
    return {
        "name": region.name,
        "words": region.box.words,
        "sentences": sentences(region),
        "area": part(region.area_share),
        "share": part(held.share) if held else "no map",
        "restore": f"{check.restore:.4f}",
        "removed": change(check.removed) or "undefined",
        "insert": f"{check.insert:.4f}",
        "inserted": "undefined" if math.isnan(check.inserted) else f"{percent(check.inserted)} of the score",
        "layers": [
            (
                layer.name,
                f"{layer.distance:.6f}",
                part(layer.share),
                part(layer.own_share),
                ratio(layer.ratio),
            )
            for layer in (held.layers if held else ())
        ],
        "sum": held and (f"{held.distance:.6f}", part(held.share), "", ratio(held.ratio)),
    }


def _meanings(has_maps: bool) -> list[tuple[str, str]]:
    """What the columns of boxes say."""
    checks = [("Restore", RESTORE), ("Insert", INSERT)]
    return [("Map share", MAP_SHARE), *checks, ("Per area", PER_AREA)] if has_maps else checks


def _spots(found: Findings) -> list[tuple[str, ...]]:
    return [
        (str(i), place(spot), spot.box.words, part(spot.held.share), spot.strongest_layer)
        for i, spot in enumerate(found.spots, start=1)
    ]


def _correlation(found: Findings) -> str:
    if found.causal is None or math.isnan(found.causal.correlation):
        return ""
    return f"{found.causal.correlation:.2f}"


def _settings(found: Findings) -> list[tuple[str, str]]:
    """What was measured, and how."""
    measurement = found.measurement
    row, heads = find_backbone(measurement.backbone), HEADS[measurement.heads]
    layers = ", ".join(layer.name for layer in measurement.layers)
    is_random = measurement.weights == "random"
    weights = f"random, seed {SEED}: the untrained control" if is_random else f"trained on {row.trained_on}"
    return [
        *(
            (
                role,
                ", ".join(filter(None, (picture.name, f"{times(picture.size)} pixels", picture.format))),
            )
            for role, picture in (("Reference", found.reference), ("Distorted", found.distorted))
        ),
        ("Backbone", f"{row.label} ({row.name})"),
        ("Heads", f"{heads.label} ({heads.name}): {heads.summary}"),
        ("Weights", weights),
        ("Layers", layers if layer_choice(measurement, row) else f"{layers}: all of its own"),
        ("Device", measurement.device),
        ("Precision", measurement.precision),
        ("Given size", f"{times(found.reference.size)} pixels"),
        ("Measured size", f"{times(measurement.size)} pixels"),
        ("Resize filter", resize_filter(measurement)),
        ("Made with", ", ".join(f"{name} {number}" for name, number in versions().items())),
    ]
