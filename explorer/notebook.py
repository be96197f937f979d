"""A measurement as a notebook shows it: its name and numbers, the ledger, and each layer's map."""

import html
import math

import numpy as np

from explorer.analysis.inspection import combined_end, combined_of, layers_end
from explorer.analysis.wording import COMPARABLE, percent, three_numbers
from explorer.images import times
from explorer.metrics import Measurement
from explorer.render import colourise, png, shrunk, text

SIDE = 64  # CSS pixels of a map's longer side, and cells at most
SCALE = "magma"
CELL = 'style="text-align:right;padding:0 .6em"'


def measurement_html(measurement: Measurement) -> str:
    """An HTML fragment that needs no other file; the layers' maps share a scale from 0, and the
    combined map has its own.
    """
    numbers = " · ".join(
        f"{name} <b>{value}</b> ({closer})"
        for name, value, closer in three_numbers(measurement, measurement.name.metric)
    )
    where = f"{times(measurement.size)} pixels, on {measurement.device}"
    remarks = [*map(str, measurement.notes), COMPARABLE]
    return (
        f"<div><p><b>{html.escape(measurement.name.label)}</b>, {html.escape(where)}<br>{numbers}</p>"
        f"{_ledger(measurement)}<p><small>{'<br>'.join(map(html.escape, remarks))}</small></p></div>"
    )


def _ledger(measurement: Measurement) -> str:
    """The table of layers; its last row is the sum."""
    combined = combined_of(measurement)
    end, own_end = layers_end(measurement.layers), combined_end(combined)
    parts = tuple(measurement.layers[0].parts)  # of DISTS: structure and texture
    titles = ("layer", "channels", "grid", *parts, "distance", "share")
    rows = [
        _row(
            layer.name,
            (
                str(layer.channels),
                times((layer.grid[1], layer.grid[0])),
                *(f"{layer.parts[part]:.6f}" for part in parts),
                f"{layer.distance:.6f}",
                "undefined" if math.isnan(layer.share) else percent(layer.share),
            ),
            _picture(f"Map of {layer.name}", layer.map, measurement.size, end),
        )
        for layer in measurement.layers
    ]
    score = ("", "", *("" for _ in parts), f"{measurement.score:.6f}", "")
    rows.append(_row("score", score, _picture("Map of all layers", combined, measurement.size, own_end)))
    head = "".join(f"<th {CELL}>{title}</th>" for title in titles)
    scale = "" if combined is None else f"<th>map, from 0 to {end:.3g}; of all from 0 to {own_end:.3g}</th>"
    return f"<table><thead><tr>{head}{scale}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _row(name: str, cells: tuple[str, ...], picture: str) -> str:
    numbers = "".join(f"<td {CELL}>{html.escape(cell)}</td>" for cell in cells)
    shown = f"<td>{picture}</td>" if picture else ""
    return f"<tr><th {CELL}>{html.escape(name)}</th>{numbers}{shown}</tr>"


def _picture(what: str, values: np.ndarray | None, size: tuple[int, int], end: float) -> str:
    """A map in native cells, as large as the picture's shape asks; "" where there is none."""
    if values is None:
        return ""
    width, height = (max(1, round(SIDE * side / max(size))) for side in size)
    source = text(png(colourise(shrunk(values, SIDE), SCALE, end)))
    return (
        f'<img alt="{html.escape(what)}: mean {values.mean(dtype=np.float64):.4g}" width="{width}" '
        f'height="{height}" style="image-rendering:pixelated" src="data:image/png;base64,{source}">'
    )
